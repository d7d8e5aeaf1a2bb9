"""Frida's way to a device; a scripted TCP server stands for what the forward leads to.

What adb does with a port that nobody listens on is in `test_probe.py`, with the real adb server;
the attach through the virtual device that leaves nothing behind in `test_on_android.py`.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import frida
import pytest

from harness.agent import devices
from harness.agent.devices import Endpoint, limited, open_endpoint
from harness.errors import BugError, LabError
from tests.agent.portal import running_from


@contextmanager
def answering(answer: Callable[[socket.socket], object]) -> Iterator[int]:
    """A server on this port that does `answer` with each connection and ends it."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                link, _ = listening.accept()
            except OSError:
                return
            with link:
                answer(link)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


def refuse(link: socket.socket) -> None:
    link.recv(4096)
    link.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")


@pytest.mark.parametrize(
    ("answer", "seen", "action"),
    [
        (lambda link: None, "no Frida listens", "start frida-server"),
        (lambda link: link.recv(4096), "connection closed", "versions must be the same"),
        (refuse, "not Found", "versions must be the same"),
    ],
)
def test_errors_say_what_to_do(
    answer: Callable[[socket.socket], object], seen: str, action: str
) -> None:
    with answering(answer) as port:
        endpoint = Endpoint(port)
        with limited(10), pytest.raises(devices.UNREACHED) as caught:
            endpoint.device.attach(1)
        found = endpoint.trouble(caught.value)
        endpoint.close()
    assert seen in found[0]
    assert action in found[1]
    assert frida.__version__ in found[1]


def test_nobody_behind_the_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    endpoint = Endpoint(port)
    with pytest.raises(devices.UNREACHED) as caught:
        endpoint.device.query_system_parameters()
    assert "start frida-server" in endpoint.trouble(caught.value)[1]
    endpoint.close()


def test_a_frida_that_never_answers_does_not_hang_us() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        endpoint = Endpoint(silent.getsockname()[1])
        started = time.monotonic()
        with pytest.raises(frida.OperationCancelledError), limited(0.2):
            endpoint.device.attach(1)
        assert time.monotonic() - started < 10
        endpoint.close()


def test_closing_gives_back_what_leads_there_and_never_raises() -> None:
    released: list[int] = []
    endpoint = Endpoint(1, lambda: released.append(1))
    endpoint.close()
    endpoint.close()
    assert released


def test_a_serial_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANDROID_ADB_SERVER_PORT", raising=False)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(LabError, match="does not see the device") as caught:
        open_endpoint("emulator-9998", port, 0.1)
    assert str(port) in caught.value.where
    assert "ANDROID_ADB_SERVER_PORT" not in os.environ


@pytest.mark.parametrize("missing", ["_wrap", "_frida"])
def test_a_frida_without_the_constructor_is_named(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    with monkeypatch.context() as patch:
        devices._sockets_only.cache_clear()
        patch.delattr(frida, missing)
        with pytest.raises(BugError, match="cannot be used") as caught:
            devices._sockets_only()
    assert frida.__version__ in caught.value.seen
    assert caught.value.expected == f"frida {frida.__version__}", "the pinned one is installed"


ALONE = """
import frida
from harness.agent.devices import Endpoint
try:
    Endpoint(1).device.enumerate_processes()
except frida.ServerNotRunningError:
    print("no server there")
"""


def test_nothing_of_frida_outlives_the_process(tmp_path: Path) -> None:
    """Its ordinary manager leaves `idund` behind, started from a folder under TMPDIR."""
    ran = subprocess.run(
        [sys.executable, "-c", ALONE],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert (ran.stdout, ran.stderr) == ("no server there\n", "")
    assert running_from(tmp_path) == []
    assert list(tmp_path.iterdir()) == []
