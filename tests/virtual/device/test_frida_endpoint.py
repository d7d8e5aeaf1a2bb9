"""The portal with a plain process; a real Frida client on the other side.

What attaches to local processes runs in a child (`tests.agent.portal`): Frida's ordinary device
manager would leave its helper for iOS devices behind.
"""

from __future__ import annotations

import asyncio
import subprocess
import threading
from collections.abc import Iterator

import pytest

from harness.virtual.device.frida_endpoint import FridaEndpoint
from tests.agent.portal import Portal, portal
from tests.virtual.fakes.somebody import needs_root, somebody


@pytest.fixture
def local() -> Iterator[Portal]:
    with portal() as made:
        yield made


@pytest.fixture
def process() -> Iterator[int]:
    child = subprocess.Popen(["sleep", "60"])
    yield child.pid
    child.kill()
    child.wait()


def test_a_client_attaches_to_a_process_that_joined(local: Portal, process: int) -> None:
    local.join(process)
    endpoint = local.endpoint()
    try:
        assert [found.pid for found in endpoint.device.enumerate_processes()] == [process]
        session = endpoint.device.attach(process)
        script = session.create_script("send(Process.id)")
        arrived, answers = threading.Event(), []

        def heard(message: dict[str, int], data: bytes | None) -> None:
            answers.append(message["payload"])
            arrived.set()

        script.on("message", heard)
        script.load()
        assert arrived.wait(10)
        assert answers == [process]
        session.detach()
    finally:
        endpoint.close()


@needs_root
def test_a_client_of_somebody_else_is_dropped(local: Portal, process: int) -> None:
    local.join(process)
    endpoint = local.endpoint()
    try:
        line = f"""
device = frida.get_device_manager().add_remote_device("127.0.0.1:{local.port}")
try:
    session = device.attach({process})
    session.create_script("send(1)").load()
    print("in")
except frida.NotSupportedError as error:
    print("not supported", error)
except Exception as error:
    print("out")
"""
        with somebody(line) as other:
            assert other.communicate(timeout=30)[0] == "out\n"
        assert [found.pid for found in endpoint.device.enumerate_processes()] == [process]
    finally:
        endpoint.close()


def test_a_process_that_is_not_there(local: Portal) -> None:
    with pytest.raises(AssertionError, match=r"LabError.*could not attach"):
        local.join(2**22)


def test_a_portal_that_ends_has_no_port_and_may_end_again() -> None:
    async def scenario() -> None:
        endpoint = FridaEndpoint()
        assert endpoint.port is None
        await endpoint.start()
        assert endpoint.port is not None
        await endpoint.stop()
        await endpoint.stop()
        assert endpoint.port is None

    asyncio.run(scenario())
