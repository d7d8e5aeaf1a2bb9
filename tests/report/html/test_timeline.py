"""What happened, in order: steps, exchanges with a term, and the others folded between them."""

from __future__ import annotations

from harness.detection.engine import Engine
from harness.report.html.exchanges import Row
from harness.report.html.timeline import FULL_ROWS, Allowance, Folded, Step, timeline
from harness.report.run import Happened, ReportedItem
from tests.findings.building import TERM, TYPED_S, exchange
from tests.report.items import leaking
from tests.report.runs import item
from tests.report.test_har import seen

ENGINE = Engine([TERM])


def quiet(at_s: float) -> object:
    return seen(exchange(at_s=at_s, body=b'{"event":"opened"}'))


def played(*sent: object) -> ReportedItem:
    events = (
        Happened("ItemStarted", TYPED_S - 10),
        Happened("StepStarted", TYPED_S - 1, {"number": 1, "kind": "inputTerm", "place": "a:1:2"}),
        Happened("TextTyped", TYPED_S, {"arrived": TERM, "method": "ime"}),
        Happened("StepFinished", TYPED_S + 1, {"number": 1, "outcome": "ok", "detail": ""}),
        Happened("StepStarted", TYPED_S + 5, {"number": 2, "kind": "tapOn", "label": "x"}),
    )
    return item(leaking(), *sent, events=events)  # type: ignore[arg-type]


def test_steps_and_exchanges_are_merged_by_time() -> None:
    said = seen(exchange(at_s=TYPED_S + 3, body=TERM.encode()))
    of = played(quiet(TYPED_S + 2), quiet(TYPED_S + 2.5), said, quiet(TYPED_S + 6))
    allowance = Allowance(100)
    entries = timeline(of, 4, ENGINE, allowance)
    assert [type(entry).__name__ for entry in entries] == [
        "Step", "Step", "Folded", "Row", "Step", "Folded",
    ]  # fmt: skip
    first, _, folded, row, last, _ = entries
    assert isinstance(first, Step)
    assert (first.name, first.outcome, first.place, first.after_s) == (
        "inputTerm",
        "ok",
        "a:1:2",
        9,
    )
    assert isinstance(folded, Folded)
    assert (folded.count, folded.with_term, folded.left) == (2, 0, 0)
    assert isinstance(row, Row)
    assert allowance.anchors == {(4, said.exchange.id): row.anchor}
    assert isinstance(last, Step)
    assert last.outcome == "failed"  # it never finished


def test_beyond_the_limit_the_number_is_told() -> None:
    of = played(*(quiet(TYPED_S + n / 10) for n in range(1, 40)))
    allowance = Allowance(10)
    folded = [each for each in timeline(of, 0, ENGINE, allowance) if isinstance(each, Folded)]
    assert sum(len(each.rows) for each in folded) == 10
    assert sum(each.count for each in folded) == 39
    assert sum(each.left for each in folded) == 29
    assert allowance.rows == 0


def test_more_terms_than_a_page_tells_in_full_are_counted() -> None:
    many = (seen(exchange(at_s=TYPED_S + 10 + n, body=TERM.encode())) for n in range(FULL_ROWS + 7))
    entries = timeline(played(*many), 0, ENGINE, Allowance(1000))
    assert sum(isinstance(each, Row) for each in entries) == FULL_ROWS
    (folded,) = [each for each in entries if isinstance(each, Folded)]
    assert (folded.count, folded.with_term) == (7, 7)


def test_without_events_and_start_time_begins_with_the_first_exchange() -> None:
    of = item(leaking(), quiet(TYPED_S + 2), started_s=None)  # type: ignore[arg-type]
    (folded,) = timeline(of, 0, None, Allowance(5))
    assert isinstance(folded, Folded)
    assert folded.rows[0].after_s == 0
