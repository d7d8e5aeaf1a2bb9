"""What could a run of letters and digits be? Pure.

Input: one token. Output: the decodings worth a look, by name. Most tokens of a request are words,
numbers and random ids; the checks here are ordered so that those cost next to nothing: their
alphabet, case and shape say what they cannot be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from harness.detection.decoders import base16, base32, base58, base64_text, base85, lz_string
from harness.detection.decoders.base64_text import name_of
from harness.detection.readability import is_text

WORD_CHARS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_$"
TOKEN_TABLE = bytes(byte if byte in WORD_CHARS else 32 for byte in range(256))
VALUE_BREAKS = b'"\t\r\n \0'
VALUE_TABLE = bytes(32 if byte in VALUE_BREAKS or byte >= 127 else byte for byte in range(256))
MIN_TOKEN = 7
MIN_BRIDGED = 16
ONE_CASE_LIMIT = 96
"""Up to here base64 may by chance be in one case only."""

UUID_CHARS = 36
UUID = re.compile(rb"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}")
TEXT_IN_NUMBERS = re.compile(rb"(?:[2-7][0-9])+")
"""Hex digits of an ASCII text that happen to be decimal ones only."""
PATH_MARKS = re.compile(rb"[+/.$]")
URL_MARKS = re.compile(rb"[-_]")
MIN_GLUED, MAX_GLUED = 12, 2048
TOKEN_CHARS = WORD_CHARS + b"="
KEY = re.compile(rb"[\w.\[\]-]{1,40}=")
NEXT_KEY = re.compile(rb"&[\w.\[\]-]{1,40}=")
MARKS = b"!#$%&()*+;<=>?@^_`{|}~"
STRUCTURE = b"0123456789:,{}[]()-.=&;/_"
MAX_DECODED_BYTES = 32 << 20


def tokens_in(data: bytes) -> set[bytes]:
    """Runs of the alphabets that encodings use; padding is no part of them."""
    return set(data.translate(TOKEN_TABLE).split())


def opaque_by_shape(token: bytes) -> bool:
    """Whether a token can only be a number or a UUID (or a digest that looks like one)."""
    if token.isdigit():
        return TEXT_IN_NUMBERS.fullmatch(token) is None
    if len(token) != UUID_CHARS or token[8] != 45:
        return False
    return UUID.fullmatch(token) is not None


def bridged(token: bytes) -> bool:
    """Whether undoing escapes may break a token up: in a form, a bare `+` becomes a blank."""
    return (
        len(token) >= MIN_BRIDGED
        and b"+" in token.strip(b"+")
        and not (token.islower() or token.isupper())
    )


def values_in(data: bytes) -> set[bytes]:
    """Runs between blanks and quotes, for alphabets with punctuation."""
    return set(data.translate(VALUE_TABLE).split())


def decodings(token: bytes) -> Iterator[tuple[str, bytes]]:
    """(decoder, bytes) of every decoding of a token that is worth reading."""
    if opaque_by_shape(token):
        return
    if not token.translate(None, base16.HEX):
        yield from _from_hex(token)
        return
    yield from _from_base32(token)
    one_case = token.islower() or token.isupper()
    if one_case and len(token) > ONE_CASE_LIMIT:
        return
    decoded = base64_text.decode_token(token, MAX_DECODED_BYTES)
    if decoded and (not one_case or is_text(decoded)):
        yield name_of(token), decoded
    if one_case:
        return
    decoded = base58.decode_token(token, MAX_DECODED_BYTES)
    if decoded:
        yield "base58", decoded
    decoded = lz_string.decode_token(token, MAX_DECODED_BYTES)
    if decoded:
        yield "lz-string", decoded
    decoded = base85.decode_b85(token, MAX_DECODED_BYTES)
    if decoded:
        yield "base85", decoded


def _from_hex(token: bytes) -> Iterator[tuple[str, bytes]]:
    decoded = base16.decode_token(token, MAX_DECODED_BYTES)
    if decoded:
        yield "hex", decoded
    if len(token) <= ONE_CASE_LIMIT:
        decoded = base64_text.decode_token(token, MAX_DECODED_BYTES)
        if decoded and is_text(decoded):
            yield "base64", decoded


def _from_base32(token: bytes) -> Iterator[tuple[str, bytes]]:
    for name, decoder in (
        ("base32", base32.decode_token),
        ("base32hex", base32.decode_hex_token),
    ):
        decoded = decoder(token, MAX_DECODED_BYTES)
        if decoded:
            yield name, decoded


def parts_of(token: bytes) -> list[bytes]:
    """What remains of a token that was glued together with the alphabets' punctuation.

    A `-` or `_` may as well belong to one base64url value, of which short pieces say nothing.
    """
    found: list[bytes] = []
    if len(token) > MAX_GLUED:
        return found
    for piece in PATH_MARKS.split(token):
        if len(piece) >= MIN_TOKEN and piece != token:
            found.append(piece)
        found += [part for part in URL_MARKS.split(piece) if MIN_GLUED <= len(part) < len(piece)]
    return found


def punctuated(value: bytes) -> bool:
    """Whether a run between blanks could be base85: marks in it, and more than structure."""
    return (
        len(value) >= MIN_TOKEN
        and len(value.translate(None, MARKS)) < len(value)
        and len(value.translate(None, STRUCTURE)) >= 5
    )


def value_decodings(raw: bytes) -> Iterator[tuple[bytes, str, bytes]]:
    """(value, decoder, bytes) of every base85 reading of a run or of the value of its key."""
    key = KEY.match(raw)
    if key is not None:
        tail = raw[key.end() :]
        following = NEXT_KEY.search(tail)
        cuts = {tail[: following.start()] if following else tail: None}
    else:
        cuts = dict.fromkeys((raw, raw.strip(b",;")))
    for value in cuts:
        if not value.translate(None, TOKEN_CHARS):
            continue  # a token of the other alphabets, looked at as such
        for name, decoder in (
            ("base85", base85.decode_b85),
            ("ascii85", base85.decode_a85),
            ("z85", base85.decode_z85),
        ):
            decoded = decoder(value, MAX_DECODED_BYTES)
            if decoded:
                yield value, name, decoded
