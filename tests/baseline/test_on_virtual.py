"""Three releases of the real sample app on the virtual device: clean, with SDKs, fixed.

The other side is the app itself with its vendors' SDKs, built in three versions, and a pytest of
its own per release, as a team runs it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from harness.baseline.store import Store

ROOT = Path(__file__).resolve().parents[2]
CLINIC = ROOT / "scenarios" / "apps" / "clinic"
PACKAGE = "org.example.clinic"
RELEASES = (("1.0", "fixed"), ("2.0", "leaky"), ("3.0", "fixed"))


def project(tmp_path: Path) -> Path:
    """A folder as a team has it: a scenario, and the answers of the app's servers."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "pytest.ini").write_text("[pytest]\n")
    shutil.copy(ROOT / "scenarios" / "clinic" / "accepted.flow.yaml", folder)
    shutil.copytree(ROOT / "scenarios" / "clinic" / "internet", folder / "internet")
    return folder


def built(tmp_path: Path, version: str, flavour: str) -> Path:
    """The sample app as this version."""
    from harness.virtual.apk import build_app

    sources = tmp_path / f"clinic-{version}"
    shutil.copytree(CLINIC, sources)
    described = (sources / "app.yaml").read_text("utf-8")
    code = int(float(version) * 10)
    changed = described.replace('name: "2.4.1", code: 241', f'name: "{version}", code: {code}')
    assert changed != described
    (sources / "app.yaml").write_text(changed, "utf-8")
    return build_app(sources, flavour)


def run(folder: Path, apk: Path) -> tuple[str, Any]:
    """One run; its terminal output and its report."""
    options = ["-k", "hépatite", "-p", "no:cacheprovider", "--leak-app", str(apk)]
    options += ["--leak-device", "virtual", "--leak-store", "runs.db", "--leak-output", "out"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", ".", *options],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    path = folder / "out" / "report.json"
    assert path.is_file(), done.stdout[-3000:] + done.stderr
    return done.stdout, json.loads(path.read_text("utf-8"))


@pytest.mark.slow
@pytest.mark.device
def test_three_releases_of_the_sample_app(tmp_path: Path) -> None:
    folder = project(tmp_path)
    runs = [run(folder, built(tmp_path, *each)) for each in RELEASES]
    verdicts = [report["verdict"] for _, report in runs]
    assert verdicts == ["pass", "leak", "pass"], "\n".join(text[-2500:] for text, _ in runs)

    first, second, third = (report["baseline"][PACKAGE] for _, report in runs)
    assert first is None
    assert f"no baseline yet for {PACKAGE}" in runs[0][0]

    # The fixed app talks to its SDKs, too, so they are known hosts that get another kind of data.
    grave = [each for each in second["changes"] if each["severity"] == "leak"]
    assert {"Mixpanel", "Amplitude", "Countly"} & {each["sdk"].split()[0] for each in grave}
    assert {each["change"] for each in grave} <= {"new-recipient", "new-data"}
    (item,) = runs[1][1]["scenarios"]
    told = [reason["detail"] for reason in item["reasons"] if reason["row"] == "baseline"]
    assert told
    assert all(" since 1.0: " in text for text in told)

    gone = [each for each in third["changes"] if each["change"] == "recipient-gone"]
    assert gone
    assert all(each["since"] == "2.0" for each in gone)
    assert "recipient gone since 2.0" in runs[2][0]

    with Store.open(str(folder / "runs.db"), create=False) as store:
        stored = store.reader.runs(PACKAGE)
        assert [each.apps[0].version_name for each in stored] == ["3.0", "2.0", "1.0"]
        assert len({each.apps[0].sha256 for each in stored}) == 3
        assert all(each.apps[0].signer for each in stored)
        assert all(each.complete and each.about.agent for each in stored)
