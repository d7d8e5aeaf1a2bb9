"""What a run makes of missing hooks: each table is taken away in turn, on the sample app.

Two items of one session, as users run them: a leaky search, which no missing table may turn into a
pass, and a search of the app that leaks nothing, without a positive control. The second is a pass
with all hooks, which the self-check alone carries, and must be inconclusive without any that the
app can send through.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.virtual.apk import build_app

pytestmark = [pytest.mark.device, pytest.mark.slow, pytest.mark.xdist_group("mutations")]

CLINIC = Path(__file__).parents[2] / "scenarios" / "clinic"
CONFTEST = """
import os
import pytest
from harness.agent.retracing import Agents
from harness.device.hands import Hands

@pytest.fixture(scope="session")
def leak_hands(leak_device, leak_screen, leak_clock):
    without = [name for name in [os.environ["WITHOUT"]] if name]
    return Hands(leak_device, leak_screen, Agents(without=without), leak_clock)
"""
WITNESSED = ("channels", "datagrams", "names", "engines", "flows", "origins", "loaders")
"""Tables that the sample app does not send through, or that capture nothing by themselves."""


def verdicts(folder: Path, without: str) -> tuple[dict[str, str], dict[str, object]]:
    """Verdict by file, and the coverage of the item without a control."""
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "internet").symlink_to(CLINIC / "internet")
    for name in ("accepted", "rejected"):
        text = (CLINIC / f"{name}.flow.yaml").read_text(encoding="utf-8")
        if name == "rejected":
            text = text.replace("control: clinic.example", "control: {off: nobody need get it}")
        (folder / f"{name}.flow.yaml").write_text(text, encoding="utf-8")
    apk = build_app(CLINIC.parent / "apps" / "clinic", "leaky")
    command = [
        sys.executable,
        "-m",
        "pytest",
        str(folder),
        "-k",
        "cancer",
        "-p",
        "no:cacheprovider",
    ]
    options = ["--leak-app", str(apk), "--leak-output", str(folder / "out")]
    options += ["--leak-store", "none", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, *options, "--leak-device", "virtual"],
        cwd=folder,
        env={**os.environ, "WITHOUT": without},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    path = folder / "out" / "report.json"
    assert path.is_file(), done.stdout[-3000:] + done.stderr
    items = json.loads(path.read_text("utf-8"))["scenarios"]
    found = {Path(item["file"]).name.partition(".")[0]: item for item in items}
    return {name: item["verdict"] for name, item in found.items()}, found["rejected"]


def test_with_all_hooks_the_self_check_carries_a_pass(tmp_path: Path) -> None:
    found, quiet = verdicts(tmp_path, "")
    assert found == {"accepted": "leak", "rejected": "pass"}, quiet


@pytest.mark.parametrize("table", ["okhttp", "platform-http", "tls", "sockets"])
def test_without_a_table_there_is_no_pass(tmp_path: Path, table: str) -> None:
    found, quiet = verdicts(tmp_path, table)
    assert found["accepted"] != "pass"
    assert found["rejected"] == "inconclusive", quiet
    assert "self-check" in json.dumps(quiet)


@pytest.mark.parametrize("table", ["sinks", "handovers", *WITNESSED])
def test_without_any_other_table_the_leak_is_still_found(tmp_path: Path, table: str) -> None:
    found, _ = verdicts(tmp_path, table)
    assert found["accepted"] == "leak"
