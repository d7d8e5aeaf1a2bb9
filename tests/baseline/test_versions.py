"""Digests change with what decides, and with nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness import __version__
from harness.baseline import versions


def test_versions_of_this_process() -> None:
    about = versions.about("pytest", "ab")
    assert (about.harness, about.agent, about.origin) == (__version__, "ab", "pytest")
    assert about.engine != about.catalogue


def test_a_digest_is_of_names_and_contents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "PACKAGE", tmp_path)
    path = tmp_path / "a.py"
    digests = set()
    for content in (b"one", b"two"):
        path.write_bytes(content)
        digests.add(versions._digest([path]))
    other = tmp_path / "b.py"
    other.write_bytes(b"two")
    digests.add(versions._digest([other]))
    assert len(digests) == 3
