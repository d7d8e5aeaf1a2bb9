"""One part of an exchange, layer by layer. Pure.

Input: the raw bytes of a part (URL, header value, body). Output: matches with the view they were
found in, and how much of the part stayed opaque. Each layer is searched, then unwrapped by the
decoders that could apply, until nothing new appears, the depth limit or the work budget is reached.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from harness.detection import boundaries, decoders
from harness.detection.decoders.base64_text import PARTS, decode_token, name_of
from harness.detection.decoders.utf16 import charset_of
from harness.detection.digests import Digests
from harness.detection.patterns import Automaton, Pattern, deltas
from harness.detection.readability import is_text, mostly_text, opaque_format
from harness.detection.terms import Rule
from harness.detection.views import Piece, View

MAX_DEPTH = 14
MAX_DECODED_BYTES = 32 << 20
WORK_BYTES = 96 << 20
"""Bytes of layers looked at per exchange before the rest is a blind spot."""
MAX_TOKENS = 60_000
MIN_TOKEN = 7
MAX_BORING = 400_000
LONG_TOKEN = 88
"""Characters from which an undecodable token counts as opaque (64 bytes in base64)."""
MAX_OCCURRENCES = 4
MAX_XOR_TEXT = 4096
"""A readable decoded value up to this size may still be XOR by a small key."""
VALUE_MARKS = frozenset(b"!#$%&()*;<=>?@^`{|}~+'\",:.[]/\\-")

_WORD_CHARS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_$"
TOKEN_TABLE = bytes(byte if byte in _WORD_CHARS else 32 for byte in range(256))
VALUE_BREAKS = b'"\t\r\n \0'
VALUE_TABLE = bytes(32 if byte in VALUE_BREAKS or byte >= 127 else byte for byte in range(256))


@dataclass(slots=True)
class Match:
    """A pattern in a view, or a digest (`variant` then names it)."""

    view: View
    start: int
    end: int
    term: int
    variant: str
    suffix: tuple[str, ...] = ()
    prefix: int = 0


@dataclass(slots=True)
class Budget:
    """Work left for one exchange; shared by its parts."""

    bytes_left: int = WORK_BYTES
    tokens_left: int = MAX_TOKENS
    over: str = ""

    def take(self, size_bytes: int) -> bool:
        """Whether `size_bytes` more may be looked at."""
        self.bytes_left -= size_bytes
        if self.bytes_left < 0 and not self.over:
            self.over = f"over the work budget of {WORK_BYTES >> 20} MiB of decoded layers"
        return self.bytes_left >= 0

    def take_token(self) -> bool:
        self.tokens_left -= 1
        if self.tokens_left < 0 and not self.over:
            self.over = f"over the work budget of {MAX_TOKENS} encoded-looking values"
        return self.tokens_left >= 0


@dataclass(slots=True)
class Reading:
    """How well a view could be read.

    Attributes:
        explained: it is text, a known format, or something decodes all of it.
        opaque_bytes: bytes of the view behind which something undecodable remains.
        cut: why decoding stopped early, empty when it did not.
    """

    explained: bool
    opaque_bytes: int = 0
    cut: str = ""


@dataclass(slots=True)
class Search:
    """Searches the parts of one exchange.

    Attributes:
        boring: tokens known to hold nothing, shared over exchanges by the engine; only ever a
            short cut, since what a token decodes to does not depend on where it stands.
        matches, layers: what was found, and the readable layers, both of the part searched last.
    """

    text: Automaton
    xor: Automaton
    digests: Digests
    boring: set[bytes]
    budget: Budget = field(default_factory=Budget)
    matches: list[Match] = field(default_factory=list)
    layers: list[View] = field(default_factory=list)
    _seen: set[bytes] = field(default_factory=set)

    def part(self, data: bytes) -> Reading:
        """Search one part; `matches` and `layers` then are those of this part."""
        self._seen, self.matches, self.layers = set(), [], []
        return self._read(View(data))

    def _read(self, view: View) -> Reading:
        data = view.data
        if not self.budget.take(len(data) + 64):
            return Reading(False, len(data), self.budget.over)
        plain = is_text(data)
        self._match(view, plain)
        if view.depth >= MAX_DEPTH:
            return Reading(plain, 0, "nested deeper than the depth limit")
        if plain:
            if view.depth and len(data) <= MAX_XOR_TEXT:
                self._match_xor(view)
            return self._read_text(view)
        name = opaque_format(data)
        if name:
            return Reading(True)
        return self._read_binary(view)

    # -- matching -----------------------------------------------------------------------------

    def _match(self, view: View, plain: bool) -> None:
        data = view.data
        for index, start, end in self.text.find(data):
            for pattern in self.text.patterns[index]:
                if pattern.transform == "base64":
                    self._unaligned_base64(view, start, pattern)
                elif pattern.charset.startswith("utf-16") and charset_of(data):
                    continue  # the whole layer is decoded as UTF-16 anyway
                elif self._counts(view.data, start, end, pattern, plain):
                    self._keep(view, start, end, pattern)

    def _counts(self, data: bytes, start: int, end: int, pattern: Pattern, plain: bool) -> bool:
        if not plain and pattern.rule is not Rule.WORD and not mostly_text(data):
            return False
        return boundaries.holds(
            data,
            start,
            end,
            rule=pattern.rule,
            charset=pattern.charset,
            first=pattern.first,
            last=pattern.last,
        )

    def _keep(
        self, view: View, start: int, end: int, pattern: Pattern, suffix: tuple[str, ...] = ()
    ) -> None:
        steps = suffix or ((pattern.transform,) if pattern.transform else ())
        if pattern.charset != "utf-8":
            steps = (*steps, pattern.charset)
        self.matches.append(
            Match(view, start, end, pattern.term, pattern.variant, steps, pattern.prefix)
        )

    def _unaligned_base64(self, view: View, start: int, pattern: Pattern) -> None:
        """Decode the run around a base64 sign from the quantum in which the sign begins."""
        data = view.data
        low, high = start, start
        while low > 0 and data[low - 1] in _WORD_CHARS:
            low -= 1
        while high < len(data) and data[high] in _WORD_CHARS:
            high += 1
        first = low + (start - pattern.skip - low) % 4
        token = data[first:high]
        if token in self._seen:
            return
        self._seen.add(token)
        decoded = decode_token(token, MAX_DECODED_BYTES)
        if decoded:
            self._read(view.child(Piece(name_of(token), first, high, decoded)))

    # -- readable views -----------------------------------------------------------------------

    def _read_text(self, view: View) -> Reading:
        reading = Reading(True)
        self.layers.append(view)
        for decoder in decoders.TEXT:
            for piece in decoder(view.data):
                self._descend(view, piece, reading)
        self._read_tokens(view, reading)
        self._read_values(view)
        return reading

    def _descend(self, view: View, piece: Piece, reading: Reading) -> None:
        if piece.data in self._seen or piece.data == view.data:
            return
        self._seen.add(piece.data)
        inner = self._read(view.child(piece))
        if inner.opaque_bytes and piece.data:
            share = inner.opaque_bytes / len(piece.data)
            reading.opaque_bytes = max(reading.opaque_bytes, int(share * (piece.end - piece.start)))
        reading.cut = reading.cut or inner.cut or ("expands beyond its limit" if piece.cut else "")

    def _read_tokens(self, view: View, reading: Reading) -> None:
        tokens = set(view.data.translate(TOKEN_TABLE).split())
        tokens -= self.boring
        for token in sorted(tokens):
            if len(token) < MIN_TOKEN or token in self._seen:
                continue
            self._seen.add(token)
            if not self.budget.take_token():
                reading.cut = reading.cut or self.budget.over
                return
            if self._read_token(view, token):
                continue
            if len(token) >= LONG_TOKEN and not token.islower():
                reading.opaque_bytes += len(token)
            elif len(self.boring) < MAX_BORING:
                self.boring.add(token)

    def _read_token(self, view: View, token: bytes) -> bool:
        """Whether `token` held something readable."""
        if self._digest(view, token):
            return True
        for name, decoder in decoders.TOKENS:
            decoded = decoder(token, MAX_DECODED_BYTES)
            if decoded and self._token_piece(view, token, name, decoded):
                return True
        parts = [part for part in PARTS.split(token) if len(part) >= MIN_TOKEN]
        if len(parts) == 1 and parts[0] == token:
            return False
        found = False
        for part in parts:
            if part not in self._seen and part not in self.boring:
                self._seen.add(part)
                found |= self._read_token(view, part)
        return found

    def _token_piece(self, view: View, token: bytes, name: str, decoded: bytes) -> bool:
        name = name_of(token) if name == "base64" else name
        found = False
        for start in _occurrences(view.data, token):
            before = len(self.matches)
            reading = self._read(view.child(Piece(name, start, start + len(token), decoded)))
            found |= reading.explained or len(self.matches) > before
            if len(self.matches) == before:
                break
        return found

    def _digest(self, view: View, token: bytes) -> bool:
        found = False
        for hit in self.digests.in_token(token):
            for start in _occurrences(view.data, token):
                if self.digests.confirmed(hit, view.data, start):
                    low, high = start + hit.start, start + hit.end
                    self.matches.append(Match(view, low, high, hit.term, hit.variant, hit.steps))
                    found = True
        return found

    def _read_values(self, view: View) -> None:
        """Alphabets with punctuation: whole values only."""
        values = set(view.data.translate(VALUE_TABLE).split())
        values -= self.boring
        for raw in sorted(values):
            if len(raw) < MIN_TOKEN or raw in self._seen or VALUE_MARKS.isdisjoint(raw):
                continue
            self._seen.add(raw)
            found = False
            for value in _value_cuts(raw):
                for name, decoder in decoders.VALUES:
                    decoded = decoder(value, MAX_DECODED_BYTES)
                    if decoded and is_text(decoded):
                        found |= self._token_piece(view, value, name, decoded)
            if not found and len(self.boring) < MAX_BORING and len(raw) < LONG_TOKEN:
                self.boring.add(raw)

    # -- binary views -------------------------------------------------------------------------

    def _read_binary(self, view: View) -> Reading:
        reading = Reading(False)
        for decoder in decoders.STRICT:
            for piece in decoder(view.data, MAX_DECODED_BYTES):
                reading.explained = True
                self._descend(view, piece, reading)
            if reading.explained:
                return reading
        for decoder in decoders.LOOSE:
            if self._try_loose(view, list(decoder(view.data, MAX_DECODED_BYTES)), reading):
                return reading
        self._match_xor(view)
        if mostly_text(view.data):
            return self._read_text(view)
        self._match_raw_digests(view)
        return Reading(False, len(view.data), reading.cut)

    def _try_loose(self, view: View, pieces: list[Piece], reading: Reading) -> bool:
        """Take the pieces if most of what they hold is readable."""
        readable = total = opaque = 0
        for piece in pieces:
            total += len(piece.data)
            before = len(self.matches)
            inner = self._read(view.child(piece))
            if inner.explained or len(self.matches) > before:
                readable += len(piece.data)
            share = inner.opaque_bytes / len(piece.data) if piece.data else 0.0
            opaque += int(share * (piece.end - piece.start))
            reading.cut = reading.cut or inner.cut
        if readable * 2 < total or not total:
            return False
        reading.explained = True
        reading.opaque_bytes = opaque
        return True

    def _match_raw_digests(self, view: View) -> None:
        for hit in self.digests.in_bytes(view.data):
            self.matches.append(Match(view, hit.start, hit.end, hit.term, hit.variant, hit.steps))

    def _match_xor(self, view: View) -> None:
        data = view.data
        for index, start, end in self.xor.find(deltas(data)):
            for pattern in self.xor.patterns[index]:
                key = data[start] ^ pattern.first.encode(pattern.charset)[0]
                if key == 0:
                    continue
                low, high = max(0, start - 8), min(len(data), end + 9)
                window = bytes(byte ^ key for byte in data[low:high])
                if self._counts(window, start - low, end + 1 - low, pattern, is_text(window)):
                    self._keep(view, start, end + 1, pattern, (f"xor[0x{key:02x}]",))


def _occurrences(data: bytes, token: bytes) -> Iterator[int]:
    """The first few places of `token` in `data`."""
    at = data.find(token)
    for _ in range(MAX_OCCURRENCES):
        if at < 0:
            return
        yield at
        at = data.find(token, at + len(token))


def _value_cuts(raw: bytes) -> Iterator[bytes]:
    """A run between blanks and quotes, and what follows its first `=`."""
    yield raw.strip(b",;") or raw
    _, sign, tail = raw.partition(b"=")
    if sign and len(tail) >= MIN_TOKEN:
        yield tail
