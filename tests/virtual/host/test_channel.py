"""The control channel against a process that misbehaves: a script in the place of Java."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from harness.virtual.host import (
    AppProcess,
    CommandFailed,
    Exited,
    HostGone,
    HostRuntime,
    HostTimeout,
    NetworkSettings,
)

PROLOGUE = f"""#!{sys.executable}
import json, os, struct, sys

def send(header, blob=b""):
    data = json.dumps(header).encode()
    os.write(3, struct.pack(">II", len(data), len(blob)) + data + blob)

def requests():
    while head := sys.stdin.buffer.read(8):
        size, _ = struct.unpack(">II", head)
        yield json.loads(sys.stdin.buffer.read(size))

"""


def run(tmp_path: Path, script: str, work: Any) -> Any:
    """Run `work(process)` against a script that stands in for `java`."""
    fake = tmp_path / "java"
    fake.write_text(PROLOGUE + script)
    fake.chmod(0o755)
    processes = tmp_path / "processes"
    processes.mkdir()
    runtime = HostRuntime(fake, (), Path("/android"), Path("/warmup"), Path("/natives"))

    async def main() -> Any:
        process = await AppProcess.spawn(runtime, NetworkSettings(1, Path("/store")), processes)
        try:
            return await work(process)
        finally:
            await process.terminate()
            assert list(processes.iterdir()) == []

    return asyncio.run(main())


def test_answers_find_their_questions_in_any_order(tmp_path: Path) -> None:
    script = """
send({"event": "ready"})
first, second = next(requests()), next(requests())
send({"id": second["id"], "ok": True, "result": {}}, b"second")
send({"id": 99, "ok": True, "result": {}}, b"nobody asked")
send({"id": first["id"], "ok": True, "result": {}}, b"first")
sys.stdin.read()
"""

    async def work(process: AppProcess) -> list[bytes]:
        await process.warmed_up()
        calls: list[Coroutine[Any, Any, bytes]] = [process.screenshot(), process.screenshot()]
        return list(await asyncio.gather(*calls))

    assert run(tmp_path, script, work) == [b"first", b"second"]


def test_failures_have_a_kind(tmp_path: Path) -> None:
    script = """
kinds = iter(["no_window", "main_thread_busy"])
for request in requests():
    send({"id": request["id"], "ok": False, "kind": next(kinds), "message": "why"})
"""

    async def work(process: AppProcess) -> None:
        with pytest.raises(CommandFailed) as failed:
            await process.dump_hierarchy()
        assert (failed.value.kind, failed.value.what) == ("no_window", "why")
        with pytest.raises(HostTimeout, match="why"):
            await process.dump_hierarchy()

    run(tmp_path, script, work)


def test_no_answer_at_all(tmp_path: Path) -> None:
    async def work(process: AppProcess) -> None:
        with pytest.raises(HostTimeout):
            await process.call("anything", timeout_s=0.1)

    run(tmp_path, "sys.stdin.read()", work)


def test_the_end_settles_everything(tmp_path: Path) -> None:
    script = """
next(requests())
print("last words", file=sys.stderr)
sys.exit(5)
"""

    async def work(process: AppProcess) -> list[Any]:
        events: list[Any] = []
        process.subscribe(events.append)
        with pytest.raises(HostGone, match="last words"):
            await process.screenshot()
        with pytest.raises(HostGone):
            await process.screenshot()
        with pytest.raises(HostGone):
            await process.warmed_up()
        return events

    assert run(tmp_path, script, work) == [Exited(5)]


def test_nonsense_on_the_channel_ends_the_process(tmp_path: Path) -> None:
    async def work(process: AppProcess) -> int | None:
        return await process.wait_closed()

    assert run(tmp_path, "os.write(3, b'\\xff' * 64); sys.stdin.read()", work) == -9


def test_what_native_code_prints_is_not_on_the_channel(tmp_path: Path) -> None:
    script = """
os.write(1, b"printed by native code")
send({"event": "ready"})
sys.stdin.read()
"""

    async def work(process: AppProcess) -> bool:
        await process.warmed_up()
        return process.alive

    assert run(tmp_path, script, work)


def test_events_can_be_iterated(tmp_path: Path) -> None:
    script = """
send({"event": "waiting", "package": "p"})
next(requests())
send({"event": "waiting", "package": "q"})
"""

    async def work(process: AppProcess) -> list[str]:
        seen: list[str] = []

        async def listen() -> None:
            async for event in process.events():
                seen.append(type(event).__name__)

        listening = asyncio.create_task(listen())
        await asyncio.sleep(0)
        with pytest.raises(HostGone):
            await process.screenshot()
        await listening
        return seen

    assert run(tmp_path, script, work)[-2:] == ["DebuggerWait", "Exited"]
