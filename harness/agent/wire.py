"""The agent's messages as typed values; twin of hooks/src/contract.ts.

Input: a message as Frida delivers it (a decoded JSON value) and its binary part. Output: a value of
`messages`. Anything that is not exactly as agreed is refused with the place and what was there
(WireError), never guessed at. `tests/corpus/wire/` holds messages both sides are tested on.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from harness.traffic.exchange import Layer, Stack

from .events import (
    AnswerPart,
    BodyPart,
    BytesSeen,
    CarrierSeen,
    CipherSeen,
    DatagramSeen,
    FlowSeen,
    HandoverSeen,
    HookEvent,
    LookupSeen,
    RequestSeen,
    ResponseSeen,
)
from .fields import CONTRACT_VERSION, Fields, WireError, unexpected
from .messages import Batch, Fault, Ready

__all__ = ["CONTRACT_VERSION", "Decoder", "WireError"]


_LOADER = re.compile(r"^(?:[^/(\s]*/)+")


class Decoder:
    """Decodes the messages of one agent; remembers the stack texts that it sent once."""

    def __init__(self) -> None:
        self._stacks: dict[int, tuple[str, ...]] = {}

    def message(self, payload: object, data: bytes | None) -> Batch | Ready | Fault:
        """One message. Raises WireError."""
        fields = Fields(payload, "message")
        kind = fields.one_of("type", "batch", "ready", "fault")
        fields.version()
        if kind == "ready":
            return Ready(fields.runtime(), fields.whole("pid"), fields.hooks())
        if kind == "fault":
            return Fault(fields.text("where"), fields.text("what"))
        return self._batch(fields, data or b"")

    def _batch(self, fields: Fields, data: bytes) -> Batch:
        for index, item in enumerate(fields.items("stacks")):
            if not (
                isinstance(item, list)
                and len(item) == 2
                and isinstance(item[0], int)
                and isinstance(item[1], str)
            ):
                raise unexpected(f"message.stacks[{index}]", item, "a number and a text")
            self._stacks[item[0]] = frames(item[1])
        events = []
        for index, item in enumerate(fields.items("events")):
            event = Fields(item, f"message.events[{index}]")
            kind = event.one_of("k", *_EVENTS)
            events.append(_EVENTS[kind](self, event, data))
        return Batch(tuple(events))

    def stack(self, fields: Fields, target: str = "") -> Stack:
        """The stack of an event of the hook `target`, whose own frame is left out."""
        texts = []
        for ref in fields.items("stack"):
            if not isinstance(ref, int) or ref not in self._stacks:
                raise unexpected(f"{fields.place}.stack", ref, "the number of a stack sent before")
            texts.append(self._stacks[ref])
        if not texts:
            return Stack()
        own = without_hook(texts[0], target)
        origins = tuple(without_hook(text, "") for text in texts[1:])
        return Stack(own, origins)


def frames(text: str) -> tuple[str, ...]:
    """Lines of a stack as frames, without the names of loaders and modules that the JVM prints."""
    return tuple(_LOADER.sub("", line) for line in text.splitlines() if line)


def without_hook(stack: tuple[str, ...], target: str) -> tuple[str, ...]:
    """Leave out the hooked method on top: a hook's name, not a caller of anything."""
    if not stack:
        return stack
    name, _, file = stack[0].partition("(")
    hooked = target.partition("(")[0] == name or file == "Native Method)"
    return stack[1:] if hooked else stack


def _slice(fields: Fields, data: bytes) -> bytes:
    start, length = fields.whole("at"), fields.whole("len")
    if start < 0 or length < 0 or start + length > len(data):
        raise unexpected(f"{fields.place}.at", [start, length], f"within {len(data)} bytes")
    return data[start : start + length]


def _head(fields: Fields) -> tuple[int, float, int]:
    return fields.whole("n"), fields.number("t"), fields.whole("thread")


def _request(decoder: Decoder, f: Fields, _data: bytes) -> HookEvent:
    return RequestSeen(
        *_head(f),
        target=f.text("target"),
        request=f.whole("ex"),
        method=f.text("method"),
        url=f.text("url"),
        headers=f.headers(),
        has_body=f.flag("body"),
        stack=decoder.stack(f, f.text("target")),
    )


