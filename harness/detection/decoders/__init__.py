"""Decoders, one file each, and the one registry: three lists in the order in which they are tried.

- `TEXT`: undo an escaping of a whole readable view, or cut slices out of it. `pieces(data)`.
- `TOKENS`: decode one run of characters of an alphabet. `decode_token(token, limit)`.
- `VALUES`: the same for alphabets with punctuation, tried on whole values only.
- `BINARY`: unwrap bytes that are no text. `pieces(data, limit)`.

A decoder yields nothing for what is not its own, never raises on any input, and never produces more
than `limit` bytes. A new decoder is a file here and a line below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from harness.detection.decoders import (
    base16,
    base32,
    base58,
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
TokenDecoder = Callable[[bytes, int], bytes | None]
BinaryDecoder = Callable[[bytes, int], Iterator[Piece]]

TEXT: tuple[TextDecoder, ...] = (
    percent.pieces,
    escapes.pieces,
    html_entities.pieces,
    quoted_printable.pieces,
    multipart.pieces,
    jwt.pieces,
    base64_text.pieces,
    punycode.pieces,
    lz_string.text_pieces,
)
TOKENS: tuple[tuple[str, TokenDecoder], ...] = (
    ("hex", base16.decode_token),
    ("base32", base32.decode_token),
    ("base32hex", base32.decode_hex_token),
    ("base64", base64_text.decode_token),
    ("base58", base58.decode_token),
    ("lz-string", lz_string.decode_token),
)
VALUES: tuple[tuple[str, TokenDecoder], ...] = (
    ("base85", base85.decode_b85),
    ("ascii85", base85.decode_a85),
    ("z85", base85.decode_z85),
)
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
