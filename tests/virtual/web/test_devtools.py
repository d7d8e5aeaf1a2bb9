"""The devtools socket through a real adb, with a program in Chromium's place."""

from __future__ import annotations

import asyncio
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from harness.device.server import PrivateServer
from harness.virtual.adbd import AdbServer, Services
from harness.virtual.host import AppProcess
from harness.virtual.toolchain.chromium import Chromium
from harness.virtual.web import Browsers, local_abstract, socket_lines
from tests.virtual.conftest import Adb

from .conftest import OneProcess, eventually
from .test_broker import ask, made


class Rig:
    """Browsers behind an adbd on a loop of their own."""

    def __init__(self, standin: Chromium, process: OneProcess, folder: Path) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()
        self.browsers, self.server, self.port = self.run(self._made(standin, process, folder))

    async def _made(
        self, standin: Chromium, process: OneProcess, folder: Path
    ) -> tuple[Browsers, AdbServer, int]:
        browsers = made(lambda: standin, folder, [])
        browsers.offer(cast(AppProcess, process))
        services = Services({"localabstract": local_abstract(browsers)})
        server = AdbServer(lambda: "device::features=shell_v2", services)
        return browsers, server, await server.start()

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def close(self) -> None:
        self.run(self.browsers.close())
        self.run(self.server.close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)
        self.loop.close()


@pytest.fixture
def rig(standin: Chromium, process: OneProcess, tmp_path: Path) -> Iterator[Rig]:
    rig = Rig(standin, process, tmp_path)
    yield rig
    rig.close()


@pytest.fixture
def client(rig: Rig, adb_server: PrivateServer) -> Adb:
    adb = Adb(adb_server.port, f"127.0.0.1:{rig.port}")
    adb("connect", adb.serial)
    adb("wait-for-device")
    return adb


def get(client: Adb, pid: int, path: str) -> Any:
    name = f"localabstract:webview_devtools_remote_{pid}"
    port = client.text("forward", "tcp:0", name).strip()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return json.load(answer)


def answers(client: Adb, pid: int) -> bool:
    try:
        get(client, pid, "/json/version")
    except (urllib.error.URLError, ConnectionError):
        return False
    return True


def test_json_and_the_rest(rig: Rig, client: Adb, process: OneProcess) -> None:
    with pytest.raises((urllib.error.URLError, ConnectionError)):
        get(client, process.pid, "/json/version")
    with process.dial() as pipe:
        pipe.sendall(b'{"command": "start"}\n')
        pipe.recv(4096)
        ask(process, command="debugging", enabled=True)
        eventually(lambda: answers(client, process.pid))  # the browser takes a moment to listen
        said = get(client, process.pid, "/json/version")
        assert said["Browser"] == "Chrome/150.0.1.2"
        assert said["Android-Package"] == "org.example.app"
        assert get(client, process.pid, "/devtools/browser")["path"] == "/devtools/browser/secret"
        assert socket_lines(rig.browsers).endswith(b" @webview_devtools_remote_4711\n")
        for other in (1, 4712):
            with pytest.raises((urllib.error.URLError, ConnectionError)):
                get(client, other, "/json/version")
