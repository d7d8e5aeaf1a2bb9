"""Whether the kernel takes the filter; a kernel that does not: `tests/virtual/containment`."""

from __future__ import annotations

import pytest

from harness.virtual.host import launcher
from harness.virtual.host.guard.program import filter_program
from harness.virtual.host.guard.support import uncontained, warning


def test_this_kernel_takes_it() -> None:
    assert uncontained() == ""


def test_another_processor(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(launcher, "MACHINE", "another")
    launcher.probe(filter_program())
    assert capsys.readouterr().out == "Function not implemented\n"


def test_the_warning_names_the_reason() -> None:
    assert "(no such thing)" in warning("no such thing")
