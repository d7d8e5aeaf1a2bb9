"""Pairs what the hooks saw with what the witness saw of the same requests.

Input: exchanges of both views. Output: pairs, one to one, so that two equal requests need two
equal records; and `merged`, the one exchange that a pair amounts to. Pure. A pair needs the same
kind, host, method, path and query, times that fit, and bodies that are equal, or of which one is
known to be incomplete and does not contradict the other. Of several equal records a request takes
the first from its own moment on; an earlier one is rather of a request that the hooks missed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import chain

from harness.findings.carriers import is_handed
from harness.traffic.exchange import Body, Exchange, Header, Kind, Layer, Request, Response

EARLIEST_S, LATEST_S = -5.0, 60.0
"""How much later than the hooks the witness may have seen a request (a slow upload)."""

SAME_MOMENT_S = -0.1
"""Two clocks of one machine that look at one request one after the other differ by less."""

Key = tuple[str | bytes, ...]


def pair(
    hooked: Iterable[Exchange], witnessed: Iterable[Exchange]
) -> tuple[tuple[Exchange, Exchange], ...]:
    """Pairs of (hook view, witness view); what has no partner is left out.

    Exact bodies are paired first, so that an incomplete body never takes another's partner.
    """
    left = sorted((each for each in hooked if not is_handed(each)), key=_by_time)
    right = sorted(witnessed, key=_by_time)
    pairs: list[tuple[Exchange, Exchange]] = []
    for key, fits in ((_exact_key, _same_body), (_key, _compatible_body)):
        found = _pair_by(left, right, key, fits)
        pairs.extend(found)
        taken = {id(each) for couple in found for each in couple}
        left = [each for each in left if id(each) not in taken]
        right = [each for each in right if id(each) not in taken]
    return tuple(pairs)


def merged(hook: Exchange, witness: Exchange) -> Exchange:
    """One exchange: the hooks' view, completed by what only the witness knows."""
    return replace(
        hook,
        seen_by=(*hook.seen_by, Layer.WITNESS),
        request=_merged_request(hook.request, witness.request),
        response=_merged_response(hook.response, witness.response),
    )


def target(url: str) -> str:
    """Path and query of an absolute URL, spelled as they are; `/` where there is none."""
    rest = url.split("://", 1)[-1]
    cut = min((at for at in map(rest.find, "/?#") if at >= 0), default=len(rest))
    path = rest[cut:].split("#", 1)[0]
    return path if path.startswith("/") else "/" + path


def _pair_by(
    left: list[Exchange],
    right: list[Exchange],
    key: Callable[[Exchange], Key],
    fits: Callable[[Body, Body], bool],
) -> list[tuple[Exchange, Exchange]]:
    free: dict[Key, list[Exchange]] = defaultdict(list)
    for each in right:
        free[key(each)].append(each)
    found = []
    for hook in left:
        candidates = free.get(key(hook), [])
        index = _index_for(hook, candidates, fits)
        if index is not None:
            found.append((hook, candidates.pop(index)))
    return found


def _index_for(
    hook: Exchange, candidates: list[Exchange], fits: Callable[[Body, Body], bool]
) -> int | None:
    """Which candidate, in the order of time, is this request; see the module's docstring.

    An app may send one beacon thousands of times, so the times are looked up by bisection.
    """

    def delay_s(witness: Exchange) -> float:
        return witness.started_s - hook.started_s

    since = bisect_left(candidates, EARLIEST_S, key=delay_s)
    now = bisect_left(candidates, SAME_MOMENT_S, key=delay_s)
    until = bisect_right(candidates, LATEST_S, key=delay_s)
    for index in chain(range(now, until), range(since, now)):
        if fits(hook.request.body, candidates[index].request.body):
            return index
    return None


def _by_time(exchange: Exchange) -> tuple[float, str]:
    return exchange.started_s, exchange.id


def _exact_key(exchange: Exchange) -> Key:
    """Of equal complete bodies each fits, so that the first in time is found at once."""
    body = exchange.request.body
    return (*_key(exchange), body.unread, body.data)


def _key(exchange: Exchange) -> Key:
    if exchange.kind is not Kind.HTTP:
        return exchange.kind.value, exchange.host
    request = exchange.request
    return exchange.kind.value, exchange.host, request.method.upper(), target(request.url)


def _same_body(hook: Body, witness: Body) -> bool:
    return not hook.unread and not witness.unread and hook.data == witness.data


def _compatible_body(hook: Body, witness: Body) -> bool:
    """One of them is incomplete, and what there is of it begins like the other."""
    if not hook.unread and not witness.unread:
        return False
    shorter, longer = sorted((hook.data, witness.data), key=len)
    return longer.startswith(shorter)


def _merged_request(hook: Request, witness: Request) -> Request:
    return replace(
        hook,
        headers=_merged_headers(hook.headers, witness.headers),
        body=_fuller(hook.body, witness.body),
        http_version=hook.http_version or witness.http_version,
    )


def _merged_response(hook: Response | None, witness: Response | None) -> Response | None:
    if hook is None or witness is None:
        return hook or witness
    headers = _merged_headers(hook.headers, witness.headers)
    return replace(hook, headers=headers, body=_fuller(hook.body, witness.body))


def _merged_headers(hook: tuple[Header, ...], witness: tuple[Header, ...]) -> tuple[Header, ...]:
    """The hooks' headers and those that were added below them."""
    known = {(name.lower(), value) for name, value in hook}
    added = (each for each in witness if (each[0].lower(), each[1]) not in known)
    return (*hook, *added)


def _fuller(hook: Body, witness: Body) -> Body:
    if hook.unread and (not witness.unread or len(witness.data) > len(hook.data)):
        return witness
    return hook
