"""`am start -D`: Frida hooks an app before its first line runs.

A real Frida, a script of its own (not the product's agent), the real framework.
"""

from __future__ import annotations

import asyncio
import dataclasses
import queue
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import frida
import pytest

from harness.virtual.host import AppProcess, AppSpec, DebuggerWait
from tests.agent.portal import Portal, portal

from .conftest import LIMIT_S, Device, Probe, eventually

pytestmark = [pytest.mark.device, pytest.mark.xdist_group("virtual-host")]

HOOKS = Path(__file__).parents[3] / "hooks"
SCRIPT = Path(__file__).with_name("gate.ts")


@pytest.fixture
def local() -> Iterator[Portal]:
    with portal() as made:
        yield made


def compiled(folder: Path) -> str:
    """The script, with the bridge that the product's agent pins."""
    shutil.copy(SCRIPT, folder / SCRIPT.name)
    (folder / "package.json").write_text("{}")
    (folder / "node_modules").symlink_to(HOOKS / "node_modules")
    compiler = cast("Callable[[], frida.Compiler]", frida.Compiler)()
    return str(compiler.build(SCRIPT.name, project_root=str(folder), type_check="none"))


async def bind_at_gate(device: Device, spec: AppSpec) -> tuple[Probe, asyncio.Task[None]]:
    process: AppProcess = await device.pool.take()
    probe = Probe(process, device.loop)
    process.subscribe(probe.events.append)
    binding = asyncio.create_task(process.bind(spec))
    return probe, binding


def test_hooks_are_in_place_before_the_app(
    device: Device, spec: AppSpec, tmp_path: Path, local: Portal
) -> None:
    project = tmp_path / "project"
    project.mkdir()
    source = compiled(project)
    held = dataclasses.replace(spec, data_dir=tmp_path / "data", wait_for_debugger=True)
    probe, binding = device.loop.run(bind_at_gate(device, held))
    eventually(lambda: DebuggerWait(spec.package) in probe.events)
    messages: queue.Queue[Any] = queue.Queue()
    endpoint = local.endpoint()
    try:
        local.join(probe.process.pid)
        session = endpoint.device.attach(probe.process.pid)
        script = session.create_script(source)
        script.on("message", lambda message, data: messages.put(message))
        script.load()
        assert script.exports_sync.install() == [
            "com.android.okhttp.internal.huc.HttpURLConnectionImpl",
            "org.example.probe.ProbeApp",
        ]
        assert probe.logs() == [], "no line of the app has run"
        assert not binding.done()

        async def release() -> None:
            await probe.process.debugger_attached()
            await binding
            await probe.process.start_activity()

        device.loop.run(release())
        assert messages.get(timeout=LIMIT_S)["payload"] == {"hook": "onCreate"}
        assert probe.logs()[0] == "class ProbeApp initialised"
        assert "internet true, camera false" in probe.logs(), "the original ran, too"
        probe.tap("fetch")
        seen = messages.get(timeout=LIMIT_S)["payload"]
        assert seen == {
            "hook": "getInputStream",
            "url": "https://search.probe.example/find?q=h%C3%A9patite",
        }
        eventually(lambda: "gefunden: é" in probe.status())
        # The nudge: with the hooks in, a full collection must still come to an end.
        assert device.loop.run(probe.process.memory(collect=True)).heap_used_bytes > 0
        session.detach()
    finally:
        endpoint.close()
        device.loop.run(probe.process.terminate())
