"""Forwards, with the real adb server of the adbutils wheel and a scripted device behind it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.agent import forward as room
from harness.agent.forward import forward, remove
from harness.clock import SystemClock, wait_until
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


def test_one_forward_serves_until_it_is_removed(lab: tuple[PrivateServer, str]) -> None:
    server, serial = lab
    port = forward(server.port, serial, 27042, 5)
    assert room._kept(server.port, serial, 5) == {port}
    assert forward(server.port, serial, 27042, 5) == port, "the same one"
    other = forward(server.port, serial, 27043, 5)
    assert room._kept(server.port, serial, 5) == {port, other}
    remove((server.port, serial, 27042))
    assert room._kept(server.port, serial, 5) == {other}
    assert forward(server.port, serial, 27042, 5) != other
    room._remove_all()
    assert room._kept(server.port, serial, 5) == set()


def test_one_that_the_server_dropped_is_made_anew(lab: tuple[PrivateServer, str]) -> None:
    server, serial = lab
    port = forward(server.port, serial, 27042, 5)
    request = f"host-serial:{serial}:killforward:tcp:{port}"
    room._asked(server.port, serial, request, 5).close()
    assert room._kept(server.port, serial, 5) == set()
    again = forward(server.port, serial, 27042, 5)
    assert room._kept(server.port, serial, 5) == {again}


def test_an_unknown_serial_is_told(lab: tuple[PrivateServer, str]) -> None:
    server, _ = lab
    with pytest.raises(LabError, match="does not see the device") as caught:
        forward(server.port, "emulator-9998", 27042, 5)
    assert caught.value.seen
    assert caught.value.where == f"emulator-9998, adb server on port {server.port}"


def test_a_server_that_hangs_up_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as rude:
        port = rude.getsockname()[1]
        rude.settimeout(5)
        threading.Thread(target=lambda: rude.accept()[0].close(), daemon=True).start()
        with pytest.raises(LabError, match="does not see the device"):
            forward(port, "x", 27042, 5)


def test_removing_never_raises() -> None:
    room._made[(1, "gone", 27042)] = 4711
    remove((1, "gone", 27042))
    remove((1, "gone", 27042))
    assert (1, "gone", 27042) not in room._made
