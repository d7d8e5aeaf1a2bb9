"""A run's verdict from its items."""

from __future__ import annotations

import pytest

from harness.errors import LabError
from harness.findings.finding import Verdict
from harness.report.model import ERROR_ROW, ItemReport, Report, judgement_of_error, overall
from tests.report.items import blind, leaking, passing


@pytest.mark.parametrize(
    ("items", "verdict"),
    [
        ((), Verdict.INCONCLUSIVE),
        ((passing(),), Verdict.PASS),
        ((passing(), blind()), Verdict.INCONCLUSIVE),
        ((blind(), leaking(), passing()), Verdict.LEAK),
    ],
)
def test_the_gravest_item_decides(items: tuple[ItemReport, ...], verdict: Verdict) -> None:
    assert Report(items).verdict is verdict
    assert overall([item.verdict for item in items]) is verdict


def test_an_error_is_inconclusive_and_names_what_to_do() -> None:
    error = LabError("no device", where="adb", seen="none", action="start one")
    judgement = judgement_of_error(error)
    assert judgement.verdict is Verdict.INCONCLUSIVE
    (reason,) = judgement.reasons
    assert (reason.row, reason.detail) == (ERROR_ROW, "adb: no device (seen: none)")
    assert reason.action == "start one"
    assert judgement_of_error(LabError("x")).reasons[0].detail == "x"
