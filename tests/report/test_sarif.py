"""SARIF: valid by OASIS's schema, findings at the line that typed, blindness never silent."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import fastjsonschema
import pytest

from harness.findings.finding import Reason, Verdict
from harness.report.run import Happened, ReportedItem, ReportedRun
from harness.report.sarif import document
from tests.findings.building import PACKAGE
from tests.report.items import blind, leaking, passing
from tests.report.runs import HOSTILE, hostile, item, run, three

SCHEMA = Path(__file__).with_name("schema") / "sarif-2.1.0-rtm.5.json"


@pytest.fixture(scope="module")
def valid() -> Callable[[Any], Any]:
    return fastjsonschema.compile(  # type: ignore[no-any-return]
        json.loads(SCHEMA.read_bytes()), use_default=False
    )


def log(of: ReportedRun) -> dict[str, Any]:
    (written,) = json.loads("".join(document(of)))["runs"]
    assert isinstance(written, dict)
    return written


def accepted() -> ReportedRun:
    told = leaking()
    finding = told.judgement.findings[0]
    rule = "baseline of 1.0: accepted by dpo until 2030-01-01: contract"
    allowed = (replace(finding, allowed_by=rule), *told.judgement.allowed)
    judgement = replace(told.judgement, findings=(), allowed=allowed, reasons=())
    return run(item(replace(told, judgement=judgement)))


RUNS = {
    "three": three(),
    "hostile": hostile(),
    "accepted": accepted(),
    "killed": run(item(passing()), complete=False, finished_s=1_000_100.5),
    "empty": run(),
}


@pytest.mark.parametrize("of", RUNS.values(), ids=RUNS)
def test_it_is_valid(of: ReportedRun, valid: Callable[[Any], Any]) -> None:
    valid(json.loads("".join(document(of))))


def test_the_schema_would_tell(valid: Callable[[Any], Any]) -> None:
    value = json.loads("".join(document(three())))
    value["runs"][0]["results"][0]["kind"] = "telepathy"
    with pytest.raises(fastjsonschema.JsonSchemaException):
        valid(value)


def test_a_finding_names_who_got_what_and_where_it_was_typed() -> None:
    events = (
        Happened("StepStarted", 1.0, {"place": "scenarios/search.yaml:14:3"}),
        Happened("StepStarted", 2.0, {"place": "scenarios/search.yaml:17:5"}),
        Happened("TextTyped", 3.0),
        Happened("StepStarted", 4.0, {"place": "scenarios/search.yaml:20:3"}),
    )
    written = log(run(item(leaking(), events=events)))
    (result,) = written["results"]
    assert (result["ruleId"], result["kind"], result["level"]) == ("leak/sent", "fail", "error")
    assert written["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "leak/sent"
    assert result["message"]["text"] == (
        "api-js.mixpanel.com (Mixpanel, Mixpanel, Inc.) got 'hépatite' in"
        " body.form[data].json$[0].properties.query, decoded: form > base64 > json;"
        " beside it: advertising-id."
    )
    (place,) = result["locations"]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "scenarios/search.yaml"
    assert place["physicalLocation"]["region"] == {"startLine": 17, "startColumn": 5}
    assert written["invocations"][0]["executionSuccessful"] is True


def test_a_blind_item_is_open_and_notified_and_never_silent() -> None:
    written = log(run(item(blind())))
    kinds = {result["kind"] for result in written["results"]}
    assert kinds == {"open"}
    assert "leak/lost" in {result["ruleId"] for result in written["results"]}
    (invocation,) = written["invocations"]
    assert invocation["executionSuccessful"] is False
    texts = [note["message"]["text"] for note in invocation["toolExecutionNotifications"]]
    assert any("lost" in text and ". Do: " in text for text in texts)


def test_a_killed_and_an_empty_run_are_not_successful() -> None:
    for of in (RUNS["killed"], RUNS["empty"]):
        written = log(of)
        assert written["invocations"][0]["executionSuccessful"] is False
        assert written["properties"]["verdict"] == "inconclusive"


def test_a_pass_is_told_and_has_no_result() -> None:
    written = log(run(item(passing())))
    assert written["results"] == []
    assert [each["verdict"] for each in written["properties"]["items"]] == ["pass"]


def test_what_was_accepted_is_suppressed_and_not_gone() -> None:
    (result,) = log(accepted())["results"]
    (suppressed,) = result["suppressions"]
    assert (suppressed["kind"], suppressed["status"]) == ("external", "accepted")
    assert "dpo until 2030-01-01" in suppressed["justification"]


def test_a_change_since_the_baseline_is_a_result_beside_its_finding() -> None:
    told = leaking()
    reason = Reason("baseline", Verdict.LEAK, "new recipient since 1.0", "look")
    judgement = replace(told.judgement, reasons=(*told.judgement.reasons, reason))
    results = log(run(item(replace(told, judgement=judgement))))["results"]
    assert [result["ruleId"] for result in results] == ["leak/sent", "leak/baseline"]


def changed(package: str, host: str, consent: str = "accepted") -> dict[str, Any]:
    row = {"change": "new-recipient", "severity": "leak", "since": "1.0", "consent": consent}
    return {package: {"changes": [row | {"detail": f"{host} gets term"}]}}


def with_reason(text: str, verdict: Verdict = Verdict.LEAK) -> ReportedItem:
    told = passing()
    judgement = replace(
        told.judgement, verdict=verdict, reasons=(Reason("baseline", verdict, text),)
    )
    return item(replace(told, judgement=judgement))


A_NEW = "new recipient since 1.0: a.example gets term"


def test_a_change_that_an_item_tells_is_told_once() -> None:
    changes = changed(PACKAGE, "a.example")
    results = log(run(with_reason(A_NEW), changes=changes))["results"]
    assert [each["message"]["text"] for each in results] == [A_NEW]


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        (changed("org.other", "b.example"), Verdict.LEAK),
        (changed("org.other", "a.example"), Verdict.LEAK),
        (changed(PACKAGE, "b.example"), Verdict.LEAK),
        (changed(PACKAGE, "a.example", "rejected"), Verdict.LEAK),
        (changed(PACKAGE, "a.example"), Verdict.INCONCLUSIVE),
    ],
)
def test_a_change_that_no_item_tells_is_never_hidden_by_another(
    changes: dict[str, Any], verdict: Verdict
) -> None:
    """Another app's, another recipient's, under another consent, or graver."""
    results = log(run(with_reason(A_NEW, verdict), item(passing()), changes=changes))["results"]
    assert len(results) == 2
    (row,) = changes.popitem()[1]["changes"]
    assert results[-1]["kind"] == "fail"
    assert row["detail"] in results[-1]["message"]["text"]


def test_a_leak_without_a_finding_still_has_a_result() -> None:
    told = leaking()
    judgement = replace(told.judgement, findings=())
    results = log(run(item(replace(told, judgement=judgement))))["results"]
    assert [result["kind"] for result in results] == ["fail"]


def test_the_same_finding_has_the_same_fingerprint_whatever_was_typed() -> None:
    (one,), (other,) = (log(run(item(leaking(term))))["results"] for term in ("cancer", "covid"))
    assert one["partialFingerprints"] == other["partialFingerprints"]
    elsewhere = item(leaking("cancer"), scenario="other.yaml")
    (third,) = log(run(elsewhere))["results"]
    assert third["partialFingerprints"] != one["partialFingerprints"]


def test_texts_hold_no_links_and_no_placeholders() -> None:
    told = leaking()
    reason = Reason("baseline", Verdict.LEAK, f"[click](https://evil.example) {{0}} {HOSTILE}")
    judgement = replace(told.judgement, reasons=(reason,))
    written = log(run(item(replace(told, judgement=judgement))))
    text = written["results"][-1]["message"]["text"]
    assert "](" not in text
    assert "{{0}}" in text


def test_a_path_outside_the_project_is_a_uri_of_its_own() -> None:
    for path, uri in (("/a b/ü.yaml", "file:///a%20b/%C3%BC.yaml"), ("a\udcff.yaml", "a%FF.yaml")):
        (result,) = log(run(item(leaking(), scenario=path)))["results"]
        artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert artifact["uri"] == uri
