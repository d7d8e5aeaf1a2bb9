"""`leak-harness virtual`: what it prints where, and its exit codes; the daemon is stood in for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from harness.cli import virtual
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
    monkeypatch.setattr(virtual, "stop_device", lambda serial: [serial or DEVICE.serial])
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
    assert run("list").stdout == "127.0.0.1:4711\t12\t/w\n"
