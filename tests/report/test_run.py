"""The verdict on a whole run: attempts, and runs that were never finished."""

from __future__ import annotations

from harness.findings.finding import Verdict
from tests.report.items import blind, leaking, passing
from tests.report.runs import item, run, three


def test_the_gravest_verdict_is_the_runs() -> None:
    assert three().verdict is Verdict.LEAK
    assert run(item(passing()), item(blind())).verdict is Verdict.INCONCLUSIVE
    assert run(item(passing())).verdict is Verdict.PASS
    assert run().verdict is Verdict.INCONCLUSIVE


def test_a_run_that_was_never_finished_is_no_pass() -> None:
    assert run(item(passing()), complete=False).verdict is Verdict.INCONCLUSIVE
    assert run(item(leaking()), complete=False).verdict is Verdict.LEAK


def test_attempts_of_one_test_are_judged_together() -> None:
    first, then = item(blind(), test="t"), item(passing(), test="t", name="t again")
    assert run(first, then).verdict is Verdict.PASS
    leaked = item(leaking(), test="t")
    assert run(leaked, then).verdict is Verdict.LEAK


def test_each_build_is_named_once() -> None:
    assert three().apps == ("org.example.clinic 1.4.0",)
