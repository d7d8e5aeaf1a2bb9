"""Every decoder: undoes what a reference encoder made, is quiet about all else, never raises.

The encoders are the standard library's or the formats' own packages.
"""

from __future__ import annotations

import base64
import gzip
import html
import importlib
import json
import pkgutil
import quopri
import sqlite3
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from urllib.parse import quote, quote_plus

import blackboxprotobuf
import brotli
import cbor2
import lz4.block
import lz4.frame
import lzstring
import msgpack
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.detection import decoders
from harness.detection.decoders import (
    base16,
    base32,
    base58,
    base64_text,
    base85,
    bounded,
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
    packed,
    percent,
    protobuf,
    punycode,
    quoted_printable,
    sqlite,
    utf16,
    zstd,
)
from harness.detection.views import Piece

TEXT = "größe: hépatite 😀 B"
RAW = TEXT.encode()
LIMIT = 1 << 20
Pieces = Callable[[bytes], Iterator[Piece]]
LZ = lzstring.LZString()
LZ_TEXT = "größe: hépatite B"  # the reference package is wrong beyond the BMP


def limited(decoder: Callable[[bytes, int], Iterator[Piece]]) -> Pieces:
    return lambda data: decoder(data, LIMIT)


def sqlite_file() -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.execute('CREATE TABLE "t""x" (a TEXT, b BLOB, c INTEGER)')
    connection.execute('INSERT INTO "t""x" VALUES (?, ?, 7)', (TEXT, b"\x00blob"))
    connection.commit()
    data = connection.serialize()
    connection.close()
    return data


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def message() -> bytes:
    kinds = {
        "1": {"type": "int"},
        "3": {"type": "message", "message_typedef": {"2": {"type": "bytes"}}},
    }
    return bytes(blackboxprotobuf.encode_message({"1": 150, "3": {"2": RAW}}, kinds))


MULTIPART = b"--b\r\nContent-Disposition: form-data; name=x\r\n\r\n" + RAW + b"\r\n--b--\r\n"
TOKEN = ".".join(
    base64.urlsafe_b64encode(json.dumps(part, ensure_ascii=False).encode()).rstrip(b"=").decode()
    for part in ({"alg": "none"}, {"q": TEXT})
)

CASES: list[tuple[str, Pieces, bytes]] = [
    ("percent", percent.pieces, quote(TEXT).encode()),
    ("form", percent.pieces, b"a=1&q=" + quote_plus(TEXT).encode()),
    ("json-escape", escapes.pieces, json.dumps({"q": TEXT}).encode()),
    ("json-escape", escapes.pieces, ("var a='" + "".join(
        c if c.isascii() else f"\\u{{{ord(c):x}}}" for c in TEXT) + "'").encode()),
    ("html-entity", html_entities.pieces, html.escape(TEXT).encode("ascii", "xmlcharrefreplace")),
    ("quoted-printable", quoted_printable.pieces, quopri.encodestring(RAW)),
    ("multipart", multipart.pieces, MULTIPART),
    ("jwt", jwt.pieces, f"Bearer {TOKEN}.c2ln".encode()),
    ("base64", base64_text.pieces, base64.encodebytes(RAW * 20)),
    ("ascii85", base85.pieces, b"x " + base64.a85encode(RAW, adobe=True) + b" y"),
    ("gzip", limited(inflate.gzip_pieces), b"head" + gzip.compress(RAW, mtime=0) + b"tail"),
    ("zlib", limited(inflate.zlib_pieces), zlib.compress(RAW)),
    ("deflate", limited(inflate.deflate_pieces), raw_deflate(RAW)),
    ("brotli", limited(brotli_stream.pieces), brotli.compress(RAW)),
    ("zstd", limited(zstd.pieces), zstandard.ZstdCompressor().compress(RAW) + b"tail"),
    ("lz4", limited(lz4_stream.frame_pieces), lz4.frame.compress(RAW)),
    ("lz4", limited(lz4_stream.block_pieces), lz4.block.compress(RAW)),
    ("lz4", limited(lz4_stream.block_pieces), lz4.block.compress(RAW * 9, store_size=False)),
    ("protobuf", limited(protobuf.pieces), message()),
    ("grpc", limited(grpc.pieces), b"\0" + struct.pack(">I", len(RAW)) + RAW),
    ("msgpack", limited(messagepack.pieces), msgpack.packb({1: {"k": [TEXT]}})),
    ("cbor", limited(cbor.pieces), cbor2.dumps({1: {"k": [TEXT]}})),
    ("cbor", limited(cbor.pieces), b"\xd9\xd9\xf7" + cbor2.dumps({"k": TEXT})),
    ("cbor", limited(cbor.pieces), cbor2.dumps([cbor2.CBORTag(999, [TEXT])])),
    ("sqlite", limited(sqlite.pieces), sqlite_file()),
    ("utf-16-le", utf16.pieces, TEXT.encode("utf-16-le")),
    ("utf-16-be", utf16.pieces, b"\xfe\xff" + TEXT.encode("utf-16-be")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "decoder", "data"), CASES)
