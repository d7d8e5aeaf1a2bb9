"""The project's own recall corpus: one request per way in which a term may travel.

Input: a term with an `é`. Output: rows of class, transform and exchange. The classes are those in
which matchers are usually compared; each row was written for this project, with the
reference encoders of the libraries named in the imports (none of them ours).
"""

from __future__ import annotations

import base64
import codecs
import gzip
import hashlib
import hmac
import html
import json
import quopri
import sqlite3
import struct
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, quote_plus

import blackboxprotobuf
import blake3
import brotli
import cbor2
import lz4.block
import lz4.frame
import lzstring
import mmh3
import msgpack
import xxhash
import zstandard

from harness.traffic.exchange import Body, Exchange, Header, Kind, Layer, Request

HOST = "collect.tracker.example"
ANDROID_ID = "9774d56d682e549c"
FILLER = {"event": "search", "screen": "SearchActivity", "n": 3, "locale": "fr-FR", "ok": True}

Maker = Callable[[str], Exchange]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the recall table."""

    kind: str
    name: str
    exchange: Exchange


def _get(path_and_query: str, *headers: Header) -> Exchange:
    return _exchange("GET", f"https://{HOST}{path_and_query}", b"", headers)


def _post(data: bytes | str, content_type: str = "application/json") -> Exchange:
    raw = data.encode() if isinstance(data, str) else data
    return _exchange("POST", f"https://{HOST}/v1/track", raw, (("Content-Type", content_type),))


def _exchange(method: str, url: str, data: bytes, headers: tuple[Header, ...]) -> Exchange:
    request = Request(method, url, headers, Body.of(data))
    return Exchange("0", Kind.HTTP, (Layer.WITNESS,), HOST, 443, 0.0, request)


def _json(value: str, *, ascii_only: bool = False) -> str:
    return json.dumps({**FILLER, "props": {"query": value}}, ensure_ascii=ascii_only)


def _in_json(value: str | bytes) -> Exchange:
    return _post(_json(value if isinstance(value, str) else value.decode()))


def _in_form(value: str | bytes) -> Exchange:
    text = quote_plus(value)
    return _post(f"v=1&data={text}&t=event", "application/x-www-form-urlencoded")


def _nested(term: str, times: int) -> str:
    url = f"https://clinic.example/suche?q={quote(term, safe='')}&lang=de"
    for _ in range(times - 1):
        url = f"https://relay.example/r?u={quote(url, safe='')}"
    return quote(url, safe="")


def _multipart(term: str, *, filename: bool = False) -> Exchange:
    disposition = 'form-data; name="q"'
    value = term
    if filename:
        disposition, value = f'form-data; name="f"; filename="{term}.txt"', "empty"
    text = (
        f'--b0\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
        f"--b0\r\nContent-Disposition: {disposition}\r\n\r\n{value}\r\n--b0--\r\n"
    )
    return _post(text, "multipart/form-data; boundary=b0")


PLAIN: dict[str, Maker] = {
    "query, UTF-8 percent": lambda t: _get(f"/c?q={quote(t)}&v=1"),
    "query, lower-case percent": lambda t: _get(f"/c?q={quote(t).lower()}&v=1"),
    "query, raw UTF-8": lambda t: _get(f"/c?q={t}&v=1"),
    "query, Latin-1 percent": lambda t: _get(f"/c?q={quote(t.encode('latin-1'))}&v=1"),
    "query, JavaScript escape()": lambda t: _get(
        "/c?q=" + "".join(c if c.isascii() else f"%u{ord(c):04X}" for c in t)
    ),
    "URL in a query (2 levels)": lambda t: _get(f"/tr?id=1&ev=View&dl={_nested(t, 1)}"),
    "URL in a URL in a query (3 levels)": lambda t: _get(f"/tr?id=1&dl={_nested(t, 2)}"),
    "path segment": lambda t: _get(f"/suche/{quote(t)}/berlin"),
    "fragment of a nested URL": lambda t: _get(f"/c?u={quote('https://a.example/#' + t, safe='')}"),
    "Referer header": lambda t: _get("/p.gif", ("Referer", f"https://a.example/?q={quote(t)}")),
    "cookie": lambda t: _get("/p.gif", ("Cookie", f"last={quote(t)}; id=7")),
    "custom header": lambda t: _get("/p.gif", ("X-Context", quote(t))),
    "form field": lambda t: _in_form(t),
    "form field among words": lambda t: _in_form(f"Praxis {t} Berlin"),
    "JSON, UTF-8": lambda t: _post(_json(t)),
    "JSON, \\u escapes": lambda t: _post(_json(t, ascii_only=True)),
    "JSON in a JSON string": lambda t: _post(json.dumps({"p": _json(t, ascii_only=True)})),
    "JSON in a form field": lambda t: _in_form(_json(t)),
    "multipart field": lambda t: _multipart(t),
    "multipart file name": lambda t: _multipart(t, filename=True),
    "HTML references by name": lambda t: _in_json(t.replace("é", "&eacute;")),
    "HTML references by number": lambda t: _in_json(
        t.encode("ascii", "xmlcharrefreplace").decode()
    ),
    "JavaScript \\x escapes": lambda t: _post(
        "var q='" + "".join(c if c.isascii() else f"\\x{ord(c):02x}" for c in t) + "';",
        "text/plain",
    ),
    "XML text": lambda t: _post(f"<e><q>{html.escape(t)}</q></e>", "text/xml"),
}
UNICODE: dict[str, Maker] = {
    "NFD": lambda t: _in_json(unicodedata.normalize("NFD", t)),
    "NFD in percent": lambda t: _get(f"/c?q={quote(unicodedata.normalize('NFD', t))}"),
    "upper case": lambda t: _in_json(t.upper()),
    "title case": lambda t: _in_json(t.title()),
    "accents folded": lambda t: _in_json(t.replace("é", "e")),
    "accents folded, upper case": lambda t: _in_json(t.replace("é", "e").upper()),
    "Latin-1 body": lambda t: _post(_json(t).encode("latin-1")),
    "UTF-16LE body": lambda t: _post(_json(t).encode("utf-16-le")),
    "UTF-16BE body": lambda t: _post(_json(t).encode("utf-16-be")),
    "UTF-16LE in base64": lambda t: _in_json(base64.b64encode(t.encode("utf-16-le"))),
    "all but the last letter": lambda t: _in_json(t[:-1]),
}


def _b64(data: str | bytes) -> bytes:
    return base64.b64encode(data.encode() if isinstance(data, str) else data)


def _xor(data: bytes, key: int) -> bytes:
    return bytes(byte ^ key for byte in data)


ENCODINGS: dict[str, Maker] = {
    "base64 of the term": lambda t: _in_json(_b64(t)),
    "base64 of JSON": lambda t: _in_json(_b64(_json(t))),
    "base64 without padding": lambda t: _in_json(_b64(t).rstrip(b"=")),
    "base64, padding split off in a form": lambda t: _post(
        b"d=" + _b64(_json(t)) + b"&x=1", "application/x-www-form-urlencoded"
    ),
    "base64url": lambda t: _in_json(base64.urlsafe_b64encode(f"ÿþ>{t}?".encode())),
    "base64, lines of 76": lambda t: _post(base64.encodebytes(_json(t).encode()), "text/plain"),
    "base64, alignment 1": lambda t: _in_json(_b64("x" + _json(t))),
    "base64, alignment 2": lambda t: _in_json(_b64("xy" + _json(t))),
    "base64 glued to a word": lambda t: _in_json(b"ver" + _b64(_json(t))),
    "base64 twice": lambda t: _in_json(_b64(_b64(t))),
    "base64 of percent": lambda t: _in_json(_b64(quote(t))),
    "hex, lower case": lambda t: _in_json(t.encode().hex()),
    "hex, upper case": lambda t: _in_json(t.encode().hex().upper()),
    "hex of JSON": lambda t: _in_json(_json(t).encode().hex()),
    "base32": lambda t: _in_json(base64.b32encode(t.encode())),
    "base32 without padding, lower case": lambda t: _in_json(
        base64.b32encode(t.encode()).rstrip(b"=").lower()
    ),
    "base58": lambda t: _in_json(_base58(t.encode())),
    "base85 (RFC 1924)": lambda t: _in_json(base64.b85encode(t.encode())),
    "Ascii85": lambda t: _in_json(base64.a85encode(_json(t).encode(), adobe=True)),
    "rot13": lambda t: _in_json(codecs.encode(t, "rot13")),
    "reversed": lambda t: _in_json(t[::-1]),
    "quoted-printable": lambda t: _post(quopri.encodestring(t.encode()), "text/plain"),
    "punycode label": lambda t: _exchange(
        "GET", f"https://{t.encode('idna').decode()}.x.{HOST}/p.gif", b"", ()
    ),
    "single-byte XOR": lambda t: _post(_xor(_json(t).encode(), 0x5A), "application/octet-stream"),
    "single-byte XOR in base64": lambda t: _in_json(_b64(_xor(t.encode(), 0x2A))),
    "single-byte XOR in hex": lambda t: _in_json(_xor(t.encode(), 0xA7).hex()),
    "fixed substitution (custom map)": lambda t: _in_json(_substituted(t)),
}


def _base58(data: bytes) -> str:
    alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = alphabet[digit] + text
    return text


def _substituted(term: str) -> str:
    source = "kibp8A4EWRMKHa7gvyz1dOPt6UI5xYD3nqhVwZBXfCcFeJmrLN20lS9QGsjTuo"
    target = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    return term.translate(str.maketrans(source, target))


def _raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def _grpc(data: bytes) -> bytes:
    return b"\0" + struct.pack(">I", len(data)) + data


COMPRESSED: dict[str, Maker] = {
    "gzip body": lambda t: _post(gzip.compress(_json(t).encode())),
    "zlib body": lambda t: _post(zlib.compress(_json(t).encode())),
    "raw deflate body": lambda t: _post(_raw_deflate(_json(t).encode())),
    "brotli body": lambda t: _post(brotli.compress(_json(t).encode())),
    "zstd body": lambda t: _post(zstandard.ZstdCompressor().compress(_json(t).encode())),
    "lz4 frame body": lambda t: _post(lz4.frame.compress(_json(t).encode())),
    "lz4 block with size": lambda t: _post(lz4.block.compress(_json(t).encode())),
    "gzip in base64": lambda t: _in_json(_b64(gzip.compress(_json(t).encode()))),
    "gzip in base64 in a form": lambda t: _in_form(_b64(gzip.compress(_json(t).encode()))),
    "raw deflate in base64": lambda t: _in_json(_b64(_raw_deflate(_json(t).encode()))),
    "brotli in base64": lambda t: _in_json(_b64(brotli.compress(_json(t).encode()))),
    "lz-string, base64 form": lambda t: _in_json(lzstring.LZString().compressToBase64(_json(t))),
    "lz-string, URI form": lambda t: _get(
        "/c?z=" + lzstring.LZString().compressToEncodedURIComponent(_json(t))
    ),
    "lz-string, UTF-16 form": lambda t: _in_json(lzstring.LZString().compressToUTF16(_json(t))),
    "lz-string, byte array": lambda t: _post(
        lzstring.LZString().compress(_json(t)).encode("utf-16-be", "surrogatepass")
    ),
}


def _jwt(term: str) -> str:
    def part(tree: dict[str, object]) -> str:
        return base64.urlsafe_b64encode(json.dumps(tree).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'HS256'})}.{part({'sub': '1', 'q': term})}.c2lnbmF0dXJlLW9mLXRoaXM"


def _protobuf(term: str) -> bytes:
    message: dict[str | int, Any] = {
        "1": 150,
        "2": term.encode(),
        "4": {"1": b"de-DE", "3": term.encode()},
    }
    kinds: Any = {
        "1": {"type": "int"},
        "2": {"type": "bytes"},
        "4": {
            "type": "message",
            "message_typedef": {"1": {"type": "bytes"}, "3": {"type": "bytes"}},
        },
    }
    return bytes(blackboxprotobuf.encode_message(message, kinds))


def _sqlite(term: str) -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE queue (id INTEGER, kind TEXT, payload TEXT)")
    connection.execute("INSERT INTO queue VALUES (1, 'search', ?)", (term,))
    connection.commit()
    data = connection.serialize()
    connection.close()
    return data


BINARY: dict[str, Maker] = {
    "JWT payload": lambda t: _in_json(_jwt(t)),
    "JWT in a bearer header": lambda t: _get("/p", ("Authorization", f"Bearer {_jwt(t)}")),
    "protobuf": lambda t: _post(_protobuf(t), "application/x-protobuf"),
    "protobuf in gzip": lambda t: _post(gzip.compress(_protobuf(t))),
    "protobuf in base64": lambda t: _in_json(_b64(_protobuf(t))),
    "gRPC frame": lambda t: _post(_grpc(_protobuf(t)), "application/grpc"),
    "MessagePack": lambda t: _post(msgpack.packb({"n": 7, "q": t, "ok": True})),
    "CBOR": lambda t: _post(cbor2.dumps({"n": 7, "q": t, "ok": True})),
    "SQLite file": lambda t: _post(_sqlite(t), "application/octet-stream"),
}


def _digest(name: str) -> Maker:
    return lambda t: _in_json(hashlib.new(name, t.encode(), usedforsecurity=False).hexdigest())


def _sha(data: str | bytes) -> hashlib._Hash:
    return hashlib.sha256(data.encode() if isinstance(data, str) else data)


OPENSSL_DIGESTS = """
md5 sha1 sha224 sha256 sha384 sha512 sha3-224 sha3-256 sha3-384 sha3-512 blake2b blake2s ripemd160
"""
DIGESTS: dict[str, Maker] = {
    **{name: _digest(name.replace("-", "_")) for name in OPENSSL_DIGESTS.split()},
    "md5, upper case": lambda t: _in_json(hashlib.md5(t.encode()).hexdigest().upper()),
    "sha256, upper case": lambda t: _in_json(_sha(t).hexdigest().upper()),
    "sha256 in base64": lambda t: _in_json(_b64(_sha(t).digest())),
    "sha256 in base64url without padding": lambda t: _in_json(
        base64.urlsafe_b64encode(_sha(t).digest()).rstrip(b"=")
    ),
    "sha256, first 16 digits": lambda t: _in_json(_sha(t).hexdigest()[:16]),
    "sha256, raw bytes in protobuf": lambda t: _post(
        bytes(
            blackboxprotobuf.encode_message(
                {"1": 1, "2": _sha(t).digest()}, {"1": {"type": "int"}, "2": {"type": "bytes"}}
            )
        )
    ),
    "sha256 in a percent-encoded URL": lambda t: _get(
        "/c?u=" + quote(f"https://a.example/?h={_sha(t).hexdigest()}", safe="")
    ),
    "sha256 of lower case": lambda t: _in_json(_sha(t.title().lower()).hexdigest()),
    "sha256 of upper case": lambda t: _in_json(_sha(t.upper()).hexdigest()),
    "sha256 of accents folded": lambda t: _in_json(_sha(t.replace("é", "e")).hexdigest()),
    "sha256 of base64": lambda t: _in_json(_sha(_b64(t)).hexdigest()),
    "sha256 of percent": lambda t: _in_json(_sha(quote(t)).hexdigest()),
    "sha1 of md5 in hex": lambda t: _in_json(
        hashlib.sha1(hashlib.md5(t.encode()).hexdigest().encode()).hexdigest()
    ),
    "sha256 with a fixed vendor salt": lambda t: _in_json(_sha(t + "QX4QkKEU").hexdigest()),
    "sha256 salted with the Android id beside it": lambda t: _post(
        json.dumps({"android_id": ANDROID_ID, "h": _sha(ANDROID_ID + t).hexdigest()})
    ),
    "HMAC-SHA256 keyed with the Android id beside it": lambda t: _post(
        json.dumps(
            {
                "android_id": ANDROID_ID,
                "h": hmac.new(ANDROID_ID.encode(), t.encode(), "sha256").hexdigest(),
            }
        )
    ),
    "blake3": lambda t: _in_json(blake3.blake3(t.encode()).hexdigest()),
    "murmur3-128": lambda t: _in_json(f"{mmh3.hash128(t.encode(), signed=False):032x}"),
    "murmur3-64, decimal": lambda t: _in_json(str(mmh3.hash64(t.encode())[0])),
    "murmur3-32 beside its name": lambda t: _post(
        json.dumps({"murmur_hash": f"{mmh3.hash(t.encode(), signed=False):08x}"})
    ),
    "xxhash64": lambda t: _in_json(xxhash.xxh64(t.encode()).hexdigest()),
    "crc32 beside its name": lambda t: _post(json.dumps({"crc32": zlib.crc32(t.encode())})),
    "Java nameUUIDFromBytes": lambda t: _in_json(_name_uuid(t)),
}


def _name_uuid(term: str) -> str:
    raw = bytearray(hashlib.md5(term.encode()).digest())
    raw[6], raw[8] = raw[6] & 0x0F | 0x30, raw[8] & 0x3F | 0x80
    digits = raw.hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


CLASSES = {
    "plain, URL, JSON": PLAIN,
    "Unicode": UNICODE,
    "encoding": ENCODINGS,
    "compression": COMPRESSED,
    "binary, JWT": BINARY,
    "digest": DIGESTS,
}


def rows(term: str = "hépatite") -> Iterator[Row]:
    """Every row for `term` (which must contain `é`)."""
    for kind, makers in CLASSES.items():
        for name, make in makers.items():
            yield Row(kind, name, make(term))


def doctolib_shaped(term: str = "hépatite") -> Iterator[Row]:
    """Six GETs as reported in June 2021: the search word in a URL inside a pixel's URL."""
    page = (
        f"https://www.clinic.example/{quote('allgemeinmedizin')}/berlin?"
        f"keyword={quote(term)}&insuranceSector=private&motiveKey="
        f"{quote(f'Vorgespräch {term}/Beratung', safe='')}"
    )
    inner = quote(page, safe="")
    twice = quote(quote(page, safe=""), safe="")
    urls = {
        "pixel, page URL": f"https://www.facebook.com/tr/?id=11&ev=PageView&dl={inner}&rl=&if=false",
        "pixel, page URL encoded twice": f"https://www.facebook.com/tr/?id=11&ev=View&dl={twice}",
        "pixel, custom data": "https://www.facebook.com/tr/?id=11&ev=Search&cd[search_string]="
        + quote(term),
        "pixel, referrer": f"https://www.facebook.com/tr/?id=11&ev=PageView&rl={inner}",
        "Outbrain, page URL": "https://tr.outbrain.com/unifiedPixel?marketerId=00ab&obApiVersion=1.1"
        f"&name=PAGE_VIEW&dl={inner}",
        "Outbrain, page URL encoded twice": "https://tr.outbrain.com/pixel?marketerId=00ab&dl="
        + twice,
    }
    for name, url in urls.items():
        yield Row("Doctolib-shaped", name, _exchange("GET", url, b"", ()))
