"""Fixtures: one event loop in a thread, one virtual internet, one pool of warm processes.

Booting a JVM takes seconds, so everything is shared by the session and each process is used by as
many tests as it can serve. xdist: `pytest.mark.xdist_group` in the modules keeps them together.
"""

from __future__ import annotations

import asyncio
import dataclasses
import re
import threading
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest

from harness.virtual.apk import build_app, convert
from harness.virtual.host import (
    AppProcess,
    AppSpec,
    Event,
    HostPool,
    HostRuntime,
    IntentSpec,
    LogRecord,
    NetworkSettings,
)
from harness.virtual.host.build import host_runtime
from harness.virtual.internet import Internet

T = TypeVar("T")

APP = Path(__file__).with_name("app")
PACKAGE = "org.example.probe"
MAIN = f"{PACKAGE}/{PACKAGE}.MainActivity"
SECOND = f"{PACKAGE}/{PACKAGE}.SecondActivity"
NEW_TASK_CLEAR_TASK = 0x10008000
"""`Intent.FLAG_ACTIVITY_NEW_TASK | FLAG_ACTIVITY_CLEAR_TASK`."""
LIMIT_S = 120.0
"""No single step of a test takes longer, even on a machine that is busy with other work."""


class LoopThread:
    """An event loop that outlives single tests; `run` waits for a coroutine on it."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="host-loop")
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(LIMIT_S)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(LIMIT_S)
        self._loop.close()


@dataclass
class Device:
    """What the tests need of a device: warm processes, its network, its own folders."""

    loop: LoopThread
    runtime: HostRuntime
    network: NetworkSettings
    internet: Internet
    pool: HostPool
    folder: Path


@dataclass
class Probe:
    """A process bound to the probe app, with everything it has said."""

    process: AppProcess
    loop: LoopThread
    events: list[Event] = field(default_factory=list)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run(work)

    def logs(self, tag: str = "probe") -> list[str]:
        return [e.message for e in self.events if isinstance(e, LogRecord) and e.tag == tag]

    def dump(self) -> str:
        return self.run(self.process.dump_hierarchy()).decode()

    def tap(self, field_id: str) -> None:
        left, top, right, bottom = bounds(self.dump(), field_id)
        self.run(self.process.tap((left + right) / 2, (top + bottom) / 2))

    def status(self) -> str:
        return node(self.dump(), "status")["text"]


def node(xml: str, field_id: str) -> dict[str, str]:
    """Attributes of the node with this id in the probe app."""
    for element in ElementTree.fromstring(xml).iter("node"):
        if element.attrib["resource-id"] == f"{PACKAGE}:id/{field_id}":
            return element.attrib
    raise AssertionError(f"no node {field_id} in {xml}")


def bounds(xml: str, field_id: str) -> tuple[int, int, int, int]:
    left, top, right, bottom = map(int, re.findall(r"-?\d+", node(xml, field_id)["bounds"]))
    return left, top, right, bottom


def eventually(condition: Callable[[], bool], timeout_s: float = LIMIT_S) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true in time"
        time.sleep(0.02)


@pytest.fixture(scope="session")
def loop() -> Iterator[LoopThread]:
    thread = LoopThread()
    yield thread
    thread.close()


@asynccontextmanager
async def _device(folder: Path, loop: LoopThread) -> AsyncIterator[Device]:
    answers = folder / "answers"
    answers.mkdir()
    (answers / "search.probe.example.yaml").write_text(
        "[{method: GET, path: '^/find', status: 200, body: 'gefunden: é'}]", encoding="utf-8"
    )
    internet = Internet([answers], folder / "record.jsonl", folder / "authority")
    network = await internet.start()
    processes = folder / "processes"
    processes.mkdir()
    try:
        runtime = await asyncio.to_thread(host_runtime)
        async with HostPool(runtime, network, processes, refill_delay_s=0.0) as pool:
            yield Device(loop, runtime, network, internet, pool, folder)
        assert list(processes.iterdir()) == []
    finally:
        await internet.stop()


@pytest.fixture(scope="session")
def device(loop: LoopThread, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Device]:
    manager = _device(tmp_path_factory.mktemp("device"), loop)
    made = loop.run(manager.__aenter__())
    yield made
    loop.run(manager.__aexit__(None, None, None))


@pytest.fixture(scope="session")
def spec() -> AppSpec:
    """The probe app; tests replace `data_dir`."""
    apk = build_app(APP, "plain")
    return AppSpec(
        package=PACKAGE,
        apk=apk,
        app_jar=convert(apk),
        data_dir=Path(),
        permissions=("android.permission.INTERNET", "android.permission.ACCESS_NETWORK_STATE"),
        properties={
            "ro.product.model": "Virtual Android",
            "ro.build.id": "UQ1A.240205.004",
            "persist.sys.timezone": "Europe/Berlin",
        },
    )


@pytest.fixture(scope="session")
def bound(
    device: Device, spec: AppSpec, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Probe]:
    async def take() -> Probe:
        process = await device.pool.take()
        probe = Probe(process, device.loop)
        process.subscribe(probe.events.append)
        data = tmp_path_factory.mktemp("data")
        await process.bind(dataclasses.replace(spec, data_dir=data))
        return probe

    probe = device.loop.run(take())
    yield probe
    device.loop.run(probe.process.terminate())


@pytest.fixture
def probe(bound: Probe) -> Probe:
    """The main activity, just made."""
    intent = IntentSpec(component=MAIN, flags=NEW_TASK_CLEAR_TASK, extras={"word": "übergeben"})
    result = bound.run(bound.process.start_activity(intent))
    assert result.component == MAIN
    return bound
