"""Forwards, with the real adb server of the adbutils wheel and a scripted device behind it.

That server's own list (`adb forward --list`) says which there are.
"""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.agent import forward as room
from harness.agent.forward import Forward, forward
from harness.clock import SystemClock, wait_until
from harness.device.adb import binary
from harness.device.server import PrivateServer, start_blind
from harness.errors import LabError
from tests.device.scripted import ScriptedDevice


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[PrivateServer, str]]:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    server = start_blind()
    files = tmp_path / "files"
    files.mkdir()
    scripted = ScriptedDevice({}, files)
    try:
        server.adb.connect(scripted.serial)
        adb = server.adb.device(scripted.serial)
        assert wait_until(SystemClock(), lambda: adb.state() == "device", 10)
        yield server, scripted.serial
    finally:
        server.close()
        scripted.close()


def listed(server: PrivateServer) -> set[tuple[str, str, str]]:
    argv = [str(binary()), "-P", str(server.port), "forward", "--list"]
    done = subprocess.run(argv, capture_output=True, text=True, check=True, timeout=30)
    rows = [line.split() for line in done.stdout.splitlines() if line]
    return {(serial, local, remote) for serial, local, remote in rows}


def test_each_lasts_until_it_is_closed(lab: tuple[PrivateServer, str]) -> None:
    server, serial = lab
    first, second = forward(server.port, serial, 27042, 5), forward(server.port, serial, 27043, 5)
    rows = {(serial, f"tcp:{first.port}", "tcp:27042"), (serial, f"tcp:{second.port}", "tcp:27043")}
    assert listed(server) == rows
    first.close()
    first.close()
    assert listed(server) == {(serial, f"tcp:{second.port}", "tcp:27043")}
    room._close_all()
    assert listed(server) == set()


def test_an_unknown_serial_is_told(lab: tuple[PrivateServer, str]) -> None:
    server, _ = lab
    with pytest.raises(LabError, match="does not see the device") as caught:
        forward(server.port, "emulator-9998", 27042, 5)
    assert caught.value.seen == "the adb server does not know this serial"
    assert caught.value.where == f"emulator-9998, adb server on port {server.port}"


@pytest.mark.parametrize(
    "answer",
    [b"", b"OKAY", b"OKAYOKAY", b"OKAYOKAY00zz", b"OKAYOKAY0003tcp", b"HTTP/1.1 400", b"FA"],
)
def test_an_answer_that_is_none_is_told(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as rude:

        def once() -> None:
            link, _ = rude.accept()
            with link:
                link.recv(4096)
                link.sendall(answer)

        thread = threading.Thread(target=once)
        thread.start()
        with pytest.raises(LabError, match="does not see the device") as caught:
            forward(rude.getsockname()[1], "x", 27042, 5)
        thread.join()
    assert caught.value.seen


def test_a_server_that_is_silent_is_told() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(LabError, match="does not see the device") as caught,
    ):
        forward(silent.getsockname()[1], "x", 27042, 0.1)
    assert "timed out" in caught.value.seen


def test_closing_never_raises() -> None:
    gone = Forward(1, "gone", 4711)
    room._open.add(gone)
    gone.close()
    assert gone not in room._open
