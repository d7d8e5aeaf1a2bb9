"""`leak-harness virtual`: what it prints where, and its exit codes; the daemon is stood in for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from harness.cli import virtual
from harness.errors import ScenarioError
from harness.virtual.daemon import VirtualDevice

DEVICE = VirtualDevice(
    "127.0.0.1:4711", 4711, 12, 13, Path("/w/witness.jsonl"), Path("/w"), Path("/w/device.log")
)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    given: dict[str, Any] = {}

    def start(**options: Any) -> VirtualDevice:
        given.update(options)
        options["progress"]("warming up")
        return DEVICE

    monkeypatch.setattr(virtual, "start_device", start)

    def stop(serial: str | None, *, owned: bool) -> list[str]:
        given["owned"] = owned
        return [serial or DEVICE.serial]

    monkeypatch.setattr(virtual, "stop_device", stop)
    monkeypatch.setattr(virtual, "list_devices", lambda: [DEVICE])
    return given


def run(*words: str) -> Any:
    return CliRunner().invoke(virtual.command, words)


def test_the_serial_is_the_last_line(asked: dict[str, Any], tmp_path: Path) -> None:
    apk = tmp_path / "a.apk"
    apk.touch()
    done = run("start", "--port", "4711", "--apk", str(apk), "--locale", "fr-FR")
    assert done.exit_code == 0
    assert done.stdout == "127.0.0.1:4711\n"
    assert "warming up\n" in done.stderr
    assert (asked["port"], asked["apks"], asked["locale"]) == (4711, (apk,), "fr-FR")


def test_a_machine_that_does_not_hold_apps_is_warned_of(
    asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    open_device = replace(DEVICE, uncontained="Function not implemented")
    monkeypatch.setattr(virtual, "start_device", lambda **options: open_device)
    done = run("start")
    assert "WARNING: programs and native code of apps are not contained" in done.stderr
    assert "(Function not implemented)" in done.stderr
    assert "do: use Linux 5.0" in done.stderr
    assert done.stdout == f"{DEVICE.serial}\n"


def test_live_is_warned_of(asked: dict[str, Any]) -> None:
    assert "WARNING: the virtual internet is LIVE" in run("start", "--internet", "live").stderr


@pytest.mark.parametrize(
    "words",
    [
        ["start", "--internet", "/nope"],
        ["start", "--port", "0"],
        ["start", "--apk", "/nope.apk"],
        ["nosuch"],
    ],
)
def test_bad_usage(asked: dict[str, Any], words: list[str]) -> None:
    assert run(*words).exit_code == 2


def test_stopping_and_listing(asked: dict[str, Any]) -> None:
    assert run("stop").stdout == "127.0.0.1:4711\n"
    assert run("stop", "127.0.0.1:5").stdout == "127.0.0.1:5\n"
    assert run("list").stdout == "127.0.0.1:4711\t12\t/w\tvirtual start\n"


def test_devices_in_use_are_named_and_left_alone(
    asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    in_use = replace(DEVICE, owner_pid=99)
    monkeypatch.setattr(virtual, "list_devices", lambda: [in_use])
    assert run("list").stdout.endswith("\tprocess 99\n")
    done = run("stop")
    assert asked["owned"] is False
    assert "left alone: 127.0.0.1:4711, in use by process 99" in done.stderr
    assert "--all" in done.stderr
    assert "left alone" not in run("stop", "127.0.0.1:4711").stderr
    run("stop", "--all")
    assert asked["owned"] is True


def test_a_work_dir_that_cannot_be_written(asked: dict[str, Any]) -> None:
    refused = run("start", "--work-dir", "/proc/nope").exception
    assert isinstance(refused, ScenarioError)
    assert "--work-dir" in refused.what
