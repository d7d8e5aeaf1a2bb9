"""HTTP/2 requests out of the bytes that a client wrote to one connection (RFC 9113, RFC 7541).

Input: the client's bytes in any pieces, from the connection preface on. Output: `Message`s per
stream. Header compression needs every header block since the connection began: after a block that
cannot be decoded, the later ones of this connection are unread. A connection that was older than
the hooks (no preface) gives its bodies, and its headers as unread. Refuses (StreamError) what is
not made of frames.
"""

from __future__ import annotations

from hpack import Decoder, HPACKError
from hyperframe.exceptions import HyperframeError
from hyperframe.frame import (
    ContinuationFrame,
    DataFrame,
    Frame,
    HeadersFrame,
    RstStreamFrame,
)

from .exchange import Header, Kind
from .message import Message, StreamError, Write, readable

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_FRAME_HEAD_BYTES = 9
_MAX_FRAME_BYTES = 1 << 24
_KNOWN_TYPES = 10  # RFC 9113 section 6: DATA (0) to CONTINUATION (9)
# The server may allow a larger table than the default; its settings are not seen here.
_MAX_TABLE_BYTES = 1 << 20
_LATE = "the connection is older than the hooks: its header compression cannot be followed"


def looks_like_frames(data: bytes) -> bool:
    """Whether `data` is a row of whole HTTP/2 frames, without a preface."""
    at = 0
    while at + _FRAME_HEAD_BYTES <= len(data):
        length = int.from_bytes(data[at : at + 3])
        stream = int.from_bytes(data[at + 5 : at + 9])
        if data[at + 3] >= _KNOWN_TYPES or stream >> 31 or length > 1 << 20:
            return False
        at += _FRAME_HEAD_BYTES + length
    return at == len(data) and at > 0


class Http2:
    """Parser of one connection. `feed` returns the messages that began in these bytes."""

    def __init__(self, *, late: bool = False) -> None:
        self._buffer = bytearray()
        self._preface_due = not late
        self._hpack: Decoder | None = None
        self._lost = _LATE if late else ""
        if not late:
            self._hpack = Decoder(max_header_list_size=1 << 20)
            self._hpack.max_allowed_table_size = _MAX_TABLE_BYTES
        self._streams: dict[int, Message] = {}
        self._block = b""
        self._block_frame: HeadersFrame | None = None

    def feed(self, data: bytes, origin: Write) -> list[Message]:
        """Raises StreamError when these bytes are no HTTP/2."""
        self._buffer += data
        if self._preface_due:
            if len(self._buffer) < len(PREFACE):
                return []
            del self._buffer[: len(PREFACE)]
            self._preface_due = False
        began = []
        at = 0
        while (taken := self._frame_at(at)) is not None:
            frame, at = taken
            message = self._frame(frame, origin)
            if message is not None:
                began.append(message)
        del self._buffer[:at]
        return began

    def _frame_at(self, at: int) -> tuple[Frame, int] | None:
        body_at = at + _FRAME_HEAD_BYTES
        if len(self._buffer) < body_at:
            return None
        try:
            frame, length = Frame.parse_frame_header(memoryview(bytes(self._buffer[at:body_at])))
            if len(self._buffer) < body_at + length:
                return None
            frame.parse_body(memoryview(bytes(self._buffer[body_at : body_at + length])))
        except (HyperframeError, ValueError) as error:
            raise StreamError(f"no HTTP/2 frame: {error}", bytes(self._buffer[at:])) from error
        return frame, body_at + length

    def _frame(self, frame: Frame, origin: Write) -> Message | None:
        if isinstance(frame, HeadersFrame):
            self._block_frame = frame
            self._block = frame.data
        elif isinstance(frame, ContinuationFrame):
            self._block += frame.data
        elif isinstance(frame, DataFrame):
            return self._data(frame, origin)
        elif isinstance(frame, RstStreamFrame):
            self._reset(frame.stream_id)
            return None
        else:
            return None
        if "END_HEADERS" in frame.flags:
            return self._headers(origin)
        return None

    def _headers(self, origin: Write) -> Message | None:
        frame, self._block_frame = self._block_frame, None
        if frame is None:
            return None
        fields = self._decoded(self._block)
        known = self._streams.get(frame.stream_id)
        if known is not None:  # trailers
            if fields is None:
                known.unread = known.unread or self._lost
            known.headers += tuple(field for field in fields or () if field[0][:1] != ":")
            self._end(frame, known)
            return None
        message = _message(fields, origin) if fields is not None else self._headless(origin)
        self._streams[frame.stream_id] = message
        self._end(frame, message)
        return message

    def _decoded(self, block: bytes) -> list[Header] | None:
        if self._hpack is None:
            return None
        try:
            pairs = self._hpack.decode(block, raw=True)
        except HPACKError as error:
            self._hpack = None
            self._lost = f"a header block could not be decoded ({error}), nor could later ones"
            return None
        return [(_text(pair[0]), _text(pair[1])) for pair in pairs]

    def _headless(self, origin: Write) -> Message:
        return Message(origin, Kind.STREAM, http_version="HTTP/2", unread=self._lost)

    def _data(self, frame: DataFrame, origin: Write) -> Message | None:
        message = self._streams.get(frame.stream_id)
        began = None
        if message is None:
            message = began = self._headless(origin)
            self._streams[frame.stream_id] = message
        message.add(frame.data)
        self._end(frame, message)
        return began

    def _end(self, frame: Frame, message: Message) -> None:
        if "END_STREAM" in frame.flags:
            message.complete = True
            del self._streams[frame.stream_id]

    def _reset(self, stream_id: int) -> None:
        """The client gave up: what was written so far is all that will come."""
        message = self._streams.pop(stream_id, None)
        if message is not None:
            message.complete = True


def _message(fields: list[Header], origin: Write) -> Message:
    pseudo = {name: value for name, value in fields if name.startswith(":")}
    return Message(
        origin,
        Kind.HTTP,
        method=pseudo.get(":method", ""),
        target=pseudo.get(":path", ""),
        authority=pseudo.get(":authority", ""),
        headers=tuple((name, value) for name, value in fields if not name.startswith(":")),
        http_version="HTTP/2",
    )


def _text(value: bytes | str) -> str:
    return value if isinstance(value, str) else readable(value)
