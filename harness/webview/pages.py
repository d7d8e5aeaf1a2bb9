"""DevTools' network events as exchanges. Pure.

Input: events of pages and workers as the protocol's domains `Network` and `Fetch` send them, bodies
that were asked for. Output: exchanges of layer `webview`; what must be asked for, so that a body is
known. A redirect ends one exchange and begins another. What a page sends while it is left is told
by `Fetch` alone; whatever both tell, in either order, is one exchange, and so is what two sessions
tell of one service worker. Frames of the script that caused a request, the
innermost first, stand where a Java stack stands otherwise. Refuses nothing: an event that lacks
what it should have is passed over and counted.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from harness.traffic.exchange import Body, Exchange, Header, Kind, Layer, Request, Response, Stack

SENT_SCHEMES = ("http", "https", "ws", "wss")
"""Everything else (`data:`, `blob:`, `file:`, `about:`) stays in the app."""

DEFAULT_PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}
MISSING_BODY = "the page's DevTools did not hand over the body"

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A request whose body must be asked for, at once: after a navigation it is gone."""

    session: str
    request: str


@dataclass
class PageLog:
    """All exchanges of the pages of one app so far.

    Attributes:
        name: part of the exchanges' ids.
        odd: how many events lacked what they should have.
    """

    name: str = ""
    odd: int = 0
    _known: dict[str, Exchange] = field(default_factory=dict)
    _current: dict[tuple[str, str], str] = field(default_factory=dict)
    _early: dict[tuple[str, str], str] = field(default_factory=dict)
    _told: dict[tuple[object, ...], tuple[str, str]] = field(default_factory=dict)
    _named: set[tuple[str, str]] = field(default_factory=set)
    _sent_headers: dict[tuple[str, str], tuple[Header, ...]] = field(default_factory=dict)
    _sockets: dict[tuple[str, str], tuple[str, Stack]] = field(default_factory=dict)
    _count: int = 0
    _ahead_s: float = 0.0

    def exchanges(self) -> tuple[Exchange, ...]:
        """In the order in which they began."""
        return tuple(self._known.values())

    def take(self, session: str, method: str, params: Fields) -> Wanted | None:
        """One event; a body that must be asked for, if there is one."""
        handle = _EVENTS.get(method)
        try:
            return handle(self, session, params) if handle is not None else None
        except (KeyError, TypeError, ValueError, AttributeError):
            self.odd += 1
            return None

    def body(self, wanted: Wanted, data: bytes) -> None:
        """The body of a request that was asked for."""
        name = self._current.get((wanted.session, wanted.request))
        if name is not None:
            known = self._known[name]
            self._known[name] = replace(known, request=replace(known.request, body=Body.of(data)))

    def _sent(self, session: str, params: Fields) -> Wanted | None:
        key, sent = (session, params["requestId"]), params["request"]
        self._set_clock(params)
        redirected = params.get("redirectResponse")
        if redirected is not None:
            self._answered(key, redirected)
        body, complete = _body(sent)
        told = (key[1], sent["url"], sent["method"], body.data)
        teller, name = self._told.get(told, (session, ""))
        if teller != session:  # a service worker, of which the browser and its page tell
            self._is_now(key, name)
            return None
        named = (key[1], sent["url"])
        self._named.add(named)
        name = self._early.pop(named, "")
        if name and not complete and self._known[name].request.body.data:
            body, complete = self._known[name].request.body, True
        headers = self._sent_headers.pop(key, None) or _headers(sent.get("headers", {}))
        request = Request(sent["method"], _without_fragment(sent["url"]), headers, body)
        stack = _stack(params.get("initiator", {}))
        name = self._add(request, float(params["wallTime"]), stack, name)
        self._told[told] = (session, name)
        self._is_now(key, name)
        return None if complete or not name else Wanted(*key)

    def _is_now(self, key: tuple[str, str], name: str) -> None:
        """What else is told of this request belongs to that exchange; to none if it stays here."""
        if name:
            self._current[key] = name
        else:
            self._current.pop(key, None)

    def _paused(self, session: str, params: Fields) -> None:
        """A request at the browser's own door, each hop of a redirect; one of a page that is being
        left has no name in the network events, or none of them comes."""
        sent = params["request"]
        named = (params.get("networkId") or params["requestId"], sent["url"])
        if named in self._named or named in self._early:
            return
        headers = _headers(sent.get("headers", {}))
        request = Request(sent["method"], _without_fragment(sent["url"]), headers, _body(sent)[0])
        self._early[named] = self._add(request, params["heard_s"], Stack())

    def _add(self, request: Request, started_s: float, stack: Stack, name: str = "") -> str:
        """Note it under its name or a new one; the name, none where it stays in the app."""
        address = urlsplit(request.url)
        if address.scheme not in SENT_SCHEMES:
            return ""
        if not name:
            self._count += 1
            name = f"web:{self.name}:{self._count}"
        self._known[name] = Exchange(
            id=name,
            kind=Kind.HTTP,
            seen_by=(Layer.WEBVIEW,),
            host=(address.hostname or "").lower(),
            port=address.port or DEFAULT_PORTS[address.scheme],
            started_s=started_s,
            request=request,
            stack=stack,
        )
        return name

    def _set_clock(self, params: Fields) -> None:
        """Frames of WebSockets are dated by the browser's own clock only."""
        self._ahead_s = float(params["wallTime"]) - float(params["timestamp"])

    def _handshake(self, session: str, params: Fields) -> None:
        self._set_clock(params)

    def _extra(self, session: str, params: Fields) -> None:
        """The headers as they went out, cookies among them; may come before the request."""
        key = (session, params["requestId"])
        headers = _headers(params["headers"])
        name = self._current.get(key)
        if name is None:
            self._sent_headers[key] = headers
            return
        known = self._known[name]
        self._known[name] = replace(known, request=replace(known.request, headers=headers))

    def _received(self, session: str, params: Fields) -> None:
        self._answered((session, params["requestId"]), params["response"])

    def _answered(self, key: tuple[str, str], response: Fields) -> None:
        name = self._current.get(key)
        if name is None:
            return
        version = str(response.get("protocol", ""))
        made = Response(response["status"], _headers(response["headers"]), http_version=version)
        self._known[name] = replace(self._known[name], response=made)

    def _socket(self, session: str, params: Fields) -> None:
        stack = _stack(params.get("initiator", {}))
        self._sockets[(session, params["requestId"])] = (params["url"], stack)

    def _frame(self, session: str, params: Fields) -> None:
        url, stack = self._sockets[(session, params["requestId"])]
        frame = params["response"]
        text = frame["payloadData"]
        data = text.encode("utf-8", "surrogatepass") if frame["opcode"] == 1 else _bytes(text)
        address = urlsplit(url)
        self._count += 1
        name = f"web:{self.name}:{self._count}"
        self._known[name] = Exchange(
            id=name,
            kind=Kind.WEBSOCKET,
            seen_by=(Layer.WEBVIEW,),
            host=(address.hostname or "").lower(),
            port=address.port or DEFAULT_PORTS[address.scheme],
            started_s=float(params["timestamp"]) + self._ahead_s,
            request=Request("", url, (), Body.of(data)),
            stack=stack,
        )


