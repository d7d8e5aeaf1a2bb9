"""Asking for browsers as the Java side does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from harness.errors import LabError
from harness.virtual.host import AppProcess, Attempt, NetworkSettings
from harness.virtual.internet.authority import authority
from harness.virtual.toolchain.chromium import Chromium
from harness.virtual.web.broker import Browsers

from .conftest import OneProcess


def made(find: Callable[[], Chromium], tmp_path: Path, attempts: list[object]) -> Browsers:
    browsers = Browsers(find)
    ca = authority(tmp_path / "authority").ca_pem
    network = NetworkSettings(9050, tmp_path / "trust.p12")
    browsers.lead(network, ca, tmp_path / "fonts", lambda *words: attempts.append(words))
    return browsers


def ask(process: OneProcess, **command: Any) -> dict[str, Any]:
    with process.dial() as client:
        client.sendall(json.dumps(command).encode() + b"\n")
        return dict(json.loads(client.makefile("rb").readline()))


def test_from_the_question_to_the_end(
    standin: Chromium, process: OneProcess, tmp_path: Path
) -> None:
    attempts: list[object] = []

    async def scenario() -> None:
        browsers = made(lambda: standin, tmp_path, attempts)
        browsers.offer(cast(AppProcess, process))
        described = await asyncio.to_thread(ask, process, command="describe")
        assert "; wv)" in described["user_agent"]
        with process.dial() as client:
            client.sendall(b'{"command": "start"}\n')
            answer = json.loads(await asyncio.to_thread(client.recv, 4096))
            assert answer == {
                "ok": True,
                "version": "150.0.1.2",
                "user_agent": described["user_agent"],
            }
            client.sendall(b"x")
            assert await asyncio.to_thread(client.recv, 10) == b"X", "it is the browser's now"
            assert browsers.of(process.pid) is None, "nobody has opened the devtools"
            await asyncio.to_thread(ask, process, command="debugging", enabled=True)
            broker = browsers.of(process.pid)
            assert broker is not None
            assert browsers.open_pids() == [process.pid]
            await asyncio.to_thread(ask, process, command="views", views={"8A": {"width": 1}})
            assert broker.views == {"8A": {"width": 1}}
            assert (await broker.endpoint())[0] > 0
            await asyncio.to_thread(ask, process, command="attempt", kind="webrtc", target="stun:x")
            await asyncio.to_thread(ask, process, command="debugging", enabled=False)
            assert browsers.open_pids() == []
        for end in process.ends:
            await end()
        assert browsers.of(process.pid) is None
        await browsers.close()

    asyncio.run(scenario())
    assert process.refused == []
    assert attempts == [("org.example.app", Attempt("webrtc", "stun:x", ""))]


def test_no_browser_is_told_with_its_remedy(process: OneProcess, tmp_path: Path) -> None:
    def none() -> Chromium:
        raise LabError("there is no Chromium", action="install one")

    attempts: list[object] = []

    async def scenario() -> None:
        browsers = made(none, tmp_path, attempts)
        browsers.offer(cast(AppProcess, process))
        answer = await asyncio.to_thread(ask, process, command="start")
        assert answer == {"ok": False, "what": "there is no Chromium", "action": "install one"}
        await browsers.close()

    asyncio.run(scenario())
    assert attempts == [("org.example.app", Attempt("webview", "there is no Chromium", ""))]


def test_what_is_no_command(standin: Chromium, process: OneProcess, tmp_path: Path) -> None:
    async def scenario() -> None:
        browsers = made(lambda: standin, tmp_path, [])
        browsers.offer(cast(AppProcess, process))
        for wrong in ({"command": "dance"}, {}, {"command": "views", "views": 3}):
            answer = await asyncio.to_thread(ask, process, **wrong)
            assert answer["ok"] is False
        await browsers.close()

    asyncio.run(scenario())
