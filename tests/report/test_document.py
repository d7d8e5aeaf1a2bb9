"""`report.json`. Its shape is that of the public contract, spelled out in `CONTRACT` below."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.detection.sighting import Identifier
from harness.errors import LabError, ScenarioError
from harness.findings.coverage import Coverage
from harness.report.document import (
    document,
    finding_json,
    item_json,
    read_report,
    report_json,
    told,
    write_document,
)
from harness.report.model import Report
from harness.traffic.redaction import MARK, Redactor
from tests.findings.building import FIRST_PARTY, TERM, control, facts
from tests.report.items import GAID, blind, leaking, passing, report, tracked

OPEN = Redactor(b"k", enabled=False)
RED = Redactor(b"k", keep=[TERM])

CONTRACT = {
    "scenario": {
        "id",
        "file",
        "term",
        "consent",
        "verdict",
        "reasons",
        "app",
        "device",
        "findings",
        "allowed",
        "coverage",
    },
    "finding": {
        "term",
        "recipient",
        "location",
        "variant",
        "decoding",
        "range",
        "stage",
        "seen_by",
        "stack",
        "identifiers",
        "exchange",
    },
    "app": {"package", "version_name", "version_code", "sha256"},
    "recipient": {"host", "domain", "company", "sdk", "party"},
    "identifier": {"kind", "value", "location"},
}


def test_the_document_has_the_shape_of_the_contract() -> None:
    content = report_json(Report((leaking(), passing())), RED)
    assert content["schema"] == 1
    assert content["verdict"] == "leak"
    first, second = content["scenarios"]
    assert first.keys() >= CONTRACT["scenario"]
    assert first["app"].keys() >= CONTRACT["app"]
    (finding,) = first["findings"]
    assert finding.keys() >= CONTRACT["finding"]
    assert finding["recipient"].keys() >= CONTRACT["recipient"]
    assert finding["identifiers"][0].keys() >= CONTRACT["identifier"]
    assert "allowed_by" not in finding
    assert second["allowed"][0].keys() >= CONTRACT["finding"] | {"allowed_by"}
    assert second["verdict"] == "pass"
    assert json.loads(json.dumps(content)) == content


def test_a_finding_in_full() -> None:
    (finding,) = leaking().judgement.findings
    fields = finding_json(finding, RED)
    assert fields["term"] == TERM
    assert fields["recipient"]["sdk"] == "Mixpanel"
    assert fields["recipient"]["party"] == "third"
    assert fields["decoding"] == ["form", "base64", "json"]
    assert fields["range"] == [2, 11]
    assert (fields["stage"], fields["kind"], fields["late"]) == ("sent", "recipient", False)
    assert fields["seen_by"] == ["java-http", "tls", "witness"]
    assert fields["identifiers"][0]["value"] == GAID.value


def test_companions_beside_an_allowed_sighting_are_nobodys_business() -> None:
    own = control()
    own = replace(own, scan=replace(own.scan, identifiers=(GAID,)))
    item = report(facts(judged=(own,)))
    (allowed,) = item_json(item, RED)["allowed"]
    assert allowed["recipient"]["host"] == FIRST_PARTY
    assert allowed["identifiers"][0]["value"].startswith(MARK)
    assert item_json(item, OPEN)["allowed"][0]["identifiers"][0]["value"] == GAID.value


def test_a_token_beside_a_finding_is_a_digest_and_other_companions_stay() -> None:
    token = Identifier("auth-token", "Bearer s3cr3t", "header[authorization]")
    sent = tracked()
    item = report(facts(replace(sent, scan=replace(sent.scan, identifiers=(GAID, token)))))
    (finding,) = item_json(item, RED)["findings"]
    values = [each["value"] for each in finding["identifiers"]]
    assert values == [GAID.value, RED.value("Bearer s3cr3t")]
    assert values[1].startswith(MARK)
    assert "s3cr3t" in str(item_json(item, OPEN))
    (shown,) = told(item, RED).judgement.findings
    assert [each.value for each in shown.identifiers] == values


def test_declared_secrets_never_appear() -> None:
    of = facts(
        failed_steps=("typed hunter2",),
        typing_confirmed=False,
        coverage=Coverage(errors=("hunter2",), notes=("hunter2",)),
    )
    red = Redactor(b"k", secrets=["hunter2"], enabled=False)
    assert "hunter2" not in json.dumps(item_json(report(of), red))
    assert "hunter2" in json.dumps(item_json(report(of), OPEN))


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    whole = Report((leaking(), passing(), blind(), leaking("covid", app=None, device=None)))
    path = tmp_path / "deep" / "report.json"
    write_document(report_json(whole, OPEN), path)
    assert read_report(path) == whole
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(path.parent) == ["report.json"]


def test_items_of_several_workers_make_one_document() -> None:
    parts = [item_json(item, RED) for item in (passing(), blind())]
    assert document(parts)["verdict"] == "inconclusive"
    assert document([])["verdict"] == "inconclusive"
    assert document(parts[:1])["verdict"] == "pass"


def test_an_old_report_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("old")
    with pytest.raises(TypeError):
        write_document({"x": object()}, path)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["report.json"]


def test_a_failed_replacement_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.mkdir()
    (path / "in the way").touch()
    with pytest.raises(LabError, match="cannot be written"):
        write_document({}, path)
    assert os.listdir(tmp_path) == ["report.json"]


def test_a_folder_that_cannot_be_made_is_a_lab_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LabError) as error:
        write_document({}, tmp_path / "file" / "report.json")
    assert "--leak-output" in str(error.value)


def test_lone_surrogates_do_not_stop_the_report(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    write_document({"a": "\ud800"}, path)
    assert json.loads(path.read_text()) == {"a": "\ud800"}


def broken(**fields: Any) -> bytes:
    content = report_json(Report((leaking(),)), OPEN)
    content["scenarios"][0] |= fields
    return json.dumps(content).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"null",
        b"{}",
        b'{"schema": 2, "scenarios": []}',
        b'{"schema": 1}',
        b'{"schema": 1, "scenarios": [3]}',
        b"\xff",
        b"[" * 100_000,
        broken(verdict="fine"),
        broken(findings=[{}]),
        broken(app={"surprise": 1}),
        broken(coverage={"layers": [{"layer": "telepathy"}]}),
        broken(attempts=3),
    ],
)
def test_what_is_no_report_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(content)
    with pytest.raises(ScenarioError, match="no report of ours"):
        read_report(path)


def test_a_missing_report_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="cannot be read"):
        read_report(tmp_path / "none")
