"""What a HAR entry of ours says beyond the standard, in `_leak`: written here and read here.

Input: an exchange. Output: a JSON value; or, from an entry as the standard has it and that value,
the exchange again: who saw it, from which code it came, what of its bodies is missing. An entry
from which redaction took something is restored as unread, so that nobody takes it for clean. The
standard (HAR 1.2, section "Custom fields") leaves names that begin with `_` to applications.

Anybody can write a note, so it only ever adds detail or doubt: whom the entry went to and by which
way is for its URL to say. Refuses a note that is damaged or says otherwise (ValueError).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import isfinite
from typing import Any

from harness.findings.carriers import HANDED_LAYERS, is_handed
from harness.traffic.exchange import Body, Exchange, Kind, Layer, Response, Stack

NOTE = "_leak"

HTTP_KINDS = frozenset({Kind.HTTP, Kind.WEBSOCKET})
KINDS = {
    "http": HTTP_KINDS,
    "https": HTTP_KINDS,
    "ws": HTTP_KINDS,
    "wss": HTTP_KINDS,
    "tcp": frozenset({Kind.STREAM}),
    "tls": frozenset({Kind.STREAM, Kind.DATAGRAM}),
    "udp": frozenset({Kind.DATAGRAM}),
    "dns": frozenset({Kind.DATAGRAM}),
    **{layer.value: frozenset({Kind.HANDOVER}) for layer in HANDED_LAYERS},
}
"""What the scheme of a URL allows an entry to be."""
ELSEWHERE = frozenset(Kind) - {Kind.HANDOVER}
"""And every other scheme, or none."""

REDACTED = "parts were taken out when it was stored"

Json = Mapping[str, Any]


def note_of(exchange: Exchange, *, whole: bool) -> dict[str, Any]:
    """The note of an exchange; `whole`: nothing was taken out of its request."""
    response, stack = exchange.response, exchange.stack
    return {
        "id": exchange.id,
        "kind": exchange.kind.value,
        "seen_by": [layer.value for layer in exchange.seen_by],
        "started_s": exchange.started_s,
        "host": exchange.host,
        "port": exchange.port,
        "process": exchange.process,
        "package": exchange.package,
        "stack": {"frames": stack.frames, "origins": stack.origins},
        "redacted": not whole,
        "request": _body_note(exchange.request.body),
        "response": _body_note(response.body) if response is not None else None,
    }


def _body_note(body: Body) -> dict[str, Any]:
    return {"size_bytes": body.size_bytes, "unread": body.unread}


def noted(exchange: Exchange, note: Any) -> tuple[Exchange, str]:
    """The exchange with its note; or as it was read by the standard alone, and why."""
    if note is None:
        return exchange, ""
    try:
        return restored(exchange, note), ""
    except ValueError as error:
        return exchange, str(error)


def restored(exchange: Exchange, note: Any) -> Exchange:
    """What `note_of` was told, out of the entry's own fields and its note.

    Raises:
        ValueError: the note is damaged, none of ours, or contradicts the entry's URL.
    """
    try:
        again = _restored(exchange, note)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        seen = f"{type(error).__name__}: {error}"
        raise ValueError(f"its `{NOTE}` is none that leak-harness writes ({seen})") from error
    wrong = _contradiction(exchange, again)
    if wrong:
        raise ValueError(f"its `{NOTE}` says {wrong}, which its url contradicts")
    return again


def _contradiction(read: Exchange, again: Exchange) -> str:
    """What the note says against the URL of its entry; empty where they agree."""
    scheme, _, rest = read.request.url.partition(":")
    if again.kind not in KINDS.get(scheme.lower(), ELSEWHERE):
        return f"kind {again.kind.value!r}"
    if again.kind is not Kind.HANDOVER:
        if is_handed(again):
            return "that it did not leave the device"
        return "" if _name(again.host) == _name(read.host) else f"host {again.host!r}"
    if again.package:
        return "" if again.package == rest else f"package {again.package!r}"
    return "" if _name(again.host) in ("", _name(rest)) else f"host {again.host!r}"


def _name(host: str) -> str:
    return host.lower().rstrip(".")


def _restored(exchange: Exchange, note: Json) -> Exchange:
    request, response = exchange.request, exchange.response
    body = _body(request.body, note["request"])
    if note["redacted"] and not body.unread:
        body = replace(body, unread=REDACTED)
    if note["response"] is None:
        response = None if response in (None, Response(0)) else response
    elif response is not None:
        response = replace(response, body=_body(response.body, note["response"]))
    stack, started_s = note["stack"], float(note["started_s"])
    if not isfinite(started_s):
        raise ValueError(f"a time was expected, this is {started_s}")
    return replace(
        exchange,
        kind=Kind(note["kind"]),
        seen_by=tuple(map(Layer, note["seen_by"])),
        started_s=started_s,
        host=_text(note["host"]),
        port=int(note["port"]),
        process=_text(note["process"]),
        package=_text(note["package"]),
        stack=Stack(_texts(stack["frames"]), tuple(map(_texts, stack["origins"]))),
        request=replace(request, body=body),
        response=response,
    )


def _body(body: Body, note: Json) -> Body:
    """What a reader found wrong stands, with fewer words where the note knows why."""
    size_bytes = max(body.size_bytes, int(note["size_bytes"]))
    return Body(body.data, size_bytes, _text(note["unread"]) or body.unread)


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(f"a list was expected, this is {type(value).__name__}")
    return tuple(map(_text, value))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"a text was expected, this is {type(value).__name__}")
    return value
