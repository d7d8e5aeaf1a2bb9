"""Files that are stable, reviewable, and keep what people wrote into them."""

from __future__ import annotations

import difflib
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from harness.baseline.approval import (
    accepted,
    baseline_text,
    carried_over,
    check_app,
    file_for,
    write_baseline,
)
from harness.baseline.approved import Change, Severity
from harness.baseline.approved_file import read_baseline
from harness.baseline.model import AppVersion
from harness.errors import LabError, ScenarioError
from tests.baseline.baselines import ACCEPT, baseline, entry, later, leaking

FULL = baseline(
    leaking(accept=ACCEPT),
    entry(),
    approved=date(2026, 11, 25),
    why="first release",
    rules={Change.NEW_RECIPIENT: Severity.LEAK},
)


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    path = file_for(tmp_path / "deep", FULL.app.package)
    write_baseline(FULL, path)
    assert path.name == "org.example.clinic.yaml"
    assert read_baseline(path) == replace(FULL, source=str(path))
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_new_recipient_is_a_few_lines_of_a_diff() -> None:
    now = later(FULL, entries=(*FULL.entries, leaking("new.example")))
    old, new = (baseline_text(each).splitlines() for each in (FULL, now))
    changed = [line for line in difflib.unified_diff(old, new, n=0) if line[0] in "+-"][2:]
    removed = [line for line in changed if line.startswith("-")]
    assert all(any(word in line for word in ("version", "sha256", "run:")) for line in removed), (
        removed
    )
    assert len(changed) < 30


def test_the_order_of_what_was_seen_does_not_matter() -> None:
    turned = replace(FULL, entries=FULL.entries[::-1], contacts=FULL.contacts[::-1])
    assert baseline_text(turned) == baseline_text(FULL)


def test_the_head_says_how_to_accept() -> None:
    text = baseline_text(FULL)
    assert "accept: {owner: WHO, why: REASON, until: YYYY-MM-DD}" in text
    assert yaml.safe_load(text)["recipients"][0]["accept"]["until"] == "2100-01-01"


def test_what_people_wrote_is_carried_over() -> None:
    new = baseline(entry(), leaking(), leaking("new.example"))
    kept = carried_over(new, FULL)
    by_host = {each.host: each.accept for each in kept.entries}
    assert by_host == {
        "api.clinic.example": None,
        "api-js.mixpanel.com": ACCEPT,
        "new.example": None,
    }
    assert kept.rules == FULL.rules


def test_an_acceptance_of_something_that_is_gone_goes(tmp_path: Path) -> None:
    assert carried_over(baseline(entry()), FULL).acceptances() == ()


def test_accepting_needs_a_finding() -> None:
    found = accepted(baseline(entry(), leaking()), ("api-js.mixpanel.com",), ACCEPT)
    assert [each.owner for each in found.acceptances()] == ["privacy@clinic.example"]
    with pytest.raises(ScenarioError, match=r"no finding at api\.clinic\.example") as raised:
        accepted(baseline(entry(), leaking()), ("api.clinic.example",), ACCEPT)
    assert raised.value.expected == "api-js.mixpanel.com"


def test_another_apps_file_is_refused() -> None:
    with pytest.raises(ScenarioError, match="of another app"):
        check_app(FULL, "org.example.other")
    other = replace(baseline(), app=AppVersion("org.example.other"))
    with pytest.raises(ScenarioError, match="of another app"):
        carried_over(other, FULL)


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(LabError, match="cannot be written"):
        write_baseline(FULL, tmp_path / "file" / "b.yaml")
    path = tmp_path / "b.yaml"
    path.mkdir()
    with pytest.raises(LabError, match="cannot be written"):
        write_baseline(FULL, path)
    assert os.listdir(tmp_path) == ["b.yaml", "file"] or sorted(os.listdir(tmp_path)) == [
        "b.yaml",
        "file",
    ]
