from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from harness.virtual import prepare
from harness.virtual.apk import build_app, convert
from harness.virtual.apk.app import read_app


def test_it_leaves_nothing_to_do_for_the_first_use(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Path] = []
    monkeypatch.setattr(prepare, "fetch_sets", lambda names: None)
    monkeypatch.setattr(prepare, "convert", lambda apk: made.append(convert(apk)))
    prepare.prepare()
    samples = [read_app(path.parent) for path in prepare.SAMPLES.glob("*/app.yaml")]
    assert len(made) == sum(len(app.flavours) for app in samples) >= 2
    for app in samples:
        for flavour in app.flavours:
            assert convert(build_app(app.folder, flavour)) in made


def test_what_cannot_be_had_is_said_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = subprocess.run(
        [sys.executable, "-m", "harness.virtual.prepare"],
        env={"LEAK_HARNESS_CACHE": str(tmp_path / "file"), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "LEAK_HARNESS_CACHE" in done.stderr
    assert "Traceback" not in done.stderr
