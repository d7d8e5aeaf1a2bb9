"""Contents once each, whoever brings them."""

from __future__ import annotations

from harness.attribution.recipient import Party, Recipient
from harness.baseline.contents import MAX_BODY_BYTES, Blobs, Recipients, kept_body
from harness.baseline.store import Store
from harness.traffic.exchange import Body


def test_numbers_stay_with_their_contents(store: Store) -> None:
    with store.database.writing() as connection:
        first = list(Blobs(connection).ids([b"a", b"", b"b", b"a"]))
    with store.database.writing() as connection:
        again = list(Blobs(connection).ids([b"b", b"c", b"a"]))
    assert first[1] is None
    assert first[0] == first[3] == again[2]
    assert again[0] == first[2]
    assert len({*first, *again} - {None}) == 3


def test_more_than_one_question_can_hold(store: Store) -> None:
    contents = [str(number).encode() for number in range(1700)]
    with store.database.writing() as connection:
        assert len(set(Blobs(connection).ids(contents))) == 1700


def test_recipients_differ_by_all_that_is_known_of_them(store: Store) -> None:
    one = Recipient("a.example", "a.example")
    two = Recipient("a.example", "a.example", sdk="A", party=Party.THIRD, basis=("host",))
    with store.database.writing() as connection:
        numbers = Recipients(connection).ids([one, two, one])
    with store.database.writing() as connection:
        assert Recipients(connection).ids([two]) == [numbers[1]]
    assert numbers[0] == numbers[2] != numbers[1]


def test_a_body_within_the_limit_is_itself() -> None:
    body = Body.of(b"x" * MAX_BODY_BYTES)
    assert kept_body(body) is body
    cut = kept_body(Body(b"x" * (MAX_BODY_BYTES + 1), 9_000_000, "cut at 9"))
    assert (len(cut.data), cut.unread) == (MAX_BODY_BYTES, "cut at 9")