_EVENTS = {
    "Fetch.requestPaused": PageLog._paused,
    "Network.requestWillBeSent": PageLog._sent,
    "Network.requestWillBeSentExtraInfo": PageLog._extra,
    "Network.responseReceived": PageLog._received,
    "Network.webSocketCreated": PageLog._socket,
    "Network.webSocketWillSendHandshakeRequest": PageLog._handshake,
    "Network.webSocketFrameSent": PageLog._frame,
}


def _body(sent: Fields) -> tuple[Body, bool]:
    """The body as far as the event holds it, and whether that is all of it."""
    entries = sent.get("postDataEntries", ())
    parts = [_bytes(each["bytes"]) for each in entries if "bytes" in each]
    if entries and len(parts) == len(entries):
        return Body.of(b"".join(parts)), True
    if not sent.get("hasPostData"):
        return Body.of(b""), True
    return Body(b"", 0, MISSING_BODY), False


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error


def _headers(fields: Fields) -> tuple[Header, ...]:
    """Without HTTP/2's `:path` and the like, which say the URL again."""
    return tuple((name, str(value)) for name, value in fields.items() if not name.startswith(":"))


def _without_fragment(url: str) -> str:
    return url.partition("#")[0]


def _stack(initiator: Fields) -> Stack:
    frames: list[str] = []
    stack = initiator.get("stack")
    while stack:
        for call in stack.get("callFrames", ()):
            place = f"{call['url']}:{call['lineNumber'] + 1}:{call['columnNumber'] + 1}"
            frames.append(f"{call['functionName'] or '(anonymous)'} ({place})")
        stack = stack.get("parent")
    if not frames and initiator.get("url"):
        frames.append(f"(markup) ({initiator['url']}:{initiator.get('lineNumber', 0) + 1:g})")
    return Stack(tuple(frames))