def _body(_decoder: Decoder, f: Fields, data: bytes) -> HookEvent:
    return BodyPart(
        *_head(f),
        request=f.whole("ex"),
        data=_slice(f, data),
        size_bytes=f.whole("size"),
        unread=f.text("unread"),
    )


def _answer(_decoder: Decoder, f: Fields, data: bytes) -> HookEvent:
    return AnswerPart(
        *_head(f),
        request=f.whole("ex"),
        data=_slice(f, data),
        size_bytes=f.whole("size"),
        unread=f.text("unread"),
    )


def _response(_decoder: Decoder, f: Fields, _data: bytes) -> HookEvent:
    return ResponseSeen(
        *_head(f),
        request=f.whole("ex"),
        status=f.whole("status"),
        headers=f.headers(),
        version=f.text("version"),
        error=f.text("error"),
    )


def _bytes(decoder: Decoder, f: Fields, data: bytes) -> HookEvent:
    return BytesSeen(
        *_head(f),
        layer=Layer(f.one_of("layer", "tls", "socket")),
        target=f.text("target"),
        conn=f.whole("conn"),
        host=f.text("host"),
        port=f.whole("port"),
        request=f.whole("ex"),
        data=_slice(f, data),
        size_bytes=f.whole("size"),
        unread=f.text("unread"),
        stack=decoder.stack(f, f.text("target")),
    )


def _cipher(decoder: Decoder, f: Fields, data: bytes) -> HookEvent:
    return CipherSeen(
        *_head(f),
        conn=f.whole("conn"),
        host=f.text("host"),
        port=f.whole("port"),
        data=_slice(f, data),
        stack=decoder.stack(f),
    )


def _carrier(_decoder: Decoder, f: Fields, _data: bytes) -> HookEvent:
    return CarrierSeen(
        *_head(f),
        conn=f.whole("conn"),
        tls=f.whole("tls"),
        host=f.text("host"),
        port=f.whole("port"),
    )


def _datagram(decoder: Decoder, f: Fields, data: bytes) -> HookEvent:
    return DatagramSeen(
        *_head(f),
        target=f.text("target"),
        host=f.text("host"),
        port=f.whole("port"),
        data=_slice(f, data),
        size_bytes=f.whole("size"),
        stack=decoder.stack(f, f.text("target")),
    )


def _handover(decoder: Decoder, f: Fields, data: bytes) -> HookEvent:
    return HandoverSeen(
        *_head(f),
        layer=Layer(f.one_of("layer", "sdk-api", "ipc")),
        target=f.text("target"),
        package=f.text("package"),
        host=f.text("host"),
        parcel=f.flag("parcel"),
        data=_slice(f, data),
        size_bytes=f.whole("size"),
        unread=f.text("unread"),
        stack=decoder.stack(f, f.text("target")),
    )


def _flow(_decoder: Decoder, f: Fields, data: bytes) -> HookEvent:
    both, split = _slice(f, data), f.whole("split")
    if not 0 <= split <= len(both):
        raise unexpected(f"{f.place}.split", split, f"within {len(both)} bytes")
    return FlowSeen(
        *_head(f),
        target=f.text("target"),
        how=f.text("how"),
        given=both[:split],
        result=both[split:],
    )


def _lookup(decoder: Decoder, f: Fields, _data: bytes) -> HookEvent:
    target = f.text("target")
    stack = decoder.stack(f, target)
    return LookupSeen(*_head(f), target=target, host=f.text("host"), stack=stack)


_EVENTS: dict[str, Callable[[Decoder, Fields, bytes], HookEvent]] = {
    "request": _request,
    "body": _body,
    "response": _response,
    "answer": _answer,
    "bytes": _bytes,
    "cipher": _cipher,
    "carrier": _carrier,
    "datagram": _datagram,
    "lookup": _lookup,
    "handover": _handover,
    "flow": _flow,
}
