"""How app processes end, and that nothing of them stays."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from harness.virtual.host import (
    AppSpec,
    Crash,
    Exited,
    HostGone,
    HostPool,
    HostTimeout,
    NetworkSettings,
)

from .conftest import LIMIT_S, Device, Probe, bounds, eventually

pytestmark = [pytest.mark.device, pytest.mark.xdist_group("virtual-host")]


def start(device: Device, spec: AppSpec, data_dir: Path) -> Probe:
    """The probe app with its main activity, in a process of its own."""

    async def work() -> Probe:
        process = await device.pool.take()
        probe = Probe(process, device.loop)
        process.subscribe(probe.events.append)
        await process.bind(dataclasses.replace(spec, data_dir=data_dir))
        await process.start_activity()
        return probe

    return device.loop.run(work())


def press(probe: Probe, field_id: str) -> None:
    """Tap without waiting for what comes of it: the process may not answer any more."""
    left, top, right, bottom = bounds(probe.dump(), field_id)

    async def work() -> None:
        with contextlib.suppress(HostGone, HostTimeout):
            await probe.process.call(
                "input_tap", {"x": (left + right) / 2, "y": (top + bottom) / 2}, timeout_s=1.0
            )

    probe.run(work())


def test_crashes_end_the_app_and_keep_its_data(
    device: Device, spec: AppSpec, tmp_path: Path
) -> None:
    for number, (button, thread) in enumerate(
        [("crash", "main"), ("crash_thread", "worker")], start=1
    ):
        probe = start(device, spec, tmp_path)
        assert probe.status().startswith(f"starts {number} "), "preferences survive the process"
        press(probe, button)
        assert probe.run(probe.process.wait_closed()) == 10
        crash = next(e for e in probe.events if isinstance(e, Crash))
        assert crash.thread == thread
        assert crash.exception == "java.lang.IllegalStateException: on purpose"
        assert crash.trace.startswith(
            "java.lang.IllegalStateException: on purpose\n"
            "\tat org.example.probe.MainActivity.crash("
        )
        assert probe.events[-1] == Exited(10)
        with pytest.raises(HostGone):
            probe.run(probe.process.screenshot())
        probe.run(probe.process.terminate())
    assert (tmp_path / "shared_prefs" / "kept.xml").is_file()


def test_a_hanging_app_still_answers_that_it_hangs(
    device: Device, spec: AppSpec, tmp_path: Path
) -> None:
    probe = start(device, spec, tmp_path)
    press(probe, "hang")
    started = time.monotonic()
    with pytest.raises(HostTimeout) as caught:
        probe.run(probe.process.call("windows", timeout_s=1.0))
    assert time.monotonic() - started < 10
    assert "org.example.probe.MainActivity.hang" in str(caught.value), "says where it hangs"
    assert probe.run(probe.process.memory()).heap_used_bytes > 0
    assert probe.process.alive
    started = time.monotonic()
    probe.run(probe.process.terminate(grace_s=20))
    assert time.monotonic() - started < 10
    assert probe.process.exit_code == 143, "ended by SIGTERM, no SIGKILL needed"


def test_a_spare_that_was_ended_while_it_waited_is_replaced(device: Device) -> None:
    async def work() -> tuple[int, int]:
        await device.pool.ready()
        (spare,) = device.pool._waiting
        os.kill(spare.pid, signal.SIGKILL)  # as the kernel does when memory is short
        taken = await device.pool.take()
        await taken.kill()
        assert taken.exit_code == -signal.SIGKILL
        return spare.pid, taken.pid

    killed, taken = device.loop.run(work())
    assert killed != taken


PARENT = """
import asyncio, sys
from pathlib import Path
from harness.virtual.host import HostPool, NetworkSettings
from harness.virtual.host.build import host_runtime

async def main():
    store, tmp = Path(sys.argv[1]), Path(sys.argv[2])
    pool = HostPool(host_runtime(), NetworkSettings(1, store), tmp)
    await pool.start()
    process = await pool.take()
    print(process.pid, flush=True)
    await asyncio.sleep(3600)

asyncio.run(main())
"""


def test_no_process_outlives_a_killed_parent(device: Device, tmp_path: Path) -> None:
    argv = [sys.executable, "-c", PARENT, str(device.network.trust_store), str(tmp_path)]
    parent = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
    try:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        folders = list(tmp_path.iterdir())
        assert folders
    finally:
        parent.send_signal(signal.SIGKILL)
        parent.communicate(timeout=LIMIT_S)
    eventually(lambda: not alive(pid))
    eventually(lambda: list(tmp_path.iterdir()) == [])


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_process_that_cannot_boot_says_why(device: Device, tmp_path: Path) -> None:
    async def work() -> None:
        missing = NetworkSettings(1, tmp_path / "no-such-store")
        async with HostPool(device.runtime, missing, tmp_path) as pool:
            await pool.take()

    with pytest.raises(HostGone) as caught:
        device.loop.run(work())
    assert "is the trust store readable?" in caught.value.seen
    assert list(tmp_path.iterdir()) == []


def test_a_java_that_is_none(device: Device, tmp_path: Path) -> None:
    async def work() -> None:
        runtime = dataclasses.replace(device.runtime, java=Path("/bin/false"))
        async with HostPool(runtime, device.network, tmp_path) as pool:
            await pool.take()

    with pytest.raises(HostGone) as caught:
        device.loop.run(work())
    assert caught.value.seen == "exit code 1"
    assert list(tmp_path.iterdir()) == []


def test_the_pool_refills_itself(device: Device) -> None:
    async def work() -> tuple[int, int]:
        first = await device.pool.take()
        second = await device.pool.take()
        pids = first.pid, second.pid
        await first.terminate()
        await second.terminate()
        return pids

    first, second = device.loop.run(work())
    assert first != second
    assert not alive(first)
    assert not alive(second)
