"""Errors of the app process are faults of the lab, and commands are told apart by their kind."""

from __future__ import annotations

import pytest

from harness.errors import LabError
from harness.virtual.host.errors import CommandFailed, HostError, HostGone, HostTimeout


@pytest.mark.parametrize("kind", [HostGone, HostTimeout])
def test_they_are_lab_errors_with_a_remedy(kind: type[HostError]) -> None:
    error = kind("no answer", where="pid 7", action="stop the virtual device and start it again")
    assert isinstance(error, LabError)
    assert str(error).splitlines() == [
        "pid 7: no answer",
        "  do:       stop the virtual device and start it again",
    ]


def test_a_refused_command_has_a_kind_for_programs_and_a_text_for_people() -> None:
    error = CommandFailed("no_such_activity", "there is no such activity", seen="a/.B")
    assert error.kind == "no_such_activity"
    assert str(error) == "there is no such activity\n  seen:     a/.B"
