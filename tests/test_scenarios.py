"""The shipped scenarios: they can be read, and on the embedded device they say what is true.

The other side of the device test is the sample app with the vendors' own SDKs: what they send is
theirs, and the witness saw it independently of the hooks.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from harness.scenario.reader import read_scenario

ROOT = Path(__file__).parent.parent
SCENARIOS = ROOT / "scenarios"
CLINIC = SCENARIOS / "clinic"


@pytest.mark.parametrize("path", sorted(SCENARIOS.rglob("*.flow.yaml")), ids=lambda path: path.stem)
def test_every_scenario_can_be_read(path: Path) -> None:
    assert read_scenario(path.read_text(encoding="utf-8"), path).leak_check.allow


def test_the_grammar_page_names_every_step_and_key() -> None:
    from harness.scenario.grammar import STEPS
    from harness.scenario.targets import KEYS

    page = (SCENARIOS / "README.md").read_text(encoding="utf-8")
    assert not {word for word in STEPS if f"`{word}" not in page}
    assert not {key for key in KEYS if f"`{key}`" not in page}


@pytest.mark.device
def test_consent_decides_who_receives_the_word(tmp_path: Path) -> None:
    """One run of both scenarios with the leaky app, by a pytest of its own: as users run it."""
    from harness.virtual.apk import build_app

    apk = build_app(SCENARIOS / "apps" / "clinic", "leaky")
    command = [
        sys.executable,
        "-m",
        "pytest",
        str(CLINIC),
        "-k",
        "hépatite",
        "-p",
        "no:cacheprovider",
    ]
    options = ["--leak-app", str(apk), "--leak-output", str(tmp_path), "--leak-device", "virtual"]
    done = subprocess.run(
        [*command, *options], cwd=ROOT, capture_output=True, text=True, timeout=240, check=False
    )
    assert "1 failed, 1 passed, 4 deselected" in done.stdout, done.stdout[-3000:] + done.stderr
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    leak, clean = sorted(report["scenarios"], key=lambda item: item["consent"])
    assert {each["recipient"]["host"] for each in leak["findings"]} == {
        "api.mixpanel.com",
        "api2.amplitude.com",
        "try.count.ly",
    }
    for finding in leak["findings"]:
        assert {"tls", "witness"} <= set(finding["seen_by"])
        assert finding["stack"]
    assert (clean["verdict"], clean["findings"]) == ("pass", [])
    assert {each["recipient"]["host"] for each in clean["allowed"]} == {"api.clinic.example"}
    for item in (leak, clean):
        assert item["coverage"]["hook_gaps"] == []
        assert item["coverage"]["lost"] == 0


@pytest.mark.device
def test_a_word_that_an_sdk_holds_back_is_no_pass(tmp_path: Path) -> None:
    """Countly gets no answer that it takes for a success, and keeps the word in its store."""
    from harness.virtual.apk import build_app

    apk = build_app(SCENARIOS / "apps" / "clinic", "leaky")
    written = (CLINIC / "accepted.flow.yaml").read_text(encoding="utf-8")
    allowed = "allow: [clinic.example, mixpanel.com, amplitude.com]"
    flow = tmp_path / "held.flow.yaml"
    flow.write_text(written.replace("allow: [clinic.example]", allowed), encoding="utf-8")
    answers = CLINIC / "internet"
    (tmp_path / "internet").mkdir()
    for host in ("api.clinic.example", "api.mixpanel.com", "api2.amplitude.com"):
        shutil.copy(answers / f"{host}.yaml", tmp_path / "internet")
    command = [sys.executable, "-m", "pytest", str(flow), "-k", "cancer", "-p", "no:cacheprovider"]
    options = ["--leak-app", str(apk), "--leak-output", str(tmp_path / "out")]
    done = subprocess.run(
        [*command, *options, "--leak-device", "virtual"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert "1 passed" not in done.stdout, done.stdout[-3000:] + done.stderr
    report = json.loads((tmp_path / "out" / "report.json").read_text("utf-8"))
    (item,) = report["scenarios"]
    # Where the hook of the SDK's entry point was in force in time, the handing over is a finding.
    rows = {reason["row"] for reason in item["reasons"]}
    assert "queued" in rows
    assert rows <= {"queued", "handed", "silent-batcher"}
    assert item["verdict"] == ("leak" if "handed" in rows else "inconclusive")
    for handed in item["findings"]:
        assert (handed["stage"], handed["recipient"]["sdk"]) == ("handed", "Countly Android")
    assert [each["file"] for each in item["coverage"]["queued"]] == [
        "shared_prefs/COUNTLY_STORE.xml"
    ]
    assert any("try.count.ly" in note for note in item["coverage"]["notes"])
