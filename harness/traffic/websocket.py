"""WebSocket messages out of the bytes that a client wrote after its upgrade (RFC 6455, RFC 7692).

Input: the client's bytes in any pieces. Output: `Message`s, each a whole text or binary message,
unmasked and, where the sender compressed it, inflated. Control frames are left out. Refuses
(StreamError) what are no client frames.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from .exchange import Kind
from .message import Message, StreamError, Write

_CONTROL = 0x8
_OPCODES = frozenset({0x0, 0x1, 0x2, 0x8, 0x9, 0xA})
_END_OF_MESSAGE = b"\x00\x00\xff\xff"  # RFC 7692 section 7.2.2


@dataclass(frozen=True, slots=True)
class _Frame:
    final: bool
    compressed: bool
    opcode: int
    payload: bytes


class WebSocket:
    """Parser of one connection. `upgrade` is the request that asked for it."""

    def __init__(self, upgrade: Message) -> None:
        self._upgrade = upgrade
        self._buffer = bytearray()
        self._message: Message | None = None
        self._compressed = False
        # One window for all messages is right whether or not the sender starts afresh each time.
        self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)

    def feed(self, data: bytes, origin: Write) -> list[Message]:
        """Raises StreamError when these bytes are no WebSocket frames."""
        self._buffer += data
        began = []
        while (frame := self._frame()) is not None:
            message = self._take(frame, origin)
            if message is not None:
                began.append(message)
        return began

    def _frame(self) -> _Frame | None:
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        opcode, length, at = buffer[0] & 0x0F, buffer[1] & 0x7F, 2
        # Clients mask every frame; without that these are no client frames.
        if opcode not in _OPCODES or buffer[0] & 0x30 or not buffer[1] & 0x80:
            raise StreamError("no WebSocket frame", bytes(buffer))
        if length >= 126:
            wide = 2 if length == 126 else 8
            length, at = int.from_bytes(buffer[at : at + wide]), at + wide
        end = at + 4 + length
        if len(buffer) < end:
            return None
        payload = _unmasked(bytes(buffer[at + 4 : end]), bytes(buffer[at : at + 4]))
        frame = _Frame(bool(buffer[0] & 0x80), bool(buffer[0] & 0x40), opcode, payload)
        del buffer[:end]
        return frame

    def _take(self, frame: _Frame, origin: Write) -> Message | None:
        if frame.opcode >= _CONTROL:
            return None
        began = None
        if self._message is None:
            self._compressed = frame.compressed
            self._message = began = Message(
                origin,
                Kind.WEBSOCKET,
                target=self._upgrade.target,
                authority=self._upgrade.authority,
            )
        self._add(self._message, frame)
        if frame.final:
            self._message.complete = True
            self._message = None
        return began

    def _add(self, message: Message, frame: _Frame) -> None:
        if not self._compressed:
            message.add(frame.payload)
            return
        try:
            data = frame.payload + (_END_OF_MESSAGE if frame.final else b"")
            message.add(self._inflate.decompress(data))
        except zlib.error as error:
            message.add(frame.payload)
            message.unread = f"compressed and not decodable: {error}"


def _unmasked(payload: bytes, mask: bytes) -> bytes:
    size = len(payload)
    pad = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(payload) ^ int.from_bytes(pad)).to_bytes(size)