def test_what_a_reference_encoder_made_is_undone(name: str, decoder: Pieces, data: bytes) -> None:
    pieces = list(decoder(data))
    hits = [piece for piece in pieces if RAW in piece.data]
    assert hits, pieces
    assert hits[0].name == name
    assert 0 <= hits[0].start < hits[0].end <= len(data)
    assert not hits[0].cut


@pytest.mark.parametrize(("name", "decoder", "data"), CASES)
def test_positions_lead_back(name: str, decoder: Pieces, data: bytes) -> None:
    """The mapped range, decoded again by itself, holds what it is said to hold."""
    piece = next(piece for piece in decoder(data) if RAW in piece.data)
    if piece.mapping is None:
        return
    at = piece.data.index(RAW)
    start, end = piece.mapping(at, at + len(RAW))
    again = data[start:end]
    decoded = next((one.data for one in decoder(again)), again)
    assert decoded.replace(b"+", b" ") == RAW


@pytest.mark.parametrize(("name", "decoder", "data"), CASES)
def test_words_are_left_alone(name: str, decoder: Pieces, data: bytes) -> None:
    assert list(decoder(b"Just some words, nothing else.")) == []
    assert list(decoder(b"")) == []


TOKENS = [
    (base16.decode_token, RAW.hex().encode()),
    (base16.decode_token, RAW.hex().upper().encode()),
    (base32.decode_token, base64.b32encode(RAW).rstrip(b"=")),
    (base32.decode_token, base64.b32encode(RAW).rstrip(b"=").lower()),
    (base32.decode_hex_token, base64.b32hexencode(RAW).rstrip(b"=")),
    (base64_text.decode_token, base64.b64encode(RAW).rstrip(b"=")),
    (base64_text.decode_token, base64.urlsafe_b64encode(RAW).rstrip(b"=")),
    (base85.decode_b85, base64.b85encode(RAW)),
    (base85.decode_a85, base64.a85encode(RAW)),
]


@pytest.mark.parametrize(("decoder", "token"), TOKENS)
def test_tokens(decoder: Callable[[bytes, int], bytes | None], token: bytes) -> None:
    assert decoder(token, LIMIT) == RAW
    assert decoder(b"", LIMIT) is None
    assert decoder(b"\xff\x00 !", LIMIT) is None


def test_lz_string_in_all_its_forms() -> None:
    raw = LZ_TEXT.encode()
    assert lz_string.decode_token(LZ.compressToBase64(LZ_TEXT).rstrip("=").encode(), LIMIT) == raw
    uri = LZ.compressToEncodedURIComponent(LZ_TEXT).encode()
    assert lz_string.decode_token(uri, LIMIT) == raw
    binary = LZ.compress(LZ_TEXT).encode("utf-16-be", "surrogatepass")
    assert [piece.data for piece in lz_string.pieces(binary, LIMIT)] == [raw]
    text = f'"{LZ.compressToUTF16(LZ_TEXT * 3)}"'.encode()
    assert [piece.data for piece in lz_string.text_pieces(text)] == [raw * 3]
    cut = lz_string.decompress(binary, 8 * len(binary), 16, 3)
    assert cut is not None
    assert LZ_TEXT.startswith(cut)
    assert len(cut) < len(LZ_TEXT)


def test_base58_and_z85() -> None:
    """Vectors of Bitcoin's and ZeroMQ's specifications (32/Z85)."""
    assert base58.decode_token(b"2NEpo7TZRRrLZSi2U", LIMIT) == b"Hello World!"
    assert base85.decode_z85(b"HelloWorld", LIMIT) == bytes.fromhex("864fd26fb559f75b")
    text = base64.b85encode(b"some text").translate(bytes.maketrans(base85.B85, base85.Z85))
    assert base85.decode_z85(text, LIMIT) == b"some text"


def test_punycode() -> None:
    host = f"www.{'hépatite'.encode('idna').decode()}.example".encode()
    assert [piece.data.decode() for piece in punycode.pieces(host)] == ["hépatite"]


def test_binary_values_of_a_form_stand_alone() -> None:
    packed_value = zlib.compress(RAW)
    data = b"a=1&d=" + quote(packed_value).encode() + b"&z=2"
    assert packed_value in [piece.data for piece in percent.pieces(data)]


def test_strings_of_a_tree_in_order() -> None:
    assert list(packed.leaves({"a": [b"b", {"c": "d"}]})) == [b"a", b"b", b"c", b"d"]
    (piece,) = packed.located("x", b"..abc..", ["abc"])
    assert (piece.start, piece.end) == (2, 5)


@pytest.mark.parametrize(
    ("decoder", "bomb"),
    [
        (inflate.gzip_pieces, gzip.compress(bytes(40 << 20), mtime=0)),
        (inflate.zlib_pieces, zlib.compress(bytes(40 << 20))),
        (brotli_stream.pieces, brotli.compress(bytes(40 << 20), quality=5)),
        (zstd.pieces, zstandard.ZstdCompressor().compress(bytes(40 << 20))),
        (lz4_stream.frame_pieces, lz4.frame.compress(bytes(300 << 20))),
    ],
)
def test_a_bomb_is_cut_and_says_so(
    decoder: Callable[[bytes, int], Iterator[Piece]], bomb: bytes
) -> None:
    (piece,) = decoder(bomb, 32 << 20)
    assert piece.cut
    assert len(piece.data) <= max(bounded.FREE_BYTES, bounded.MAX_RATIO * len(bomb))


