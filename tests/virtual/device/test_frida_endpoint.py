"""The portal with a plain process; a real Frida client on the other side."""

from __future__ import annotations

import asyncio
import subprocess
import threading
from collections.abc import Iterator

import frida
import pytest

from harness.errors import LabError
from harness.virtual.device.frida_endpoint import FridaEndpoint


@pytest.fixture(autouse=True)
def no_helper(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeps Frida from leaving its helper for iOS devices behind (see `daemon.client`)."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/dev/null")


@pytest.fixture
def process() -> Iterator[int]:
    child = subprocess.Popen(["sleep", "60"])
    yield child.pid
    child.kill()
    child.wait()


def test_a_client_attaches_to_a_process_that_joined(process: int) -> None:
    async def scenario() -> None:
        endpoint = FridaEndpoint()
        await endpoint.start()
        await endpoint.join(process)
        assert await asyncio.to_thread(_own_pid, endpoint.port, process) == process
        await endpoint.stop()
        await endpoint.stop()
        assert endpoint.port is None

    asyncio.run(scenario())


def _own_pid(port: int | None, pid: int) -> int:
    manager = frida.get_device_manager()
    device = manager.add_remote_device(f"127.0.0.1:{port}")
    try:
        assert [found.pid for found in device.enumerate_processes()] == [pid]
        session = device.attach(pid)
        script = session.create_script("send(Process.id)")
        arrived, answers = threading.Event(), []

        def heard(message: dict[str, int], data: bytes | None) -> None:
            answers.append(message["payload"])
            arrived.set()

        script.on("message", heard)
        script.load()
        assert arrived.wait(10)
        session.detach()
        return answers[0]
    finally:
        manager.remove_remote_device(f"127.0.0.1:{port}")


def test_a_process_that_is_not_there() -> None:
    async def scenario() -> None:
        endpoint = FridaEndpoint()
        await endpoint.start()
        with pytest.raises(LabError, match="could not attach"):
            await endpoint.join(2**22)
        await endpoint.stop()

    asyncio.run(scenario())
