"""A scenario types into a page as into any field: tap, graphemes, read-back, editor action.

The other side is the witness: what the page sent is in its record, whatever the hooks saw.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from harness.virtual.apk import build_app

from .conftest import APP

HERE = Path(__file__).parent


@pytest.mark.device
def test_the_same_steps_work_in_a_page(tmp_path: Path) -> None:
    flow = tmp_path / "webprobe.flow.yaml"
    shutil.copy(HERE / flow.name, flow)
    shutil.copytree(HERE / "internet", tmp_path / "internet")
    command = [sys.executable, "-m", "pytest", str(flow), "-p", "no:cacheprovider"]
    options = ["--leak-app", str(build_app(APP, "plain")), "--leak-output", str(tmp_path / "out")]
    done = subprocess.run(
        [*command, *options, "--leak-device", "virtual"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert (tmp_path / "out" / "report.json").is_file(), done.stdout[-3000:] + done.stderr
    report = json.loads((tmp_path / "out" / "report.json").read_text("utf-8"))
    (item,) = report["scenarios"]
    assert item["verdict"] == "leak", done.stdout[-3000:]
    (finding,) = item["findings"]
    assert finding["recipient"]["host"] == "page.example"
    assert finding["term"] == "hépatite"
    assert finding["seen_by"] == ["webview", "witness"]
