"""Which fields follow the typed term, even where nobody can read them? Pure.

Input: the exchanges of three runs: A and A again with one term, B with another. Output: fields
whose value is the same in both A runs and another, or gone, in B; and which requests had no
counterpart, so that nothing is known of them. One that says nothing but what a compared one of its
run says, byte by byte, needs none. Three runs suffice, the input is ours (the idea of
black-box differencing is Agrigento's, NDSS 2017).

It cannot see what is encrypted under a fresh key or nonce each time: such a value differs between
the A runs too, is counted as unstable, and remains a blind spot of the scan.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from urllib.parse import urlsplit

from harness.detection.fields import fields
from harness.detection.parts import parts
from harness.traffic.exchange import Exchange, Kind

MAX_COMPARED = 64
"""Requests of one endpoint up to which twins are chosen by likeness, not by their order."""
Key = tuple[str, str, str]
"""Host, method, and a path or what it looks like."""
Table = dict[tuple[str, int], bytes]
"""Value by location and how often that came before in the request."""


@dataclass(frozen=True, slots=True)
class Follower:
    """A field that follows the term.

    Attributes:
        file_a, index_a, file_b, index_b: entries of the first and the third run.
        location: as in a sighting.
        value_a, value_b: the values, bytes; the latter is empty where the field is gone.
        repeated: the request has several fields of that location.
    """

    host: str
    method: str
    path: str
    location: str
    file_a: str
    index_a: int
    file_b: str
    index_b: int
    value_a: bytes
    value_b: bytes
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """What three runs say together.

    Attributes:
        followers: in the order of the first run.
        compared: requests of the first run that both others have.
        alone: requests of any run without a counterpart in the others, by host.
    """

    followers: tuple[Follower, ...]
    compared: int
    alone: dict[str, int]


@dataclass(slots=True, eq=False)
class _Sent:
    """A request with its fields."""

    exchange: Exchange
    table: Table

    @classmethod
    def of(cls, exchange: Exchange) -> _Sent:
        seen: Counter[str] = Counter()
        table: Table = {}
        for location, value in fields(exchange):
            table[location, seen[location]] = value
            seen[location] += 1
        return cls(exchange, table)

    @property
    def path(self) -> str:
        url = self.exchange.request.url
        try:
            return urlsplit(url).path
        except ValueError:  # an app, or whoever asks for a name, may write what is no URL
            return url.partition("#")[0].partition("?")[0]

    @property
    def place(self) -> tuple[str, int]:
        return self.exchange.source, self.exchange.index

    @property
    def key(self) -> Key:
        return self.exchange.host, self.exchange.request.method, self.path

    @property
    def shape(self) -> Key:
        """A path may hold the term, or something that follows it."""
        host, method, path = self.key
        return host, method, str(path.count("/"))

    def like(self, other: _Sent) -> int:
        """How many fields are the same in both."""
        return len(self.table.items() & other.table.items())


Triple = tuple[_Sent, _Sent, _Sent]


def compare(
    first: Sequence[Exchange], again: Sequence[Exchange], other: Sequence[Exchange]
) -> Comparison:
    """Compare three runs, request by request."""
    runs = [[_Sent.of(each) for each in run if _is_sent(each)] for run in (first, again, other)]
    triples = list(_triples(runs, lambda sent: sent.key))
    done = {id(sent) for triple in triples for sent in triple}
    rest = [[sent for sent in run if id(sent) not in done] for run in runs]
    triples += _triples(rest, lambda sent: sent.shape)
    done |= {id(sent) for triple in triples for sent in triple}
    alone = Counter(sent.exchange.host for run in runs for sent in _alone(run, done))
    order = {id(sent): number for number, sent in enumerate(runs[0])}
    triples.sort(key=lambda triple: order[id(triple[0])])
    found = tuple(item for triple in triples for item in _followers(*triple))
    return Comparison(found, len(triples), dict(alone))


def _is_sent(exchange: Exchange) -> bool:
    """Datagrams and streams may have no method; what was received has no body of a request."""
    return bool(exchange.request.method or exchange.request.body.size_bytes)


def _alone(run: Sequence[_Sent], done: Set[int]) -> Iterator[_Sent]:
    """Those without a counterpart that say more than the compared ones of the same run."""
    wholes: dict[tuple[str, int], _Sent] = {}
    for sent in run:  # a raw connection comes as a whole, then write by write
        if sent.exchange.kind is Kind.STREAM and sent.exchange.index >= 0:
            wholes.setdefault(sent.place, sent)
    told = {place for place, whole in wholes.items() if id(whole) in done}
    left = [sent for sent in run if id(sent) not in done and sent.place not in told]
    keys = {sent.key for sent in left}
    said = {_said(sent) for sent in run if id(sent) in done and sent.key in keys}
    yield from (sent for sent in left if _said(sent) not in said)


def _said(sent: _Sent) -> tuple[object, ...]:
    return sent.key, frozenset(sent.table.items()), frozenset(_parts(sent).items())


def _triples(runs: Sequence[Sequence[_Sent]], key: Callable[[_Sent], Key]) -> Iterator[Triple]:
    """Each request of the first run with its twins, where both others have one."""
    groups = [_grouped(run, key) for run in runs]
    for name, mine in groups[0].items():
        twins = _twins(mine, groups[1].get(name, []))
        changed = _twins(mine, groups[2].get(name, []))
        yield from (
            (sent, twins[n], changed[n])
            for n, sent in enumerate(mine)
            if n in twins.keys() & changed.keys()
        )


def _grouped(run: Iterable[_Sent], key: Callable[[_Sent], Key]) -> dict[Key, list[_Sent]]:
    groups: defaultdict[Key, list[_Sent]] = defaultdict(list)
    for sent in run:
        groups[key(sent)].append(sent)
    return groups


def _twins(mine: Sequence[_Sent], theirs: Sequence[_Sent]) -> dict[int, _Sent]:
    """By number in `mine`, the one of `theirs` that is most alike; each is given once."""
    if max(len(mine), len(theirs)) > MAX_COMPARED:
        return dict(enumerate(theirs[: len(mine)]))
    free = list(theirs)
    given: dict[int, _Sent] = {}
    for number, sent in enumerate(mine):
        if free:
            given[number] = max(free, key=sent.like)
            free.remove(given[number])
    return given


def _followers(before: _Sent, same: _Sent, after: _Sent) -> Iterator[Follower]:
    """Fields of one request; or a whole part, where none of its fields tells the difference."""
    repeats = Counter(location for location, _ in before.table)
    told = []
    for place, value in before.table.items():
        if same.table.get(place) == value != after.table.get(place):
            told.append(place[0])
            yield _follower(before, after, place[0], value, after.table.get(place, b""), repeats)
    raw = [_parts(sent) for sent in (before, same, after)]
    for part, value in raw[0].items():
        stable = raw[1].get(part) == value
        if (
            stable
            and raw[2].get(part, value) != value
            and not any(at.startswith(part) for at in told)
        ):
            yield _follower(before, after, part, value, raw[2][part], repeats)


def _follower(
    before: _Sent,
    after: _Sent,
    location: str,
    value_a: bytes,
    value_b: bytes,
    repeats: Counter[str],
) -> Follower:
    host, method, path = before.key
    a, b = before.exchange, after.exchange
    return Follower(
        host,
        method,
        path,
        location,
        a.source,
        a.index,
        b.source,
        b.index,
        value_a,
        value_b,
        repeats[location] > 1,
    )


def _parts(sent: _Sent) -> dict[str, bytes]:
    """URL and body as they were sent; headers are fields anyway."""
    return {part.name: part.data for part in parts(sent.exchange) if part.name in ("url", "body")}
