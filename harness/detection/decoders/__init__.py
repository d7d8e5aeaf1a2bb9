"""Decoders, one file each, and the registry: lists in the order in which they are tried.

- `TEXT`: undo an escaping of a whole readable view, or cut slices out of it. `pieces(data)`.
- `STRICT`, `LOOSE`: unwrap bytes that are no text. `pieces(data, limit)`.
- `ALPHABETS` (base16 to base85, lz-string): decode single tokens, `decode_token(token, limit)`;
  which of them a token could be is decided in `harness.detection.tokens`.

A decoder yields nothing for what is not its own, never raises on any input, and never produces more
than `limit` bytes. A new decoder is a file here and a line below.
"""

from __future__ import annotations

import re
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
BinaryDecoder = Callable[[bytes, int], Iterator[Piece]]
TokenDecoder = Callable[[bytes, int], bytes | None]

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
MAGICS = re.compile(
    b"|".join(
        re.escape(magic)
        for magic in (inflate.GZIP_MAGIC, zstd.MAGIC, lz4_stream.MAGIC, sqlite.MAGIC)
    )
)


def may_be_strict(data: bytes) -> bool:
    """Whether any of `STRICT` has a reason to look at `data`; most random ids give none."""
    first = data[0]
    return (
        first & 0x0F == 8  # zlib's method
        or first in grpc.FLAGS
        or first >= 0xFE  # a byte order mark
        or data.count(0) * 4 >= len(data)
        or MAGICS.search(data) is not None
    )


LOOSE: tuple[tuple[Callable[[int], bool], BinaryDecoder], ...] = (
    (lambda first: first >= 8 and first & 7 in (0, 1, 2, 5), protobuf.pieces),
    (lambda first: first in messagepack.OPENINGS, messagepack.pieces),
    (lambda first: first in cbor.STRING_OR_CONTAINER, cbor.pieces),
    (lambda first: first & 6 != 6, inflate.deflate_pieces),
    (lambda first: True, brotli_stream.pieces),
    (lambda first: not first & 0x40, lz_string.pieces),
    (lambda first: True, lz4_stream.block_pieces),
)
"""Which first bytes a format has, and its decoder. Many bytes could be one of these by accident:
the result must be readable to count."""
LOOSE_BY_FIRST: tuple[tuple[BinaryDecoder, ...], ...] = tuple(
    tuple(decoder for has, decoder in LOOSE if has(first)) for first in range(256)
)

ALPHABETS: tuple[TokenDecoder, ...] = (
    base16.decode_token,
    base32.decode_token,
    base32.decode_hex_token,
    base58.decode_token,
    base64_text.decode_token,
    base85.decode_b85,
    base85.decode_z85,
    base85.decode_a85,
    lz_string.decode_token,
)
"""None of them yields more than `limit` bytes or, where that is more, four times the token."""
