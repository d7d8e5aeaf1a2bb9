"""The verdict on a whole run: attempts, and runs that were never finished."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.findings.finding import Verdict
from harness.report import har, html, markdown, recipients, sarif
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


def changed(severity: str, **more: Any) -> dict[str, Any]:
    change = {"change": "layer-blind", "severity": severity, "since": "1.0"}
    change["detail"] = "tls is silent"
    return {"org.example.clinic": {"changes": [change], **more}, "org.example.other": None}


def test_what_changed_since_the_baseline_counts() -> None:
    """A run whose items all pass may still be no pass: another recipient, a layer that is blind."""
    for severity, verdict in (
        ("leak", Verdict.LEAK), ("inconclusive", Verdict.INCONCLUSIVE), ("note", Verdict.PASS),
    ):  # fmt: skip
        assert run(item(passing()), changes=changed(severity)).verdict is verdict
    assert run(item(passing()), told=Verdict.LEAK).verdict is Verdict.LEAK
    assert run(item(leaking()), told=Verdict.PASS).verdict is Verdict.LEAK


def test_differences_name_app_severity_and_where_nothing_could_be_told() -> None:
    first, second = run(changes=changed("note", blind=["search [accepted]"])).differences
    assert (first.package, first.severity, first.since) == ("org.example.clinic", None, "1.0")
    assert (second.change, second.severity) == ("blind", Verdict.INCONCLUSIVE)


@pytest.mark.parametrize("severity", ["leak", "inconclusive"])
def test_no_format_calls_such_a_run_a_pass(severity: str) -> None:
    of = run(item(passing()), changes=changed(severity))
    assert "".join(markdown.document(of)).startswith(f"## {severity.upper()}: ")
    assert "tls is silent" in "".join(markdown.document(of))
    page = "".join(html.document(of))
    assert f'class="banner {severity}"' in page
    assert "tls is silent" in page
    (log,) = json.loads("".join(sarif.document(of)))["runs"]
    assert log["properties"]["verdict"] == severity
    (result,) = log["results"]
    assert result["ruleId"] == "leak/baseline"
    assert result["kind"] == ("fail" if severity == "leak" else "open")
    assert log["invocations"][0]["executionSuccessful"] is (severity == "leak")
    assert json.loads("".join(har.document(of)))["log"]["_leak"]["verdict"] == severity
    assert f'"{severity}"' in "".join(recipients.document(of))
