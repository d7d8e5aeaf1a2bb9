"""The daemon's own life: errors told to the starter, the owner watched."""

from __future__ import annotations

import asyncio
import json
import subprocess
from pathlib import Path

import pytest

from harness.errors import LabError
from harness.virtual.daemon import __main__ as daemon
from harness.virtual.daemon.configuration import Configuration


def configuration(folder: Path) -> Configuration:
    return Configuration(0, (), (), False, str(folder), True, str(folder), 0, "de-DE", 1)


def test_errors_are_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def fails(wanted: Configuration) -> int:
        raise LabError("no Java 17", where="here", action="install one")

    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.setattr(daemon, "serve", fails)
    assert daemon.run(configuration(folder)) == 1
    error = json.loads(capsys.readouterr().out)["error"]
    assert (error["what"], error["fault"], error["action"]) == ("no Java 17", "lab", "install one")
    assert not folder.exists()


def test_errors_out_of_a_group_and_bugs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def fails(wanted: Configuration) -> int:
        raise ExceptionGroup("two", [ValueError("x"), LabError("known")])

    async def breaks(wanted: Configuration) -> int:
        raise ValueError("a bug")

    monkeypatch.setattr(daemon, "serve", fails)
    daemon.run(configuration(tmp_path / "a"))
    monkeypatch.setattr(daemon, "serve", breaks)
    daemon.run(configuration(tmp_path / "b"))
    lines = [json.loads(line)["error"] for line in capsys.readouterr().out.splitlines()]
    assert lines[0]["what"] == "known"
    assert (lines[1]["fault"], lines[1]["seen"]) == ("bug", "ValueError: a bug")


def test_the_owner_is_watched() -> None:
    async def scenario() -> None:
        loop, ending = asyncio.get_running_loop(), asyncio.Event()
        owner = subprocess.Popen(["sleep", "60"])
        daemon.watch_owner(loop, owner.pid, ending)
        daemon.watch_owner(loop, 0, ending)
        await asyncio.sleep(0)
        assert not ending.is_set()
        owner.kill()
        await asyncio.wait_for(ending.wait(), 10)
        owner.wait()

    asyncio.run(scenario())


def test_an_owner_that_is_gone_already() -> None:
    async def scenario() -> None:
        ending = asyncio.Event()
        owner = subprocess.Popen(["true"])
        owner.wait()
        daemon.watch_owner(asyncio.get_running_loop(), owner.pid, ending)
        assert ending.is_set()

    asyncio.run(scenario())
