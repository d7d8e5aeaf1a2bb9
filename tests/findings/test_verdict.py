"""The table as a whole, and several attempts at one item."""

from __future__ import annotations

import pytest

from harness.findings.finding import Reason, Verdict
from harness.findings.verdict import TABLE, judge, judge_attempts
from tests.findings.building import (
    FIRST_PARTY,
    alone,
    facts,
    scanned,
)

LEAK, INCONCLUSIVE, PASS = Verdict.LEAK, Verdict.INCONCLUSIVE, Verdict.PASS


def test_the_plain_item_passes_and_says_where_it_looked() -> None:
    judgement = judge(facts())
    assert judgement.verdict is PASS
    assert judgement.reasons == (Reason("pass", PASS, "nothing found in what was read"),)
    assert [(each.recipient.host, each.allowed_by) for each in judgement.allowed] == [
        (FIRST_PARTY, "clinic.example")
    ]
    assert judgement.findings == ()
    assert judgement.notes == ()


def test_rows_have_unique_keys_and_no_row_demands_a_pass() -> None:
    assert len({row.key for row in TABLE}) == len(TABLE)
    assert all(row.demands is not PASS for row in TABLE)
    assert all(row.situation and row.result for row in TABLE)


def test_a_leak_on_any_attempt_stands() -> None:
    leak, passed, blind = judge(facts(scanned())), judge(facts()), judge(alone())
    stands = judge_attempts([leak, blind, passed])
    assert stands.verdict is LEAK
    assert stands.findings == leak.findings
    assert stands.reasons[-1] == Reason(
        "attempts", LEAK, "attempt 1 of 3 leaked; a later pass does not undo it"
    )
    assert judge_attempts([passed, leak]) is leak
    assert judge_attempts([leak, leak]) is leak
    assert judge_attempts([blind, passed]) is passed
    assert judge_attempts([passed, blind]) is blind


def test_no_attempt_cannot_be_judged() -> None:
    with pytest.raises(ValueError, match="no attempt"):
        judge_attempts([])
