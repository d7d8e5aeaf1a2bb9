"""Values to the bytes and texts that the store keeps, and back.

Input: values of the harness. Output: JSON in ASCII (a NUL or a lone surrogate from an app survives
there, and in no database's text), zstd around what is large. Exchanges are packed without their
bodies and their stack, which the store keeps once per content. Raises what fits a wrong shape
(`KeyError`, `ValueError`, `TypeError`); the reader says which row it was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

import zstandard

from harness.attribution.recipient import Party, Recipient
from harness.baseline.model import Flow, StoredExchange
from harness.detection.sighting import Identifier, Scan, Sighting, Unread
from harness.findings.acceptance import Acceptance
from harness.findings.coverage import Coverage
from harness.findings.expectations import Allow, Control, FileWaiver, LeakCheck, Waiver
from harness.findings.facts import ItemFacts
from harness.findings.finding import FindingKind, Stage
from harness.traffic.exchange import Body, Exchange, Kind, Layer, Request, Response, Stack

_LEVEL = 3
_compressor = zstandard.ZstdCompressor(level=_LEVEL)
_decompressor = zstandard.ZstdDecompressor()


def to_text(value: Any) -> str:
    """JSON, compact, in ASCII, with sorted keys."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"), sort_keys=True)


def squeezed(data: bytes) -> bytes:
    return _compressor.compress(data)


def unsqueezed(data: bytes) -> bytes:
    """Raises ValueError when it is damaged."""
    try:
        return _decompressor.decompress(data)
    except zstandard.ZstdError as error:
        raise ValueError(f"damaged content: {error}") from error


def to_blob(value: Any) -> bytes:
    return squeezed(to_text(value).encode("ascii"))


def of_blob(data: bytes) -> Any:
    return json.loads(unsqueezed(data))


