"""Commands through adb's own client and adbutils: codes, stderr apart, input, hanging up."""

from __future__ import annotations

import subprocess
import time

import adbutils
import pytest

from harness.clock import SystemClock, wait_until
from tests.virtual.adbd.wire import RawHost, packed
from tests.virtual.conftest import Adb, DeviceThread


def test_output_error_and_status_stay_apart(adb: Adb) -> None:
    done = adb("shell", "echo out; echo err >&2; exit 42")
    assert (done.stdout, done.stderr, done.returncode) == (b"out\n", b"err\n", 42)


def test_arguments_are_joined_unquoted(adb: Adb) -> None:
    assert adb("shell", "echo", "a  b", "c").stdout == b"a b c\n"


def test_input_reaches_the_command(adb: Adb) -> None:
    data = bytes(range(256)) * 8000
    assert adb("shell", "cat", data=data).stdout == data
    assert adb("exec-in", "cat >/sdcard/f", data=data).returncode == 0
    # exec-in does not wait for the command: it hangs up behind its last byte.
    assert wait_until(
        SystemClock(), lambda: adb("exec-out", "cat", "/sdcard/f").stdout == data, 20, 0.2
    )


def test_a_script_on_standard_input(adb: Adb) -> None:
    done = adb("shell", data=b"echo one\nexit 5\n")
    assert (done.stdout, done.returncode) == (b"one\n", 5)


def test_without_version_2_there_is_one_stream_and_no_status(fake_device: DeviceThread) -> None:
    host = RawHost(fake_device.port)
    assert host.run("shell:echo a; echo b >&2; exit 3") == b"a\nb\n"
    assert host.run("exec:echo c >&2", 8) == b"c\n"
    host.close()


def test_adbutils(adb: Adb) -> None:
    device = adbutils.AdbClient("127.0.0.1", adb.server_port).device(adb.serial)
    answer = device.shell2("echo out; echo err >&2; exit 3", v2=True)
    assert (answer.returncode, answer.stdout, answer.stderr) == (3, "out\n", "err\n")
    assert device.shell("echo é") == "é"
    assert device.prop.model == "Virtual Android"
    assert device.window_size() == (822, 1782)


def test_a_command_ends_when_the_host_hangs_up(adb: Adb, fake_device: DeviceThread) -> None:
    running = subprocess.Popen([*adb.argv, "logcat"], stdout=subprocess.PIPE)
    followers = fake_device.device.log._followers
    wait_for(lambda: len(followers) == 1)
    running.terminate()
    running.communicate(timeout=10)
    wait_for(lambda: not followers)


def wait_for(condition: object) -> None:
    assert callable(condition)
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize("options", ["v2,TERM=xterm,pty", "v2,pty", "pty"])
def test_a_terminal_echoes_and_edits(fake_device: DeviceThread, options: str) -> None:
    host = RawHost(fake_device.port)
    host.send(packed(b"OPEN", 7, 0, f"shell,{options}:\0".encode()))
    remote = host.receive().arg0
    typed = b"echo hj\x7fi\rexit 3\r"
    if options.startswith("v2"):
        typed = b"\0" + len(typed).to_bytes(4, "little") + typed
    host.send(packed(b"WRTE", 7, remote, typed))
    output = b""
    while (packet := host.receive()).command != b"CLSE":
        if packet.command == b"WRTE":
            output += packet.payload
            host.send(packed(b"OKAY", 7, remote))
    assert b"hi\r\n" in output
    assert output.count(b"$ ") >= 2
    host.close()
