"""The little that the values themselves say."""

from __future__ import annotations

from dataclasses import replace

from harness.baseline.model import About, AppVersion, RunInfo, StoredExchange
from harness.findings.finding import Verdict
from tests.baseline.runs import LEAKY


def test_a_build_is_called_by_the_best_that_is_known() -> None:
    labels = [AppVersion("a", *each).label for each in (("1.0", 10), ("", 10), ())]
    assert labels == ["1.0", "build 10", "?"]


def test_a_run_is_complete_once_it_was_finished() -> None:
    run = RunInfo("a", 1.0, None, Verdict.PASS, True, About())
    assert (run.complete, replace(run, finished_s=2.0).complete) == (False, True)


def test_a_stored_exchange_is_one_the_verdict_takes() -> None:
    given = LEAKY.judged[1]
    assert StoredExchange(given.exchange, given.scan, given.recipient).scanned() == given