def plain_text(text: str) -> str:
    """A text that any database takes: for look-ups, not for reading back."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\0")


# ---- recipients and flows -----------------------------------------------------------------


def recipient_text(recipient: Recipient) -> str:
    return to_text(asdict(recipient))


def recipient_of(text: str) -> Recipient:
    fields = json.loads(text)
    return Recipient(
        **(fields | {"party": Party(fields["party"]), "basis": tuple(fields["basis"])})
    )


def flow_text(flow: Flow) -> str:
    fields = asdict(flow)
    del fields["recipient"]
    return to_text(fields)


def flow_of(text: str, recipient: Recipient) -> Flow:
    fields = json.loads(text)
    return Flow(
        recipient,
        Stage(fields["stage"]),
        FindingKind(fields["kind"]),
        fields["data"],
        fields["encoding"],
        tuple(fields["beside"]),
        fields["allowed_by"],
        fields["count"],
    )


# ---- exchanges ----------------------------------------------------------------------------


def exchange_blob(stored: StoredExchange) -> bytes:
    """All but bodies, stack and recipient."""
    exchange, scan = stored.exchange, stored.scan
    request, response = exchange.request, exchange.response
    fields: dict[str, Any] = {
        "id": exchange.id,
        "kind": exchange.kind,
        "seen_by": exchange.seen_by,
        "host": exchange.host,
        "port": exchange.port,
        "started_s": exchange.started_s,
        "method": request.method,
        "url": request.url,
        "request": _message(request),
        "response": response and {"status": response.status, **_message(response)},
        "process": exchange.process,
        "package": exchange.package,
    }
    if exchange.source or exchange.index != -1:
        fields["source"] = [exchange.source, exchange.index]
    if scan.sightings or scan.identifiers or scan.unread:
        fields["scan"] = asdict(scan)
    if stored.proxied_by or stored.proxied_id:
        fields["proxied"] = [stored.proxied_by, stored.proxied_id, stored.proxied_why]
    return to_blob(fields)


def exchange_of(
    blob: bytes,
    *,
    recipient: Recipient,
    bodies: tuple[bytes, bytes],
    stack: bytes | None,
    whole: bool,
) -> StoredExchange:
    """`bodies`: of the request and of the response."""
    fields = of_blob(blob)
    source, index = fields.get("source", ("", -1))
    response = fields["response"]
    exchange = Exchange(
        id=fields["id"],
        kind=Kind(fields["kind"]),
        seen_by=tuple(map(Layer, fields["seen_by"])),
        host=fields["host"],
        port=fields["port"],
        started_s=fields["started_s"],
        request=Request(
            fields["method"], fields["url"], **_message_of(fields["request"], bodies[0])
        ),
        response=response and Response(response["status"], **_message_of(response, bodies[1])),
        stack=stack_of(stack) if stack is not None else Stack(),
        process=fields["process"],
        package=fields["package"],
        index=index,
        source=source,
    )
    scan = scan_of(fields["scan"]) if "scan" in fields else Scan()
    by, sdk_id, why = fields.get("proxied", ("", "", ""))
    return StoredExchange(exchange, scan, recipient, by, sdk_id, why, whole)


def stack_bytes(stack: Stack) -> bytes:
    return to_text([stack.frames, stack.origins]).encode("ascii")


def stack_of(data: bytes) -> Stack:
    frames, origins = json.loads(data)
    return Stack(tuple(frames), tuple(tuple(each) for each in origins))


def scan_of(fields: Mapping[str, Any]) -> Scan:
    return Scan(
        tuple(
            Sighting(
                **(
                    each
                    | {
                        "decoding": tuple(each["decoding"]),
                        "range": (each["range"][0], each["range"][1]),
                    }
                )
            )
            for each in fields["sightings"]
        ),
        tuple(Identifier(**each) for each in fields["identifiers"]),
        tuple(Unread(**each) for each in fields["unread"]),
    )


def _message(message: Request | Response) -> dict[str, Any]:
    body = message.body
    return {
        "headers": message.headers,
        "http_version": message.http_version,
        "size_bytes": body.size_bytes,
        "unread": body.unread,
    }


def _message_of(fields: Mapping[str, Any], data: bytes) -> dict[str, Any]:
    return {
        "headers": tuple((name, value) for name, value in fields["headers"]),
        "http_version": fields["http_version"],
        "body": Body(data, fields["size_bytes"], fields["unread"]),
    }


# ---- facts --------------------------------------------------------------------------------


def facts_json(facts: ItemFacts) -> dict[str, Any]:
    """All but the exchanges and the coverage, which the store keeps elsewhere."""
    return {
        "item": facts.item,
        "term": facts.term,
        "package": facts.package,
        "started_s": facts.started_s,
        "typed_s": facts.typed_s,
        "ended_s": facts.ended_s,
        "check": check_json(facts.check),
        "other_terms": facts.other_terms,
        "consent": facts.consent,
        "typing_confirmed": facts.typing_confirmed,
        "typing_detail": facts.typing_detail,
        "failed_steps": facts.failed_steps,
        "crashed": facts.crashed,
        "asserted_leaks": facts.asserted_leaks,
    }


def facts_of(fields: Mapping[str, Any], coverage: Coverage) -> ItemFacts:
    """Without the exchanges."""
    lists = ("other_terms", "failed_steps", "asserted_leaks")
    changed: dict[str, Any] = {name: tuple(fields[name]) for name in lists}
    changed["check"] = check_of(fields["check"])
    return ItemFacts(**{**fields, **changed}, coverage=coverage)


def check_json(check: LeakCheck) -> dict[str, Any]:
    return {
        "allow": [{"host": each.host, "sdk": each.sdk} for each in check.allow],
        "control": {"hosts": check.control.hosts, "off": check.control.off},
        "settle_s": check.settle_s,
        "min_prefix": check.min_prefix,
        "flush": check.flush,
        "blind": [
            {"host" if isinstance(each, Waiver) else "file": _of_waiver(each)}
            | {"why": each.why, "until": each.until.isoformat(), "owner": each.owner}
            for each in check.blind
        ],
        "differential": check.differential,
        "accepted": [asdict(each) | {"until": each.until.isoformat()} for each in check.accepted],
    }


def check_of(fields: Mapping[str, Any]) -> LeakCheck:
    control = fields["control"]
    return LeakCheck(
        allow=tuple(Allow(each["host"], each["sdk"]) for each in fields["allow"]),
        control=Control(tuple(control["hosts"]), control["off"]),
        settle_s=fields["settle_s"],
        min_prefix=fields["min_prefix"],
        flush=fields["flush"],
        blind=tuple(map(_waiver_of, fields["blind"])),
        differential=fields["differential"],
        accepted=tuple(map(_acceptance_of, fields.get("accepted", ()))),
    )


def _acceptance_of(fields: Mapping[str, Any]) -> Acceptance:
    lists = {name: tuple(fields[name]) for name in ("data", "encodings", "beside")}
    typed = {"stage": Stage(fields["stage"]), "kind": FindingKind(fields["kind"])}
    until = date.fromisoformat(fields["until"])
    return Acceptance(**{**fields, **lists, **typed, "until": until})


def _of_waiver(waiver: Waiver | FileWaiver) -> str:
    return waiver.host if isinstance(waiver, Waiver) else waiver.file


def _waiver_of(fields: Mapping[str, str]) -> Waiver | FileWaiver:
    accepted = fields["why"], date.fromisoformat(fields["until"]), fields.get("owner", "")
    if "file" in fields:
        return FileWaiver(fields["file"], *accepted)
    return Waiver(fields["host"], *accepted)
