"""Through the real adb server (binary of the adbutils wheel) to the package's own adbd."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.clock import SystemClock, wait_until
from harness.device.adb import Adb, AdbServer
from harness.device.server import PrivateServer
from harness.errors import LabError
from tests.device.scripted import ScriptedDevice

TABLE = {
    "both": ("out é\n", "err\n", 3),
    "bytes": (b"\x89PNG\r\n\x00\xff", "", 0),
    "printf": lambda command: (command, "", 0),
    "large": ("x" * 3_000_000, "", 0),
}


@pytest.fixture(scope="module")
def scripted(
    adb_server: PrivateServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Adb, ScriptedDevice]]:
    device = ScriptedDevice(TABLE, tmp_path_factory.mktemp("device"))
    adb_server.adb.connect(device.serial)
    adb = adb_server.adb.device(device.serial)
    assert wait_until(SystemClock(), lambda: adb.state() == "device", 10)
    yield adb, device
    adb_server.adb.disconnect(device.serial)
    device.close()


def test_streams_and_exit_code_stay_apart(scripted: tuple[Adb, ScriptedDevice]) -> None:
    done = scripted[0].shell("both")
    assert (done.stdout, done.stderr, done.exit_code, done.ok) == ("out é\n", "err\n", 3, False)
    assert done.seen == "exit 3: out é err"


def test_bytes_arrive_as_they_are(scripted: tuple[Adb, ScriptedDevice]) -> None:
    assert scripted[0].shell_bytes("bytes") == (b"\x89PNG\r\n\x00\xff", "", 0)
    assert len(scripted[0].shell("large").stdout) == 3_000_000


def test_argv_is_quoted_for_the_shell(scripted: tuple[Adb, ScriptedDevice]) -> None:
    command = ["printf", "a b", "é'\"$x", "%s"]
    assert scripted[0].shell(command).stdout == "printf 'a b' 'é'\"'\"'\"$x' %s"


def test_an_unknown_command_is_a_result(scripted: tuple[Adb, ScriptedDevice]) -> None:
    assert scripted[0].shell("nonsense").exit_code == 127


def test_files_go_both_ways_whole(scripted: tuple[Adb, ScriptedDevice], tmp_path: Path) -> None:
    adb, data = scripted[0], bytes(range(256)) * 20_000
    source = tmp_path / "big"
    source.write_bytes(data)
    adb.push(source, "/data/local/tmp/big")
    assert adb.pull("/data/local/tmp/big") == data
    with pytest.raises(LabError, match="did not answer") as caught:
        adb.pull("/data/local/tmp/nowhere")
    assert "No such file" in caught.value.seen
    assert caught.value.where == f"{adb.serial}: pull /data/local/tmp/nowhere"


def test_forward_leads_to_the_device_and_is_removed(scripted: tuple[Adb, ScriptedDevice]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        echo = threading.Thread(target=_echo_once, args=(listener,))
        echo.start()
        forwarded = scripted[0].forwarded(f"tcp:{listener.getsockname()[1]}")
        with forwarded as port, socket.create_connection(("127.0.0.1", port), 5) as client:
            client.sendall(b"ping")
            assert client.recv(4) == b"ping"
        echo.join()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), 5)


def _echo_once(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.sendall(connection.recv(100))


def test_devices_are_listed(
    scripted: tuple[Adb, ScriptedDevice], adb_server: PrivateServer
) -> None:
    listed = adb_server.adb.devices()
    assert [(d.serial, d.state, d.model) for d in listed] == [
        (scripted[1].serial, "device", "Scripted")
    ]


def test_a_device_that_is_not_there(adb_server: PrivateServer) -> None:
    with pytest.raises(LabError) as caught:
        adb_server.adb.device("nobody").shell("getprop")
    assert caught.value.where == "nobody: shell getprop"
    assert "not found" in caught.value.seen
    with pytest.raises(LabError, match="cannot connect"):
        adb_server.adb.connect("127.0.0.1:1")


def test_no_server_is_started_behind_ones_back() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    assert not AdbServer(port).answers()
    with pytest.raises(LabError, match="no adb server answers"):
        AdbServer(port).devices()


def test_a_device_without_shell_v2_is_refused(adb_server: PrivateServer, tmp_path: Path) -> None:
    device = ScriptedDevice({"id": ("0", "", 0)}, tmp_path, features="cmd")
    try:
        adb_server.adb.connect(device.serial)
        adb = adb_server.adb.device(device.serial)
        assert wait_until(SystemClock(), lambda: adb.state() == "device", 10)
        with pytest.raises(LabError) as caught:
            adb.shell("id")
        assert "shell v2" in caught.value.seen
        adb_server.adb.disconnect(device.serial)
    finally:
        device.close()


def test_silence_has_a_limit(adb_server: PrivateServer, tmp_path: Path) -> None:
    hang = threading.Event()

    def sleep(command: str) -> tuple[str, str, int]:
        hang.wait(5)
        return "", "", 0

    device = ScriptedDevice({"sleep": sleep}, tmp_path)
    try:
        adb_server.adb.connect(device.serial)
        adb = adb_server.adb.device(device.serial)
        assert wait_until(SystemClock(), lambda: adb.state() == "device", 10)
        with pytest.raises(LabError, match="did not answer"):
            adb.shell("sleep 5", timeout_s=0.3)
        hang.set()
        adb_server.adb.disconnect(device.serial)
    finally:
        hang.set()
        device.close()
