"""One part of an exchange, layer by layer. Pure.

Input: the raw bytes of a part (URL, header value, body). Output: matches with the view they were
found in, and how much of the part stayed opaque. Each layer is searched, then unwrapped by the
decoders that could apply, until nothing new appears, the depth limit or the work budget is reached.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from harness.detection import decoders, tokens
from harness.detection.budget import Budget
from harness.detection.decoders import jwt, multipart
from harness.detection.digests import Digests
from harness.detection.matching import Match, Matcher
from harness.detection.readability import is_text, is_utf8, mostly_text, opaque_format
from harness.detection.reading import CIPHER_TOKEN, Reading
from harness.detection.salting import digest_shaped
from harness.detection.tokens import MAX_DECODED_BYTES, MIN_TOKEN
from harness.detection.views import Piece, View, gaps

MAX_DEPTH = 14
MAX_BORING = 400_000
MAX_BORING_CHARS = 200
MAX_OCCURRENCES = 4
MIN_LAYER = 8
MIN_REST = 16
"""Undecoded bytes beside a format from which they can be a cipher's block, not a frame's head."""
BEYOND = "breaks off, is damaged or expands beyond its limit"
MAX_BESIDE = 96
"""Bytes beside a known ciphertext that may be its vector, its tag and the name of its key."""
MIN_RAW_DIGEST = 16
SURE_TOKEN = 24
"""Characters from which a readable decoding of a token is no coincidence."""
MAX_XOR_TEXT = 4096
"""A readable decoded value up to this size may still be XOR by a small key."""


@dataclass(slots=True)
class Search:
    """Searches the parts of one exchange.

    Attributes:
        boring: tokens known to hold nothing, shared over exchanges by the engine; only ever a
            short cut, since what a token decodes to does not depend on where it stands.
        matches, layers: what was found, and the readable layers without those whose escapes were
            undone in another, both of the part searched last.
        suspects: digest-shaped tokens of that part that no digest explains.
    """

    matcher: Matcher
    digests: Digests
    boring: set[bytes]
    budget: Budget = field(default_factory=Budget)
    matches: list[Match] = field(default_factory=list)
    layers: list[View] = field(default_factory=list)
    suspects: list[tuple[View, bytes]] = field(default_factory=list)
    _seen: set[bytes] = field(default_factory=set)
    _unwrapped: set[bytes] = field(default_factory=set)

    def part(self, data: bytes, known: Sequence[Piece] = ()) -> Reading:
        """Search one part; `matches` and `layers` then are those of this part.

        `known`: what ranges of it were made of, which no decoder could find out.
        """
        self._seen, self._unwrapped = set(), set()
        self.matches, self.layers, self.suspects = [], [], []
        root = View(data)
        reading = self._read(root)
        if known:
            rest = sum(high - low for low, high in gaps(len(data), list(known)))
            covered = len(data) - rest
            reading.explained = reading.explained or rest <= MAX_BESIDE
            reading.opaque_bytes = max(0, reading.opaque_bytes - covered - MAX_BESIDE)
            reading.small_bytes = max(0, reading.small_bytes - covered)
        for piece in known:
            self._descend(root, piece, reading)
        return reading

    def _read(self, view: View) -> Reading:
        data = view.data
        if not self.budget.take(len(data) + 64):
            return Reading(False, len(data), self.budget.over)
        plain = is_text(data)
        signs: list[Piece] = []
        self.matches.extend(self.matcher.text(view, plain, signs))
        if view.depth >= MAX_DEPTH:
            return Reading(plain, 0, "nested deeper than the depth limit")
        for piece in signs:
            self._descend(view, piece, Reading(True))
        if plain and is_utf8(data):
            if view.depth and len(data) <= MAX_XOR_TEXT:
                self.matches.extend(self.matcher.xor(view))
            return self._read_text(view)
        if opaque_format(data):
            return Reading(True)
        return self._read_binary(view, plain)

    # -- readable views -----------------------------------------------------------------------

    def _read_text(self, view: View) -> Reading:
        reading = Reading(True)
        pieces: list[Piece] = []
        if not view.data.isalnum():
            pieces = [piece for decoder in decoders.TEXT for piece in decoder(view.data)]
        escaped = any(piece.name in decoders.ESCAPES for piece in pieces)
        self._read_tokens(view, reading, escaped)
        if not escaped:
            self._read_values(view, reading)
            if len(view.data) >= MIN_LAYER:
                self.layers.append(view)
        for piece in pieces:
            self._descend(view, piece, reading)
        return reading

    def _descend(self, view: View, piece: Piece, reading: Reading) -> None:
        if piece.data in self._unwrapped or piece.data == view.data:
            return
        self._unwrapped.add(piece.data)
        inner = self._read(view.child(piece))
        reading.cover(inner, piece)
        reading.cut = reading.cut or (BEYOND if piece.cut else "")

    def _read_tokens(self, view: View, reading: Reading, escaped: bool) -> None:
        """Look into encoded-looking runs; those of an escaped view are whole in its child."""
        fresh = tokens.tokens_in(view.data) - self.boring - self._seen
        for token in sorted([token for token in fresh if len(token) >= MIN_TOKEN]):
            if tokens.opaque_by_shape(token) and not self.digests.like_a_number(token):
                continue
            if escaped and not tokens.bridged(token):
                continue
            self._seen.add(token)
            if not self.budget.take_token():
                reading.cut = reading.cut or self.budget.over
                return
            before = len(self.matches)
            explained = self._read_token(view, token, reading)
            if len(self.matches) == before and (not explained or len(token) < SURE_TOKEN):
                self._forget(token)
            if len(token) >= CIPHER_TOKEN and not jwt.is_signature(view.data, token):
                reading.add_token(token, explained)

    def _forget(self, token: bytes) -> None:
        """Never look at a short token again that held nothing and cannot be a salted digest."""
        if digest_shaped(token) or self.budget.over:  # over the budget nobody has looked
            return
        if len(token) < CIPHER_TOKEN and len(self.boring) < MAX_BORING:
            self.boring.add(token)

    def _read_token(self, view: View, token: bytes, reading: Reading) -> int:
        """How many characters of `token` held something readable."""
        if self._digest(view, token):
            return len(token)
        found = False
        for name, decoded in tokens.decodings(token):
            found |= self._token_piece(view, token, name, decoded, reading)
            if found and len(token) >= SURE_TOKEN:
                return len(token)
        if found:
            return len(token)
        explained = 0
        for part in tokens.parts_of(token):
            if part not in self._seen and part not in self.boring:
                self._seen.add(part)
                explained += self._read_token(view, part, reading)
        return explained

    def _token_piece(
        self, view: View, token: bytes, name: str, decoded: bytes, above: Reading
    ) -> bool:
        """Read what a token decodes to; where it stands is looked up only if that matters."""
        marks = len(self.matches), len(self.layers), len(self.suspects)
        child = view.child(Piece(name, 0, len(token), decoded))
        reading = self._read(child)
        if reading.explained:
            above.add_beneath(reading, Piece(name, 0, len(token), decoded))
        if marks == (len(self.matches), len(self.layers), len(self.suspects)):
            return reading.explained
        found = self.matches[marks[0] :]
        for number, start in enumerate(_occurrences(view.data, token)):
            piece = Piece(name, start, start + len(token), decoded)
            if number == 0:
                child.piece = piece
                continue
            twin = view.child(piece)
            self.matches += [replace(one, view=one.view.moved(child, twin)) for one in found]
        return reading.explained or bool(found)

    def _digest(self, view: View, token: bytes) -> bool:
        found = False
        for hit in self.digests.in_token(token):
            for start in _occurrences(view.data, token):
                if self.digests.confirmed(hit, view.data, start):
                    low, high = start + hit.start, start + hit.end
                    self.matches.append(Match(view, low, high, hit.term, hit.variant, hit.steps))
                    found = True
        if not found and digest_shaped(token):
            self.suspects.append((view, token))
        return found

    def _read_values(self, view: View, reading: Reading) -> None:
        """Alphabets with punctuation: whole values only."""
        for raw in sorted(tokens.values_in(view.data) - self.boring):
            if raw in self._seen or not tokens.punctuated(raw):
                continue
            self._seen.add(raw)
            found = False
            for value, name, decoded in tokens.value_decodings(raw):
                found |= self._token_piece(view, value, name, decoded, reading)
            if not found:
                self._forget(raw)

    # -- binary views -------------------------------------------------------------------------

    def _read_binary(self, view: View, plain: bool) -> Reading:
        if multipart.is_multipart(view.data):
            return self._read_text(view)
        strict = self._read_strict(view)
        if strict.explained and not strict.opaque_bytes:
            return strict
        readings = [strict]
        readings += [
            self._read_loose(view, pieces)
            for decoder in decoders.LOOSE_BY_FIRST[view.data[0]]
            if (pieces := list(decoder(view.data, MAX_DECODED_BYTES)))
        ]
        self.matches.extend(self.matcher.xor(view))
        explained = [one for one in readings if one.explained]
        if not strict.explained and (plain or mostly_text(view.data)):
            return self._read_text(view)
        for hit in self.digests.in_bytes(view.data) if len(view.data) >= MIN_RAW_DIGEST else ():
            self.matches.append(Match(view, hit.start, hit.end, hit.term, hit.variant, hit.steps))
        if explained:
            return min(explained, key=lambda one: one.opaque_bytes)
        cut = next((one.cut for one in readings if one.cut), "")
        return Reading(False, len(view.data), cut)

    def _read_strict(self, view: View) -> Reading:
        """What proves itself, and how much beside it remains that is no text."""
        reading = Reading(False)
        if not decoders.may_be_strict(view.data):
            return reading
        pieces: list[Piece] = []
        for decoder in decoders.STRICT:
            for piece in decoder(view.data, MAX_DECODED_BYTES):
                pieces.append(piece)
                self._descend(view, piece, reading)
        reading.explained = bool(pieces)
        if not any(piece.cut for piece in pieces):  # what follows a cut is told by the cut
            rests = [view.data[low:high] for low, high in gaps(len(view.data), pieces)]
            reading.opaque_bytes += sum(
                len(rest) for rest in rests if len(rest) >= MIN_REST and not is_text(rest)
            )
        return reading

    def _read_loose(self, view: View, pieces: list[Piece]) -> Reading:
        """What the pieces say, if most of what they hold is readable."""
        reading = Reading(False)
        readable = total = 0
        for piece in pieces:
            total += len(piece.data)
            before = len(self.matches)
            inner = self._read(view.child(piece))
            if inner.explained or len(self.matches) > before:
                readable += len(piece.data)
            reading.add_beneath(inner, piece)
            reading.cut = reading.cut or (BEYOND if piece.cut else "")
        reading.explained = bool(total) and readable * 2 >= total
        return reading if reading.explained else Reading(False, cut=reading.cut)


def _occurrences(data: bytes, token: bytes) -> Iterator[int]:
    """The first few places of `token` in `data`."""
    at = data.find(token)
    for _ in range(MAX_OCCURRENCES):
        if at < 0:
            return
        yield at
        at = data.find(token, at + len(token))
