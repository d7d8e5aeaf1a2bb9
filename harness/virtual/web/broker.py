"""Who gives app processes their browsers: one Unix socket beside each process.

What the Java side may say, one JSON object a line, each answered by one line: `describe` (version
and user agent, nothing is started), `start` (a browser is started; after the answer the connection
is the browser's), `debugging` (whether its devtools socket is open to adb), `views` (what the
socket's list says of each page), `attempt` (a page tried what cannot be let through). A process
that ends takes its browser along, before anybody is told of its end, so that its profile is at rest
when `pm clear` removes it.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import json
import logging
import os
import ssl
from collections.abc import Callable, Mapping
from pathlib import Path
from socket import AF_UNIX, SOCK_STREAM
from socket import socket as Socket
from typing import Any

from harness.errors import HarnessError
from harness.virtual.host import AppProcess, AppSpec, Attempt, NetworkSettings
from harness.virtual.host.guard import Attempted
from harness.virtual.toolchain.chromium import Chromium, chromium, likely_version
from harness.virtual.web.browser import Browser
from harness.virtual.web.command import BrowserSettings
from harness.virtual.web.publickey import public_key_info
from harness.virtual.web.useragent import user_agent

SOCKET_NAME = "web"
ABSENT = "webview"
"""Kind of the attempt that is recorded when a page cannot be shown for want of a browser."""

_MAX_LINE_BYTES = 1 << 20
_DENSITY_ONE_DPI = 160

log = logging.getLogger(__name__)
Find = Callable[[], Chromium]
Attempts = Callable[[str, Attempt], None]


class Browsers:
    """The browsers of one device.

    Args:
        find: the browser of this machine, or a `HarnessError` with the remedy.
    """

    def __init__(self, find: Find = chromium) -> None:
        self.find = find
        self.proxy = self.trusted_key = ""
        self.fonts = Path()
        self.attempted: Attempts = lambda package, attempt: None
        self._brokers: dict[int, Broker] = {}

    def lead(
        self, network: NetworkSettings, ca_pem: Path, fonts: Path, attempted: Attempts
    ) -> None:
        """Say where everything is, before the first `offer`.

        Args:
            network: where the proxy is.
            ca_pem: certificate of the authority that signs the sites of the virtual internet.
            fonts: folder with the device's fonts.
            attempted: told, with the package's name, that there is no browser for a page.
        """
        self.proxy = f"{network.socks_host}:{network.socks_port}"
        der = ssl.PEM_cert_to_DER_cert(ca_pem.read_text())
        self.trusted_key = base64.b64encode(hashlib.sha256(public_key_info(der)).digest()).decode()
        self.fonts = fonts
        self.attempted = attempted

    def offer(self, process: AppProcess) -> None:
        """Let this process ask for a browser."""
        broker = Broker(self, process)
        self._brokers[process.pid] = broker
        process.at_end(lambda: self._end(process.pid))

    def of(self, pid: int) -> Broker | None:
        """The broker of a process whose devtools socket is open."""
        broker = self._brokers.get(pid)
        return broker if broker is not None and broker.debuggable else None

    def open_pids(self) -> list[int]:
        """The processes whose devtools socket can be reached, ascending."""
        return sorted(pid for pid in self._brokers if self.of(pid) is not None)

    async def close(self) -> None:
        for pid in list(self._brokers):
            await self._end(pid)

    async def _end(self, pid: int) -> None:
        broker = self._brokers.pop(pid, None)
        if broker is not None:
            await broker.close()


class Broker:
    """One process' way to its browser."""

    def __init__(self, browsers: Browsers, process: AppProcess) -> None:
        self._browsers = browsers
        self._process = process
        self._listener = _listen(process.private_dir)
        self._browser: Browser | None = None
        self._debugging = False
        self.views: dict[str, Mapping[str, Any]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._spawn(self._accept())

    @property
    def package(self) -> str:
        return self._process.spec.package if self._process.spec else ""

    @property
    def agent(self) -> str:
        spec = self._process.spec
        return user_agent(spec.properties if spec else {}, likely_version())

    @property
    def debuggable(self) -> bool:
        return self._debugging and self._browser is not None and self._browser.alive

    async def endpoint(self) -> tuple[int, str]:
        """Port and path of the browser's devtools server; raises `ConnectionError`."""
        if self._browser is None:
            raise ConnectionError("there is no browser")
        return await self._browser.endpoint()

    async def close(self) -> None:
        self._listener.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._browser is not None:
            await self._browser.stop()

    def _spawn(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            connection, _ = await loop.sock_accept(self._listener)
            self._spawn(self._serve(connection))

    async def _serve(self, connection: Socket) -> None:
        loop = asyncio.get_running_loop()
        connection.setblocking(False)
        with connection:
            while line := await _line(connection):
                try:
                    asked = json.loads(line)
                    command = str(asked["command"])
                    answer = {"ok": True, **await self._obey(command, asked)}
                except HarnessError as error:
                    answer = {"ok": False, "what": error.what, "action": error.action}
                    self._absent(error)
                except (ValueError, KeyError, TypeError) as error:
                    answer = {"ok": False, "what": f"not a command: {error!r}", "action": ""}
                with contextlib.suppress(ConnectionError):
                    await loop.sock_sendall(connection, json.dumps(answer).encode() + b"\n")
                if answer["ok"] and command == "start":
                    await self._start(connection)
                    return

    async def _obey(self, command: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        match command:
            case "describe":
                return {"version": likely_version(), "user_agent": self.agent}
            case "start":
                found = await asyncio.to_thread(self._browsers.find)
                return {"version": found.version, "user_agent": self.agent}
            case "debugging":
                self._debugging = bool(asked["enabled"])
            case "attempt":
                attempt = Attempt(str(asked["kind"]), str(asked["target"]), "")
                self._browsers.attempted(self.package, attempt)
            case "views":
                self.views = {str(key): dict(value) for key, value in dict(asked["views"]).items()}
            case _:
                raise ValueError(command)
        return {}

    def _absent(self, error: HarnessError) -> None:
        log.warning("a page of %s cannot be shown: %s", self.package, error)
        attempt = Attempt(ABSENT, error.what, "")
        self._browsers.attempted(self.package, attempt)

    async def _start(self, pipe: Socket) -> None:
        spec = self._process.spec
        if spec is None:
            return
        if self._browser is not None:
            await self._browser.stop()
        found = await asyncio.to_thread(self._browsers.find)
        self._browser = await Browser.start(found, self._settings(spec), pipe, self._refused)

    def _settings(self, spec: AppSpec) -> BrowserSettings:
        return BrowserSettings(
            data_dir=spec.data_dir,
            private_dir=self._process.private_dir / "browser",
            proxy=self._browsers.proxy,
            trusted_key=self._browsers.trusted_key,
            fonts=self._browsers.fonts,
            density=spec.display.density_dpi / _DENSITY_ONE_DPI,
            locale=spec.locale,
            timezone=spec.properties.get("persist.sys.timezone", ""),
            user_agent=self.agent,
        )

    def _refused(self, what: Attempted) -> None:
        self._process.attempted(what)


def _listen(folder: Path) -> Socket:
    """A Unix socket in `folder`, whose path may be longer than such an address can be."""
    listener = Socket(AF_UNIX, SOCK_STREAM)
    descriptor = os.open(folder, os.O_PATH | os.O_DIRECTORY)
    try:
        listener.bind(f"/proc/self/fd/{descriptor}/{SOCKET_NAME}")
    finally:
        os.close(descriptor)
    listener.listen()
    listener.setblocking(False)
    return listener


async def _line(connection: Socket) -> bytes:
    """One line, which its sender does not follow with anything before it has its answer."""
    loop = asyncio.get_running_loop()
    collected = b""
    while not collected.endswith(b"\n"):
        try:
            part = await loop.sock_recv(connection, 65536)
        except ConnectionError:
            return b""
        if not part or len(collected) > _MAX_LINE_BYTES:
            return b""
        collected += part
    return collected