def test_a_damaged_gzip_stream_gives_its_beginning() -> None:
    whole = gzip.compress(bytes(range(256)) * 400, mtime=0)
    damaged = whole[:300] + b"\xff" * 40 + whole[340:]
    (piece,) = inflate.gzip_pieces(damaged, LIMIT)
    assert piece.cut
    assert piece.data.startswith(bytes(range(200)))


@pytest.mark.parametrize(
    "data",
    [b"eyJ" * 60_000, b"--" * 90_000, b"=\n" * 90_000, b"%" * 180_000, b"\\" * 180_000,
     b"xn--" * 45_000, b"<~" * 90_000, b"&#" * 90_000, b"a=" * 90_000, b"A" * 40 + b"\n" * 90_000,
     b"\x1f\x8b\x08" * 60_000, b"\x04\x22\x4d\x18" * 45_000],
    ids=lambda data: repr(data[:4]),
)  # fmt: skip
def test_no_input_makes_a_decoder_crawl(data: bytes) -> None:
    """CPU time, with much room: what is quadratic takes minutes on these."""
    before = time.process_time()
    for decoder in ALL:
        for _ in decoder(data):
            pass
    for alphabet in decoders.ALPHABETS:
        alphabet(data, LIMIT)
    assert time.process_time() - before < 5


ALL = [
    *decoders.TEXT,
    *(limited(decoder) for decoder in decoders.STRICT),
    *(limited(decoder) for _, decoder in decoders.LOOSE),
]
OPENINGS = st.sampled_from(
    [b"", b"\x1f\x8b\x08", b"x\x9c", b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18", b"\x81\xa1", b"\xa1",
     b"SQLite format 3\0", b"--b\r\n", b"xn--", b"eyJ", b"<~", b"\\u", b"%", b"&#", b"=C3"]
)  # fmt: skip


@settings(max_examples=150, deadline=None, derandomize=True)
@given(OPENINGS, st.binary(max_size=300))
def test_nothing_raises_and_nothing_exceeds_its_parent(opening: bytes, rest: bytes) -> None:
    data = opening + rest
    for decoder in ALL:
        for piece in decoder(data):
            assert 0 <= piece.start <= piece.end <= len(data)
            assert len(piece.data) <= 2 * LIMIT


def test_every_decoder_of_the_folder_is_in_the_registry() -> None:
    registered = {*decoders.TEXT, *decoders.STRICT, *decoders.ALPHABETS}
    registered |= {decoder for _, decoder in decoders.LOOSE}
    found = {
        (each.name, name): function
        for each in pkgutil.iter_modules(decoders.__path__)
        for name, function in vars(
            importlib.import_module(f"{decoders.__name__}.{each.name}")
        ).items()
        if name.startswith("decode_") and function.__module__.endswith(each.name)
    }
    assert len(found) >= 9
    assert {key for key, function in found.items() if function not in registered} == set()


CHARACTERS = st.sampled_from(
    [base16.HEX, base32.UPPER, base32.LOWER, base32.HEX_UPPER, base58.ALPHABET,
     base64_text.ALPHABET + b"-_", base85.B85, base85.Z85, base85.A85, bytes(range(256))]
)  # fmt: skip
TOKEN_OPENINGS = st.sampled_from([b"", b"N4Ig", b"BYUw", b"H4sI", b"eJ", b"<~", b"zzzz", b"11111"])


@settings(max_examples=300, deadline=None, derandomize=True)
@given(TOKEN_OPENINGS, CHARACTERS, st.data())
def test_no_token_makes_an_alphabet_raise_or_exceed_its_limit(
    opening: bytes, characters: bytes, data: st.DataObject
) -> None:
    letters = st.sampled_from(list(characters))
    token = opening + bytes(data.draw(st.lists(letters, max_size=120)))
    for decode in decoders.ALPHABETS:
        decoded = decode(token, 64)
        assert decoded is None or len(decoded) <= max(64, 4 * len(token))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.binary(min_size=1, max_size=120), st.sampled_from([b"", b"q=", b'{"k":"', b"\0"]))
def test_a_token_of_each_alphabet_is_undone_or_left_alone(raw: bytes, before: bytes) -> None:
    """Round trips by the standard library's encoders; what is none of theirs never raises."""
    for decode, encode in (
        (base16.decode_token, lambda data: data.hex().encode()),
        (base32.decode_token, lambda data: base64.b32encode(data).rstrip(b"=")),
        (base32.decode_hex_token, lambda data: base64.b32hexencode(data).rstrip(b"=")),
        (base64_text.decode_token, lambda data: base64.urlsafe_b64encode(data).rstrip(b"=")),
    ):
        token = encode(raw)
        assert decode(token, LIMIT) == (raw if len(token) >= base64_text.MIN_CHARS else None)
        decode(before + token, LIMIT)
