"""`leak-harness sample`: the builder is stood in for; `tests/virtual/apk` builds the real one."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from harness.cli import sample
from harness.errors import HarnessError
from harness.virtual import apk


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    asked: list[str] = []

    def build_app(folder: Path, flavour: str) -> Path:
        asked.append(f"{folder.name} {flavour}")
        made = tmp_path / "cached.apk"
        made.write_bytes(b"PK")
        return made

    monkeypatch.setattr(apk, "build_app", build_app)
    monkeypatch.chdir(tmp_path)
    return asked


def test_the_file_is_named_on_the_last_line(built: list[str], tmp_path: Path) -> None:
    done = CliRunner().invoke(sample.command, [])
    assert (done.exit_code, done.stdout) == (0, "clinic-leaky.apk\n")
    assert (tmp_path / "clinic-leaky.apk").read_bytes() == b"PK"
    done = CliRunner().invoke(sample.command, ["fixed", "-o", str(tmp_path / "x.apk")])
    assert done.stdout == f"{tmp_path / 'x.apk'}\n"
    done = CliRunner().invoke(sample.command, ["hidden", "--app", "booking"])
    assert (done.exit_code, done.stdout) == (0, "booking-hidden.apk\n")
    assert built == ["clinic leaky", "clinic fixed", "booking hidden"]


def test_what_cannot_be_done(
    built: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert CliRunner().invoke(sample.command, ["broken"]).exit_code == 2
    refused = CliRunner().invoke(sample.command, ["-o", "/proc/nope.apk"]).exception
    assert isinstance(refused, HarnessError)
    assert refused.where == "/proc/nope.apk"
    monkeypatch.setattr(sample, "APPS", tmp_path / "none")
    refused = CliRunner().invoke(sample.command, []).exception
    assert isinstance(refused, HarnessError)
    assert "checkout" in refused.action


def test_a_flavour_that_the_app_has_not_is_refused() -> None:
    refused = CliRunner().invoke(sample.command, ["hidden"]).exception
    assert isinstance(refused, HarnessError)
    assert "leaky, fixed" in refused.expected
