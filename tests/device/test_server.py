from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from harness.device.adb import AdbServer
from harness.device.server import runtime_dir, start_blind, user_port
from harness.errors import LabError


def test_starts_quickly_knows_nobody_and_ends() -> None:
    started = time.monotonic()
    server = start_blind()
    assert time.monotonic() - started < 10
    assert server.port != 5037
    assert server.adb.devices() == ()
    server.close()
    server.close()
    assert not AdbServer(server.port).answers()
    assert not Path(f"/proc/{server.pid}").exists()
    assert not (runtime_dir() / ".android" / f"adb.{server.port}").exists()


def test_two_at_a_time_do_not_meet() -> None:
    first, second = start_blind(), start_blind()
    try:
        assert first.port != second.port
        assert first.adb.answers()
        assert second.adb.answers()
    finally:
        first.close()
        second.close()


_OWNER = """\
import signal, sys, time
from harness.device.server import start_blind
signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job's is ignored
server = start_blind()
print(server.pid, server.port, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_ends_with_its_owner_however_that_ends(end: signal.Signals) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", _OWNER],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with owner:
        assert owner.stdout is not None
        pid, port = (int(word) for word in owner.stdout.readline().split())
        os.kill(pid, 0)
        owner.send_signal(end)
        owner.wait(10)
    deadline = time.monotonic() + 10
    while AdbServer(port).answers():
        assert time.monotonic() < deadline, "the adb server outlived its owner"
        time.sleep(0.05)


def test_port_of_the_users_server() -> None:
    assert user_port({}) == 5037
    assert user_port({"ANDROID_ADB_SERVER_PORT": "6000"}) == 6000
    with pytest.raises(LabError, match="not a port"):
        user_port({"ANDROID_ADB_SERVER_PORT": "tcp"})
    with pytest.raises(LabError, match="not a port"):
        user_port({"ANDROID_ADB_SERVER_PORT": "70000"})


def test_the_runtime_folder_is_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    path = runtime_dir()
    assert path.is_relative_to(tmp_path)
    assert [stat.S_IMODE(p.stat().st_mode) for p in (path, path.parent)] == [0o700, 0o700]
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(blocked))
    with pytest.raises(LabError, match="no place"):
        runtime_dir()
