"""Digests of terms, made once per run and looked up by their first 16 hex digits. Pure.

Input: terms and salts, then tokens of text. Output: which term a token is the digest of, and how it
is written. Hex in either case (also Android's unpadded `Integer.toHexString` of each byte), base64
in either alphabet, decimal, and raw bytes; a digest may be cut to 16 hex digits or more.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote, quote_plus

from ahocorasick_rs import BytesAhoCorasick

from harness.detection.algorithms import ALGORITHMS, Algorithm
from harness.detection.terms import fold_accents, variants

KEY_DIGITS = 16
KEY_BYTES = KEY_DIGITS // 2
HEX = b"0123456789abcdefABCDEF"
UUID_CHARS = 36
UUID = re.compile(rb"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}")
URL_SAFE = bytes.maketrans(b"-_", b"+/")
SPLIT = re.compile(rb"[-_+/$]")
CONTEXT_BYTES = 48
SHORT_CONTEXT = re.compile(
    rb"(?i)(?:crc|hash|murmur|mmh|xxh|adler|digest|checksum|chksum|fingerprint)[^&,;{}\[\]]{0,24}\Z"
)
WHOLE_LENGTHS = frozenset({16, 32, 40, 48, 56, 64, 96, 128})
UNPADDED = frozenset({"md5", "sha1", "sha256"})
"""Algorithms that hand-written hex loops are used with."""
MAX_SLIDE = 300
MAX_GLUED = 400
MAX_RAW_KEYS = 40_000


@dataclass(frozen=True, slots=True)
class Digest:
    """One precomputed digest.

    Attributes:
        shown: its hex digits in full.
        short: needs a confirming key name.
    """

    term: int
    variant: str
    shown: str
    short: bool = False


@dataclass(frozen=True, slots=True)
class DigestHit:
    """A digest in a token: its range there, and the steps from the token to the digest."""

    start: int
    end: int
    term: int
    variant: str
    steps: tuple[str, ...]
    short: bool
    salt: str = ""


def _inputs(term: str) -> Iterator[tuple[str, bytes, bool]]:
    """(label, bytes, whether slow algorithms apply) of every form that may be digested."""
    seen: set[bytes] = set()
    forms = variants(term)
    primary = (forms[0].text, term.lower().strip(), fold_accents(term).lower())
    for variant in forms:
        raw = variant.text.encode()
        if raw not in seen:
            seen.add(raw)
            yield ("" if variant.name == "nfc" else variant.name), raw, variant.text in primary
    for text in dict.fromkeys(primary):
        raw = text.encode()
        encodings = {
            "base64": base64.b64encode(raw),
            "base64url": base64.urlsafe_b64encode(raw),
            "base64-unpadded": base64.b64encode(raw).rstrip(b"="),
            "percent": quote(text, safe="").encode(),
            "percent-lower": re.sub(
                rb"%..", lambda match: match.group().lower(), quote(text, safe="").encode()
            ),
            "form": quote_plus(text).encode(),
            "hex": raw.hex().encode(),
            "hex-upper": raw.hex().upper().encode(),
            "utf-16-le": text.encode("utf-16-le"),
            "utf-16-be": text.encode("utf-16-be"),
            "cp1252": text.encode("cp1252", "replace"),
            "no-dash-upper": text.replace("-", "").upper().encode(),
            "no-dash-lower": text.replace("-", "").lower().encode(),
        }
        for name, encoded in encodings.items():
            if encoded not in seen:
                seen.add(encoded)
                yield name, encoded, False


def _twice(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """Digests of hex digests, as chains of SDKs make them."""
    fast = {item.name: item.digest for item in ALGORITHMS if item.name in ("md5", "sha1", "sha256")}
    for inner_name, inner in fast.items():
        for outer_name, outer in fast.items():
            yield f"{outer_name}({inner_name})", outer(inner(raw).hex().encode())


class Digests:
    """The digests of `terms` by themselves; `harness.detection.salting` mixes salts in."""

    def __init__(self, terms: Sequence[str]) -> None:
        self._terms = tuple(terms)
        self._by_key: dict[str, Digest] = {}
        self._by_decimal: dict[bytes, Digest] = {}
        self._by_short: dict[str, Digest] = {}
        for index, term in enumerate(self._terms):
            for label, raw, main in _inputs(term):
                for algorithm in ALGORITHMS:
                    if main or not algorithm.slow:
                        self._add(index, algorithm, label, raw)
                if main:
                    for name, digest in _twice(raw):
                        self._add_long(index, name, digest)

    def _add(self, term: int, algorithm: Algorithm, label: str, raw: bytes) -> None:
        digest = algorithm.digest(raw)
        name = f"{algorithm.name}({label})" if label else algorithm.name
        if len(digest) <= 16 and algorithm.name not in ("md5", "md2", "md4"):
            number = int.from_bytes(digest, "big")
            found = Digest(term, name, digest.hex(), algorithm.short)
            for value in {number, number - (1 << 8 * len(digest))}:
                self._by_decimal.setdefault(str(value).encode(), found)
        if algorithm.short:
            self._by_short.setdefault(digest.hex(), Digest(term, name, digest.hex(), True))
            return
        self._add_long(term, name, digest)
        if algorithm.name == "md5":
            self._add_long(term, name.replace("md5", "name-uuid"), _name_uuid(digest))

    def _add_long(self, term: int, name: str, digest: bytes) -> None:
        digits = digest.hex()
        self._by_key.setdefault(digits[:KEY_DIGITS], Digest(term, name, digits))
        if algorithm_of(name) in UNPADDED:
            self._by_key.setdefault(unpadded(digits)[:KEY_DIGITS], Digest(term, name, digits))

    # -- looking up ---------------------------------------------------------------------------

    def like_a_number(self, token: bytes) -> bool:
        """Whether a number or UUID is a digest; most are not, and this is quick to tell."""
        if token in self._by_decimal:
            return True
        if len(token) < KEY_DIGITS:
            return False
        head = token[:19].replace(b"-", b"")[:KEY_DIGITS]
        return head.decode("ascii").lower() in self._by_key

    def in_token(self, token: bytes) -> Iterator[DigestHit]:
        """Digests written in a run of letters, digits and `+/-_$`."""
        if len(token) < 5:
            return
        if token.isdigit() or (token[:1] == b"-" and token[1:].isdigit()):
            found = self._by_decimal.get(token)
            if found:
                yield _hit(found, 0, len(token), "decimal")
            if len(token) < KEY_DIGITS:
                return
        if len(token) == UUID_CHARS and UUID.fullmatch(token):
            found = self._by_key.get(token[:19].replace(b"-", b"").decode("ascii").lower()[:16])
            if found and found.shown == token.replace(b"-", b"").decode("ascii").lower():
                yield _hit(found, 0, len(token), "uuid")
            return
        yield from self._at(token, 0)
        if SPLIT.search(token) and len(token) < MAX_GLUED:
            for match in SPLIT.finditer(token):
                yield from self._at(token, match.end())
        elif _slides(token):
            yield from self._sliding(token)

    def _at(self, token: bytes, start: int) -> Iterator[DigestHit]:
        rest = token[start:]
        head = rest[:KEY_DIGITS]
        if len(head) == KEY_DIGITS and not head.translate(None, HEX):
            found = self._by_key.get(head.decode("ascii").lower())
            if found:
                for shown, step in ((found.shown, "hex"), (unpadded(found.shown), "hex-unpadded")):
                    size = _agreement(shown, rest)
                    if size:
                        yield _hit(found, start, start + size, step)
                        break
        if len(rest) == 8 and not rest.translate(None, HEX):
            found = self._by_short.get(rest.decode("ascii").lower())
            if found:
                yield _hit(found, start, start + 8, "hex")
        if len(rest) >= 11 and not (rest.islower() or rest.isupper() or rest.isdigit()):
            yield from self._base64(rest, start)

    def _base64(self, rest: bytes, start: int) -> Iterator[DigestHit]:
        head = binascii.a2b_base64(rest[:12].translate(URL_SAFE) + b"==")[:KEY_BYTES]
        found = self._by_key.get(head.hex()) if len(head) == KEY_BYTES else None
        if found is None or not found.shown.startswith(head.hex()):
            return
        text = base64.b64encode(bytes.fromhex(found.shown)).rstrip(b"=")
        usual = rest[: len(text)].translate(URL_SAFE)
        size = len(usual) - 1 if text.startswith(usual[:-1]) else 0
        if size >= 10:
            name = "base64url" if b"-" in rest or b"_" in rest else "base64"
            yield _hit(found, start, start + min(len(rest), len(text)), name)

    def _sliding(self, token: bytes) -> Iterator[DigestHit]:
        digits = token.decode("ascii").lower()
        for start in range(1, len(digits) - KEY_DIGITS + 1):
            found = self._by_key.get(digits[start : start + KEY_DIGITS])
            if found and digits.startswith(found.shown, start):
                yield _hit(found, start, start + len(found.shown), "hex")

    def confirmed(self, hit: DigestHit, data: bytes, start: int) -> bool:
        """Whether the place of a short digest says that it is one."""
        before = data[max(0, start + hit.start - CONTEXT_BYTES) : start + hit.start]
        return not hit.short or SHORT_CONTEXT.search(before) is not None

    @cached_property
    def _raw(self) -> tuple[BytesAhoCorasick, list[Digest]]:
        found = list(dict.fromkeys(self._by_key.values()))[:MAX_RAW_KEYS]
        keys = [bytes.fromhex(item.shown)[:KEY_BYTES] for item in found]
        return BytesAhoCorasick(keys), found

    def in_bytes(self, data: bytes) -> Iterator[DigestHit]:
        """Digests as raw bytes, whole or cut at the end of `data`."""
        if len(data) < KEY_BYTES:
            return
        automaton, found = self._raw
        for index, start, _ in automaton.find_matches_as_indexes(data, overlapping=True):
            digest = bytes.fromhex(found[index].shown)
            rest = data[start : start + len(digest)]
            if digest.startswith(rest):
                yield _hit(found[index], start, start + len(rest), "")


def algorithm_of(name: str) -> str:
    """`sha256` of `sha256(lower)`."""
    return name.partition("(")[0]


def unpadded(digits: str) -> str:
    """Hex as `Integer.toHexString` of each byte writes it: without leading zeros."""
    return "".join(f"{byte:x}" for byte in bytes.fromhex(digits))


def _slides(token: bytes) -> bool:
    """Whether a digest may hide in a longer run of hex digits."""
    usual = len(token) in WHOLE_LENGTHS or not KEY_DIGITS < len(token) <= MAX_SLIDE
    return not usual and not token.translate(None, HEX)


def _name_uuid(md5: bytes) -> bytes:
    """Java's `UUID.nameUUIDFromBytes`: version 3 without a namespace."""
    return md5[:6] + bytes((md5[6] & 0x0F | 0x30, md5[7], md5[8] & 0x3F | 0x80)) + md5[9:]


def _hit(found: Digest, start: int, end: int, step: str) -> DigestHit:
    return DigestHit(start, end, found.term, found.variant, (step,) if step else (), found.short)


def _agreement(shown: str, rest: bytes) -> int:
    """Characters of a digest that `rest` begins with: all of it, or a cut of it; else 0."""
    text = rest.decode("latin-1").lower()
    if text.startswith(shown):
        following = text[len(shown) : len(shown) + 1]
        return 0 if following and following in "0123456789abcdef" else len(shown)
    run = len(text) - len(text.lstrip("0123456789abcdef"))
    return run if run >= KEY_DIGITS and shown.startswith(text[:run]) else 0
