"""Three releases of an app, as a team meets them: clean, with a new SDK, fixed.

Whole pytest runs over the fake phone, with the real ledger, engine, attribution and verdict, on
both databases. The real sample app on the virtual device is in `test_on_virtual.py`.
"""

from __future__ import annotations

from typing import Any

import pytest

from harness.baseline.approval import file_for
from harness.baseline.store import Store
from tests.test_plugin import Suite, suite

__all__ = ["suite"]

PACKAGE = "org.example.clinic"


def release(suite: Suite, location: str, version: str, *options: str, **faults: object) -> Any:
    """One run of one version; its terminal output. The report is `suite.report()`."""
    suite.prepare(version=version, **faults)
    return suite.run("--leak-store", location, *options)


def reasons(suite: Suite, row: str) -> list[str]:
    items = suite.report()["scenarios"]
    return [each["detail"] for item in items for each in item["reasons"] if each["row"] == row]


def test_clean_then_a_new_sdk_then_fixed(suite: Suite, location: str) -> None:
    first = release(suite, location, "1.0")
    first.assert_outcomes(passed=2)
    first.stdout.fnmatch_lines(["no baseline yet for org.example.clinic, so nothing to compare*"])
    assert suite.report()["baseline"] == {PACKAGE: None}

    second = release(suite, location, "2.0", leaky=True)
    second.assert_outcomes(failed=2)
    assert suite.report()["verdict"] == "leak"
    told = reasons(suite, "baseline")
    assert len(told) == 2, "one for each word"
    assert all(each.startswith("new recipient since 1.0: api.mixpanel.com") for each in told)
    second.stdout.fnmatch_lines(
        [
            "compared: org.example.clinic 1.0 * -> org.example.clinic 2.0 *",
            "*LEAK   new recipient since 1.0: api.mixpanel.com*",
        ]
    )

    third = release(suite, location, "3.0")
    third.assert_outcomes(passed=2)
    third.stdout.fnmatch_lines(
        ["*note   recipient gone since 2.0: api.mixpanel.com * does not get term any more*"]
    )
    changes = suite.report()["baseline"][PACKAGE]
    assert (suite.report()["verdict"], changes["verdict"]) == ("pass", "pass")
    assert [each["change"] for each in changes["changes"]] == ["recipient-gone"]
    with Store.open(location, create=False) as store:
        runs = store.reader.runs(PACKAGE)
        assert [(run.apps[0].label, run.verdict.value) for run in runs] == [
            ("3.0", "pass"),
            ("2.0", "leak"),
            ("1.0", "pass"),
        ]
        assert runs[0].changes == suite.report()["baseline"]
        seen = {each.recipient.host: each for each in store.reader.history(PACKAGE)}
        tracker = seen["api.mixpanel.com"]
        assert (tracker.first_version, tracker.last_version) == ("2.0", "2.0")


def test_an_approved_baseline_accepts_only_what_somebody_accepted(suite: Suite) -> None:
    location = str(suite.pytester.path / "runs.db")
    release(suite, location, "1.0", leaky=True).assert_outcomes(failed=2)
    approve = ["baseline", "approve", "latest", "--store", location]
    assert suite.command(*approve, "--why", "first").ret == 0
    path = file_for(suite.pytester.path / "leak-baselines", PACKAGE)
    assert "leak: true" in path.read_text("utf-8")

    known = release(suite, location, "1.1", leaky=True)
    known.assert_outcomes(failed=2)
    assert reasons(suite, "baseline") == [], "it is known, and still a leak"

    accept = ("--accept", "api.mixpanel.com", "--owner", "dpo@clinic.example")
    approve = ["baseline", "approve", "latest~1", "--store", location]
    done = suite.command(*approve, *accept, "--until", "2099-12-31", "--why", "contract")
    assert done.ret == 0, done.stderr.str()
    release(suite, location, "1.2", leaky=True).assert_outcomes(passed=2)
    first = suite.report()["scenarios"][0]
    told = [each["allowed_by"] for each in first["allowed"] if "mixpanel" in str(each["recipient"])]
    assert told == ["baseline of 1.0: accepted by dpo@clinic.example until 2099-12-31: contract"]
    assert any("dpo@clinic.example" in note for note in first["notes"])

    text = path.read_text("utf-8").replace("2099-12-31", "2001-01-01")
    path.write_text(text, "utf-8")
    release(suite, location, "1.2", leaky=True).assert_outcomes(failed=2)
    assert any("an acceptance has expired" in reason for reason in reasons(suite, "sent"))


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("baseline: 1\napp: {package: org.example.other}\n", "*this baseline is of another app*"),
        (
            "baseline: 1\napp: {package: org.example.clinic}\nrules: {new-recipient: high}\n",
            "*rules.new-recipient cannot be used*",
        ),
    ],
)
def test_a_baseline_that_cannot_be_used_is_told(suite: Suite, content: str, what: str) -> None:
    (suite.pytester.path / "b.yaml").write_text(content)
    result = suite.prepare().run("--leak-baseline", "b.yaml")
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines([what])
    assert (suite.pytester.path / "b.yaml").read_text() == content


def test_workers_compare_with_the_same_runs(suite: Suite) -> None:
    location = str(suite.pytester.path / "runs.db")
    release(suite, location, "1.0").assert_outcomes(passed=2)
    release(suite, location, "2.0", "-n", "2", leaky=True).assert_outcomes(failed=2)
    assert len(reasons(suite, "baseline")) == 2
    assert suite.report()["baseline"][PACKAGE]["from"]["app"]["version_name"] == "1.0"
