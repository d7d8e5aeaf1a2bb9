from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from harness.cli import doctor
from harness.device.checkup import FAIL, NOTE, OK, Check
from harness.errors import LabError


def test_the_machine_is_checked_and_passes_where_the_suite_runs() -> None:
    done = CliRunner().invoke(doctor.command, ["--json"])
    document = json.loads(done.stdout)
    names = [check["name"] for check in document["checks"]]
    assert names == list(doctor.MACHINE)
    states = {check["name"]: check["state"] for check in document["checks"]}
    assert states["Python"] == OK
    assert states["adb"] == OK
    assert document["ok"] is (FAIL not in states.values())
    assert done.exit_code == (0 if document["ok"] else 1)
    assert all(check["remedy"] for check in document["checks"] if check["state"] != OK)


@pytest.mark.parametrize(
    ("scope", "state"), [(None, OK), ("0", OK), ("1", OK), ("2", FAIL), ("3", FAIL), ("9", FAIL)]
)
def test_ptrace(scope: str | None, state: str) -> None:
    assert doctor.ptrace(scope).state == state


def test_a_failing_check_is_exit_1_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Check:
        raise LabError("there is no Java", seen="java 21", action="run make setup")

    monkeypatch.setattr(doctor, "MACHINE", {"Java 17": broken})
    done = CliRunner().invoke(doctor.command, [])
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        "FAIL  Java 17  there is no Java: java 21",
        "               do: run make setup",
    ]


def test_a_note_does_not_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    note = Check("artifacts", NOTE, "3 files are not in the cache yet", "make setup")
    monkeypatch.setattr(doctor, "MACHINE", {"artifacts": lambda: note})
    assert CliRunner().invoke(doctor.command, []).exit_code == 0


def test_a_device_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "MACHINE", {})
    monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", "1")
    done = CliRunner().invoke(doctor.command, ["--device", "nobody"])
    assert done.exit_code == 1
    assert "no adb server answers" in done.stdout
    monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", "x")
    done = CliRunner().invoke(doctor.command, ["--device", "nobody"])
    assert "not a port" in done.stdout


def test_package_needs_a_device() -> None:
    assert CliRunner().invoke(doctor.command, ["--package", "a.b"]).exit_code == 2
