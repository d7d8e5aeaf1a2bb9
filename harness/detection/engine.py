"""The matcher: does this exchange contain what was typed? Pure.

Input: an exchange. Output: a `Scan`: where each term stands (and by which decoders it is reached),
the identifiers beside it, and what could not be read. The engine knows nothing of time, hosts or
rules: what a sighting means is decided in `harness.findings`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harness.detection.digests import Digests
from harness.detection.identifiers import IdentifierFinder
from harness.detection.locations import locate
from harness.detection.matching import Match, Matcher
from harness.detection.readability import MIN_OPAQUE_BYTES, opaque_reason
from harness.detection.search import Reading, Search
from harness.detection.sighting import Identifier, Scan, Sighting, Unread
from harness.detection.views import View
from harness.traffic.exchange import Body, Exchange, Header

OPAQUE_SHARE = 0.5
MIN_HIDDEN_BYTES = 64
"""An encoded value is a blind spot from this size on, when it is at least half of the body."""
AUTHORITY_HEADERS = frozenset({"host", "origin", ":authority"})
MAX_CLEAN = 50_000


@dataclass(frozen=True, slots=True)
class Part:
    """Raw bytes of an exchange that are searched on their own."""

    name: str
    data: bytes
    body: Body | None = None
    content_type: str = ""
    header: Header | None = None


class Engine:
    """Searches exchanges for terms.

    Args:
        terms: as typed; empty ones are refused.
        min_prefix: grapheme clusters from which a prefix is looked for.
        known: identifiers that the device told; they are matched exactly.
        salts: values that may have been mixed into a digest of a term.

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
    ) -> None:
        if not terms or not all(term.strip() for term in terms):
            raise ValueError("a term must have at least one visible character")
        self.terms = tuple(dict.fromkeys(terms))
        self._matcher = Matcher(self.terms, min_prefix)
        self._digests = Digests(self.terms, (*salts, *(item.value for item in known)))
        self._identifiers = IdentifierFinder(known)
        self._boring: set[bytes] = set()
        self._clean: set[Header] = set()

    def scan(self, exchange: Exchange) -> Scan:
        """Everything the matcher has to say about one exchange. Never raises on what was sent."""
        search = Search(self._matcher, self._digests, self._boring)
        sightings: list[Sighting] = []
        unread: list[Unread] = []
        layers: list[tuple[str, View]] = []
        for part in parts(exchange):
            if part.header in self._clean:
                layers.append((part.name, View(part.data)))
                continue
            reading = search.part(part.data)
            if search.matches:
                sightings.extend(self._sightings(part, search.matches))
            elif part.header and len(self._clean) < MAX_CLEAN:
                self._clean.add(part.header)
            layers.extend((part.name, view) for view in search.layers)
            unread.extend(_unread(part, reading))
        kept = _deduplicated(sightings)
        identifiers = self._identifiers.find(layers) if kept else ()
        return Scan(kept, identifiers, tuple(unread))

    def _sightings(self, part: Part, matches: list[Match]) -> Iterator[Sighting]:
        for match in matches:
            steps, span = match.view.trace(match.start, match.end)
            location = locate(part.name, match.view, match.start, match.end)
            if _is_authority(part, location, span):
                continue
            yield Sighting(
                self.terms[match.term],
                match.variant,
                location,
                (*steps, *match.suffix),
                span,
                part.name,
                match.prefix,
            )


def parts(exchange: Exchange) -> Iterator[Part]:
    """The parts of an exchange in reading order."""
    request, response = exchange.request, exchange.response
    yield Part("url", request.url.encode("utf-8", "surrogateescape"))
    yield from _headers("", request.headers)
    yield _body("body", request.body, request.headers)
    if response is not None:
        yield from _headers("response.", response.headers)
        yield _body("response.body", response.body, response.headers)


def _headers(prefix: str, headers: Sequence[Header]) -> Iterator[Part]:
    for name, value in headers:
        if value:
            data = value.encode("utf-8", "surrogateescape")
            yield Part(f"{prefix}header[{name.lower()}]", data, header=(name, value))


def _body(name: str, body: Body, headers: Sequence[Header]) -> Part:
    content_type = next((value for key, value in headers if key.lower() == "content-type"), "")
    return Part(name, body.data, body, content_type.partition(";")[0].strip())


def _is_authority(part: Part, location: str, span: tuple[int, int]) -> bool:
    """Whether a match is only the name of the host itself, which nobody typed into a field."""
    if location == "url.host":
        host = part.data[: span[1]].rpartition(b"//")[2]
        return _right_of_subdomains(part.data, len(host), span)
    return part.name.partition("header[")[2].rstrip("]") in AUTHORITY_HEADERS


def _right_of_subdomains(url: bytes, _: int, span: tuple[int, int]) -> bool:
    """Whether the range reaches into the last two labels of the URL's host."""
    start = url.find(b"//") + 2
    end = min(
        (at for at in (url.find(mark, start) for mark in (b"/", b"?", b"#")) if at >= 0),
        default=len(url),
    )
    labels = url[start:end].split(b".")
    last_two = len(b".".join(labels[-2:]))
    return span[1] > end - last_two


def _unread(part: Part, reading: Reading) -> Iterator[Unread]:
    body = part.body
    if body is None:
        return
    if body.unread:
        yield Unread(part.name, body.unread)
    elif len(body.data) < body.size_bytes:
        yield Unread(part.name, f"only {len(body.data)} of {body.size_bytes} bytes were seen")
    if reading.cut:
        yield Unread(part.name, reading.cut)
    size = len(part.data)
    if size < MIN_OPAQUE_BYTES:
        return
    if not reading.explained:
        yield Unread(part.name, opaque_reason(part.data, part.content_type))
    elif reading.opaque_bytes >= max(MIN_HIDDEN_BYTES, OPAQUE_SHARE * size):
        yield Unread(
            part.name,
            f"{reading.opaque_bytes} of {size} bytes are an encoded value that nothing reads",
        )


def _deduplicated(sightings: list[Sighting]) -> tuple[Sighting, ...]:
    """One per term, location and outermost decoder; a whole term beats its prefixes."""
    best: dict[tuple[str, str, tuple[str, ...]], Sighting] = {}
    for sighting in sightings:
        key = (sighting.term, sighting.location, sighting.decoding[:1])
        known = best.get(key)
        if known is None or _strength(sighting) > _strength(known):
            best[key] = sighting
    whole = {(item.term, item.location) for item in best.values() if not item.prefix}
    return tuple(
        item for item in best.values() if not item.prefix or (item.term, item.location) not in whole
    )


def _strength(sighting: Sighting) -> tuple[int, int]:
    """Whole before prefix, longer prefix before shorter, fewer decoders before more."""
    return (sighting.prefix or 1_000_000, -len(sighting.decoding))
