"""`requirements/zoo.py`: what cannot be fetched is said, what was fetched is not fetched again."""

from __future__ import annotations

import importlib.util
import re
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

LOCKS = Path(__file__).parents[2] / "requirements"


@pytest.fixture
def zoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("zoo_script", LOCKS / "zoo.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ZOO", tmp_path / "zoo")
    monkeypatch.setattr(module, "DEBIAN", tmp_path / "zoo" / "debian")
    return module


def test_every_client_is_locked_with_hashes() -> None:
    lock = (LOCKS / "zoo.txt").read_text()
    assert "://" not in lock
    for line in (LOCKS / "zoo.in").read_text().splitlines():
        if not line.startswith("#"):
            assert re.search(rf"(?m)^{re.escape(line.split('==')[0])}==\S+ \\$", lock), line
    for entry in re.split(r"(?m)^(?=\S+==)", lock)[1:]:
        assert "--hash=sha256:" in entry


def test_what_cannot_be_fetched_is_said_and_left_out(
    zoo: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*argv: object, cwd: Path | None = None) -> None:
        raise subprocess.CalledProcessError(1, [str(word) for word in argv])

    monkeypatch.setattr(zoo, "run", fail)
    monkeypatch.setattr(zoo.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert zoo.main() == 0
    said = capsys.readouterr().err
    assert "zoo: without them, exit code 1" in said
    assert "zoo: without Debian's adb" in said
    assert not (zoo.ZOO / "zoo.sha256").exists()
    assert not zoo.DEBIAN.exists()


def test_nothing_is_fetched_twice(zoo: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[object] = []
    monkeypatch.setattr(zoo, "run", lambda *argv, cwd=None: done.append(argv[0]))
    zoo.python_clients()
    assert len(done) == 2  # the environment, the packages
    zoo.python_clients()
    assert len(done) == 2
    (zoo.ZOO / "zoo.sha256").write_text("digest of an older lock")
    zoo.python_clients()
    assert len(done) == 4
    zoo.DEBIAN.mkdir()
    zoo.debian_adb()
    assert len(done) == 4
