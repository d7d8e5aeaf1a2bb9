"""Two views of the same requests become pairs, one to one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.traffic.exchange import Body, Exchange, Kind, Layer, Response
from harness.traffic.matching import merged, pair, target
from tests.findings.building import HOOKS, exchange

WITNESS = (Layer.WITNESS,)


def hook(name: str = "h", at_s: float = 100.0, **fields: Any) -> Exchange:
    return exchange(name=name, at_s=at_s, seen_by=HOOKS, **fields)


def witness(name: str = "w", at_s: float = 100.1, **fields: Any) -> Exchange:
    return exchange(name=name, at_s=at_s, seen_by=WITNESS, **fields)


def names(hooked: list[Exchange], witnessed: list[Exchange]) -> list[tuple[str, str]]:
    return [(left.id, right.id) for left, right in pair(hooked, witnessed)]


def test_the_same_request_is_one_pair() -> None:
    assert names([hook(body=b"x")], [witness(body=b"x")]) == [("h", "w")]


@pytest.mark.parametrize(
    "other",
    [
        {"host": "other.example"},
        {"path": "/track?x=1"},
        {"body": b"y"},
        {"kind": Kind.WEBSOCKET},
        {"at_s": 160.1},
        {"at_s": 94.9},
    ],
)
def test_another_request_is_none(other: dict[str, Any]) -> None:
    assert names([hook(body=b"x")], [witness(**({"body": b"x"} | other))]) == []


@pytest.mark.parametrize("at_s", [95.0, 160.0])
def test_times_may_differ_by_a_slow_upload(at_s: float) -> None:
    assert names([hook()], [witness(at_s=at_s)]) == [("h", "w")]


def test_a_record_from_before_the_request_is_taken_only_for_want_of_a_later_one() -> None:
    """It is of an equal request that the hooks missed, or the clocks differ."""
    early, seen = witness("early", 98.6), witness("seen", 100.01)
    assert names([hook()], [early, seen]) == [("h", "seen")]
    assert names([hook()], [witness("slow", 112.0), early]) == [("h", "slow")]
    ahead = [hook("one", 103.0), hook("two", 104.0)]
    recorded = [witness("w1", 100.0), witness("w2", 101.0)]
    assert names(ahead, recorded) == [("one", "w1"), ("two", "w2")]


class Moment(float):
    """A time that counts how often another is taken from it."""

    taken = 0

    def __sub__(self, other: float) -> float:
        Moment.taken += 1
        return float(self) - float(other)


def test_a_beacon_that_was_sent_often_is_paired_without_looking_at_each_record() -> None:
    many = 400
    Moment.taken = 0
    hooks = [hook(f"h{n:03}", 100 + n / 1000) for n in range(many)]
    recorded = [witness(f"w{n:03}", Moment(99 + n / 1000)) for n in range(many)]
    assert names(hooks, recorded) == [(f"h{n:03}", f"w{n:03}") for n in range(many)]
    assert Moment.taken < many * 40  # three bisections each; all pairs would be 80,000


def test_another_method_is_another_request_in_any_case() -> None:
    get = witness()
    get = replace(get, request=replace(get.request, method="GET"))
    assert names([hook()], [get]) == []
    lower = replace(get, request=replace(get.request, method="post"))
    assert names([hook()], [lower]) == [("h", "w")]


def test_two_equal_requests_need_two_records() -> None:
    hooks = [hook("h1", 100), hook("h2", 101)]
    assert names(hooks, [witness("w1", 100.5)]) == [("h1", "w1")]
    both = [witness("w2", 101.5), witness("w1", 100.5)]
    assert names(hooks, both) == [("h1", "w1"), ("h2", "w2")]


def test_an_incomplete_body_takes_what_is_left_over() -> None:
    cut = hook("cut", 99, body=Body(b"ab", 4, "cut at 2"))
    whole = hook("whole", 100, body=b"abcd")
    one = witness("w1", 100.2, body=b"abcd")
    assert names([cut, whole], [one]) == [("whole", "w1")]
    two = witness("w2", 100.3, body=b"abzz")
    assert names([cut, whole], [one, two]) == [("whole", "w1"), ("cut", "w2")]
    assert names([cut], [witness(body=b"zbcd")]) == []
    unread = witness(body=Body(b"a", 2, "cut"))
    assert names([hook(body=b"ab")], [unread]) == [("h", "w")]
    assert names([hook(body=b"ab")], [witness(body=b"a")]) == []


def test_hand_overs_have_no_witness() -> None:
    handed = exchange(name="h", at_s=100, kind=Kind.HANDOVER, seen_by=(Layer.IPC,))
    assert names([handed], [witness(kind=Kind.HANDOVER)]) == []


def test_what_is_not_http_is_compared_by_host_and_bytes() -> None:
    left = hook(kind=Kind.STREAM, scheme="tcp", body=b"x")
    assert names([left], [witness(kind=Kind.STREAM, path="", body=b"x")]) == [("h", "w")]


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://a.example", "/"),
        ("https://a.example/", "/"),
        ("https://a.example/b?c=d#e", "/b?c=d"),
        ("https://a.example?c=d", "/?c=d"),
        ("https://a.example:8443/b", "/b"),
        ("https://a.example/b?u=http://x/y", "/b?u=http://x/y"),
        ("https://a.example#e", "/"),
        ("nonsense", "/"),
        ("/b?c", "/b?c"),
    ],
)
def test_the_target_is_path_and_query(url: str, path: str) -> None:
    assert target(url) == path


def test_the_merged_exchange_has_the_hooks_stack_and_all_that_the_witness_knows() -> None:
    left = hook(body=Body(b"ab", 4, "cut"), response=Response(200, body=Body(b"", 2, "cut")))
    left = replace(left, request=replace(left.request, headers=(("A", "1"),)))
    right = witness(body=b"abcd", response=Response(200, (("R", "2"),), Body.of(b"ok")))
    headers = (("a", "1"), ("A", "2"), ("Cookie", "c"))
    right = replace(right, request=replace(right.request, headers=headers, http_version="HTTP/2.0"))
    both = merged(left, right)
    assert (both.id, both.stack, both.started_s) == ("h", left.stack, 100.0)
    assert both.seen_by == (*HOOKS, Layer.WITNESS)
    assert both.request.body == Body.of(b"abcd")
    assert both.request.headers == (("A", "1"), ("A", "2"), ("Cookie", "c"))
    assert both.request.http_version == "HTTP/2.0"
    assert both.response is not None
    assert both.response.body == Body.of(b"ok")
    assert both.response.headers == (("R", "2"),)


def test_a_response_that_one_view_lacks_comes_from_the_other() -> None:
    answer = Response(204)
    left, right = replace(hook(), response=None), witness(response=answer)
    assert merged(left, right).response == answer
    assert merged(replace(left, response=answer), replace(right, response=None)).response == answer
    assert merged(left, replace(right, response=None)).response is None


def test_the_longer_of_two_incomplete_bodies_is_kept() -> None:
    short, long = Body(b"a", 4, "cut"), Body(b"abc", 4, "cut too")
    assert merged(hook(body=short), witness(body=long)).request.body == long
    assert merged(hook(body=long), witness(body=short)).request.body == long
    assert merged(hook(body=long), witness(body=Body(b"abc", 4, "other"))).request.body == long
    complete = Body.of(b"a")
    assert merged(hook(body=complete), witness(body=long)).request.body == complete


@given(st.lists(st.sampled_from(["/a", "/b"]), max_size=6), st.randoms(use_true_random=False))
def test_a_complete_record_leaves_nothing_unpaired(paths: list[str], chance: Any) -> None:
    hooks = [hook(f"h{n}", 100 + n, path=path) for n, path in enumerate(paths)]
    seen = [witness(f"w{n}", 100.5 + n, path=path) for n, path in enumerate(paths)]
    chance.shuffle(hooks)
    chance.shuffle(seen)
    pairs = pair(hooks, seen)
    assert len(pairs) == len(paths)
    assert len({right.id for _, right in pairs}) == len(paths)
