"""The matcher: does this exchange contain what was typed? Pure.

Input: an exchange. Output: a `Scan`: where each term stands (and by which decoders it is reached),
the identifiers beside it, and what could not be read. The engine knows nothing of time, hosts or
rules: what a sighting means is decided in `harness.findings`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Sequence

from harness.detection.digests import Digests
from harness.detection.identifiers import IdentifierFinder
from harness.detection.locations import locate
from harness.detection.matching import Match, Matcher
from harness.detection.parts import Part, parts
from harness.detection.reading import CIPHER_TOKEN
from harness.detection.salting import Evidence, Salts
from harness.detection.search import Search
from harness.detection.sighting import Identifier, Scan, Sighting, Unread
from harness.detection.unread import complete, unread_in
from harness.detection.views import Piece, View
from harness.traffic.exchange import Exchange

AUTHORITY_HEADERS = frozenset({"host", "origin", ":authority"})
MAX_CLEAN = 50_000
MAX_CLEAN_BYTES = 512
WHOLE = 1_000_000
MAX_TOLD = 200
"""Places of one term in one part that are told; a body may repeat it ten thousand times."""


Clean = tuple[str, bytes]
"""Name and bytes of a part in which nothing was found."""


_AFTER = " < "
"""Between the names of operations that one known piece undoes."""

Layer = tuple[str, View]
"""Name of a part and a readable layer of it."""
Found = tuple[Sighting, Match]
"""A sighting and the match behind it."""


class Engine:
    """Searches exchanges for terms.

    Args:
        terms: as typed; empty ones are refused.
        min_prefix: grapheme clusters from which a prefix is looked for.
        known: identifiers that the device told; they are matched exactly.
        salts: values that may have been mixed into a digest of a term.
        note_salts: look for such values in every exchange, not only beside what may be a digest.

    Raises:
        ValueError: no terms, or an empty one.
    """

    def __init__(
        self,
        terms: Sequence[str],
        *,
        min_prefix: int = 4,
        known: Sequence[Identifier] = (),
        salts: Sequence[str] = (),
        note_salts: bool = True,
    ) -> None:
        if not terms or not all(term.strip() for term in terms):
            raise ValueError("a term must have at least one visible character")
        self.terms = tuple(dict.fromkeys(terms))
        self._matcher = Matcher(self.terms, min_prefix)
        self._digests = Digests(self.terms)
        self._salts = Salts(self.terms, (*salts, *(item.value for item in known)))
        self._note_salts = note_salts
        self._identifiers = IdentifierFinder(known)
        self._boring: set[bytes] = set()
        self._clean: set[Clean] = set()

    def scan(self, exchange: Exchange, *, beside: Container[str] | None = None) -> Scan:
        """Everything the matcher has to say about one exchange. Never raises on what was sent.

        Args:
            beside: tell the identifiers of the exchange although there is no term beside them,
                except these values; None: do not.
        """
        found, layers, unread = self._search(exchange, self._boring, self._clean)
        kept = tuple(sighting for sighting, _ in deduplicated(found))
        if beside is not None or self._note_salts:
            self._salts.note(self._identifiers.salts(layers))
        if kept:
            return Scan(kept, self._identifiers.find(layers), unread)
        told = self._identifiers.find(layers, beside) if beside is not None else ()
        return Scan(kept, told, unread)

    def learn(self) -> bool:
        """Whether a salt that was seen late explains a digest that was scanned before it.

        From then on that salt is known: whoever keeps exchanges has them scanned again.
        """
        late = self._salts.late()
        self._salts.fix(late)
        if late:  # what was known to hold nothing may hold something now
            self._boring.clear()
            self._clean.clear()
        return bool(late)

    def evidence(self) -> Evidence:
        """What scans taught of salts since this was last asked, for who joins several engines."""
        return self._salts.evidence()

    def found(self, exchange: Exchange) -> tuple[Found, ...]:
        """The sightings of `scan`, each with the match behind it, to be replayed."""
        found, _, _ = self._search(exchange, set(), set())
        return deduplicated(found)

    def _search(
        self, exchange: Exchange, boring: set[bytes], clean: set[Clean]
    ) -> tuple[list[Found], list[Layer], tuple[Unread, ...]]:
        search = Search(self._matcher, self._digests, boring)
        found: list[Found] = []
        unread: list[Unread] = []
        layers: list[Layer] = []
        suspects: list[tuple[Part, View, bytes]] = []
        for part in parts(exchange):
            known = _known(exchange, part)
            if not known and (part.name, part.data) in clean and complete(part.body):
                layers.append((part.name, View(part.data)))
                continue
            reading = search.part(part.data, known)
            gaps = tuple(unread_in(part, reading))
            if search.matches:
                found.extend(self._found(part, search.matches))
            elif not known and _reusable(part, gaps, search) and len(clean) < MAX_CLEAN:
                clean.add((part.name, part.data))
            layers.extend((part.name, view) for view in search.layers)
            suspects.extend(
                (part, view, token) for view, token in search.suspects if self._salts.unknown(token)
            )
            unread.extend(gaps)
        if suspects:
            found.extend(self._salted(suspects, layers))
            short = {token for _, _, token in suspects if len(token) < CIPHER_TOKEN}
            boring.update(token for token in short if not self._salts.unknown(token))
        return found, layers, tuple(unread)

    def _salted(
        self, suspects: list[tuple[Part, View, bytes]], layers: list[Layer]
    ) -> Iterator[Found]:
        """Suspects that are digests of a term mixed with an identifier beside them."""
        tokens = [token for _, _, token in suspects]
        hits = self._salts.find(tokens, self._identifiers.salts(layers))
        for part, view, token in suspects if hits else ():
            hit = hits.get(token)
            if hit is not None:
                start = view.data.find(token)
                end = start + len(token)
                match = Match(view, start, end, hit.term, hit.variant, hit.steps, salt=hit.salt)
                yield from self._found(part, [match])

    def _found(self, part: Part, matches: list[Match]) -> Iterator[Found]:
        told: Counter[int] = Counter()
        for match in matches:
            told[match.term] += 1
            if told[match.term] > MAX_TOLD:
                continue
            steps, span = match.view.trace(match.start, match.end)
            location = locate(part.name, match.view, match.start, match.end)
            if not _is_authority(part, location, span):
                sighting = Sighting(
                    self.terms[match.term],
                    match.variant,
                    location,
                    (*_single(steps), *match.suffix),
                    span,
                    part.name,
                    match.prefix,
                )
                yield sighting, match


def _reusable(part: Part, gaps: tuple[Unread, ...], search: Search) -> bool:
    """Whether the same small part need not be searched again: it holds nothing to tell or doubt."""
    small = len(part.data) <= MAX_CLEAN_BYTES
    return small and not gaps and not search.suspects and not search.budget.over


def _known(exchange: Exchange, part: Part) -> list[Piece]:
    """What the app itself says that ranges of the part were made of, in their order."""
    found = [each for each in exchange.plaintexts if each.part == part.name]
    return [
        Piece(_AFTER.join(each.how), each.start, each.end, each.data)
        for each in sorted(found, key=lambda each: (each.start, each.end))
    ]


def _single(steps: tuple[str, ...]) -> Iterator[str]:
    """Steps that the app took at once, each by itself."""
    for step in steps:
        yield from step.split(_AFTER)


def _is_authority(part: Part, location: str, span: tuple[int, int]) -> bool:
    """Whether a match is only the name of a host, which nobody typed into a field.

    Labels left of the last two still count: `cancer.collector.example` tells the collector.
    """
    if part.name.partition("header[")[2].rstrip("]") in AUTHORITY_HEADERS:
        return True
    if location != "url.host":
        return False
    start = part.data.find(b"//") + 2
    ends = [at for at in (part.data.find(mark, start) for mark in (b"/", b"?", b"#")) if at >= 0]
    end = min(ends, default=len(part.data))
    last_two = b".".join(part.data[start:end].split(b".")[-2:])
    return span[1] > end - len(last_two)


def deduplicated(found: list[Found]) -> tuple[Found, ...]:
    """One per term, location and outermost decoder; a whole term beats its prefixes.

    What shows through a compressed value (short words survive) is dropped where the same term was
    found by decoding that value.
    """
    best: dict[tuple[str, str, tuple[str, ...]], Found] = {}
    for sighting, match in found:
        key = (sighting.term, sighting.location, sighting.decoding[:1])
        known = best.get(key)
        if known is None or _better(sighting, known[0]):
            best[key] = (sighting, match)
    kept = [sighting for sighting, _ in best.values()]
    return tuple(item for item in best.values() if not any(_beats(o, item[0]) for o in kept))


def _better(one: Sighting, other: Sighting) -> bool:
    """Whole before prefix, longer prefix before shorter; then the way that explains more.

    A chain that goes on where the other stops explains more (a short word shows through a
    compressed value); of unrelated chains the shorter is better.
    """
    if one.prefix != other.prefix:
        return (one.prefix or WHOLE) > (other.prefix or WHOLE)
    mine, theirs = one.decoding, other.decoding
    if mine[: len(theirs)] == theirs or theirs[: len(mine)] == mine:
        return len(mine) > len(theirs)
    return len(mine) < len(theirs)


def _beats(other: Sighting, sighting: Sighting) -> bool:
    """Whether `other` says the same as `sighting`, and better."""
    if other.term != sighting.term or other.part != sighting.part:
        return False
    if sighting.prefix and not other.prefix and other.location == sighting.location:
        return True
    shows_through = sighting.location == sighting.part and not sighting.decoding
    return shows_through and bool(other.decoding) and _inside(sighting.range, other.range)


def _inside(inner: tuple[int, int], outer: tuple[int, int]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1] and inner != outer
