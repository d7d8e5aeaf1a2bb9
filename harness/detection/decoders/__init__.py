"""Decoders, one file each, and the registry: lists in the order in which they are tried.

- `TEXT`: undo an escaping of a whole readable view, or cut slices out of it. `pieces(data)`.
- `STRICT`, `LOOSE`: unwrap bytes that are no text. `pieces(data, limit)`.
- Alphabets (base16 to base85, lz-string) decode single tokens, `decode_token(token, limit)`; which
  of them a token could be is decided in `harness.detection.tokens`.

A decoder yields nothing for what is not its own, never raises on any input, and never produces more
than `limit` bytes. A new decoder is a file here and a line below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from harness.detection.decoders import (
    base64_text,
    base85,
    brotli_stream,
    cbor,
    escapes,
    grpc,
    html_entities,
    inflate,
    jwt,
    lz4_stream,
    lz_string,
    messagepack,
    multipart,
    percent,
    protobuf,
    punycode,
    quoted_printable,
    sqlite,
    utf16,
    zstd,
)
from harness.detection.views import Piece

TextDecoder = Callable[[bytes], Iterator[Piece]]
BinaryDecoder = Callable[[bytes, int], Iterator[Piece]]

TEXT: tuple[TextDecoder, ...] = (
    percent.pieces,
    escapes.pieces,
    html_entities.pieces,
    quoted_printable.pieces,
    multipart.pieces,
    jwt.pieces,
    base64_text.pieces,
    base85.pieces,
    punycode.pieces,
    lz_string.text_pieces,
)
ESCAPES = frozenset({"percent", "form", "json-escape"})
"""Decoders whose child holds every token of its parent, only more readable."""
STRICT: tuple[BinaryDecoder, ...] = (
    inflate.gzip_pieces,
    inflate.zlib_pieces,
    zstd.pieces,
    lz4_stream.frame_pieces,
    sqlite.pieces,
    grpc.pieces,
    lambda data, limit: utf16.pieces(data),
)
"""Formats that prove themselves by a magic, a check sum or an exact length."""
LOOSE: tuple[BinaryDecoder, ...] = (
    protobuf.pieces,
    messagepack.pieces,
    cbor.pieces,
    inflate.deflate_pieces,
    brotli_stream.pieces,
    lz_string.pieces,
    lz4_stream.block_pieces,
)
"""Formats that many bytes could be by accident: the result must be readable to count."""
