"""A real Chromium for the tests of pages: opened by file, asked by DevTools over a pipe.

https://chromedevtools.github.io/devtools-protocol; with `--remote-debugging-pipe` it reads
NUL-ended JSON from descriptor 3 and writes it to 4, so that no port is opened.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from harness.virtual.toolchain.chromium import chromium

LIMIT_S = 120.0
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--no-zygote",
    "--in-process-gpu",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-breakpad",
    "--no-first-run",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--remote-debugging-pipe",
)


@dataclass
class Browser:
    """One page of one browser; `events` are all that it told so far."""

    process: subprocess.Popen[bytes]
    into: int
    out: int
    events: list[dict[str, Any]] = field(default_factory=list)
    session: str = ""
    _rest: bytes = b""
    _last: int = 0

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """A command and its result."""
        self._last += 1
        message = {"id": self._last, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.into, json.dumps(message).encode() + b"\0")
        while True:
            told = self._next()
            if told.get("id") == self._last:
                assert "error" not in told, f"{method}: {told['error']}"
                return dict(told["result"])
            self.events.append(told)

    def _next(self) -> dict[str, Any]:
        deadline = time.monotonic() + LIMIT_S
        while b"\0" not in self._rest:
            left = deadline - time.monotonic()
            assert left > 0, "the browser does not answer"
            assert self.process.poll() is None, "the browser has ended"
            if select.select([self.out], [], [], min(left, 1.0))[0]:
                data = os.read(self.out, 1 << 20)
                assert data, "the browser has hung up"
                self._rest += data
        message, _, self._rest = self._rest.partition(b"\0")
        return dict(json.loads(message))

    def wait(self, method: str) -> dict[str, Any]:
        """The first event of that name, told already or to come."""
        while True:
            for told in self.events:
                if told.get("method") == method:
                    return dict(told["params"])
            self.events.append(self._next())

    def open(self, path: Path, *, width: int = 1200, dark: bool = False) -> None:
        """Load a file, until its load event."""
        self.events.clear()
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        self.call("Emulation.setDeviceMetricsOverride", **size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        self.call("Page.navigate", url=path.resolve().as_uri())
        self.wait("Page.loadEventFired")

    def value(self, script: str) -> Any:
        """What a script gives in the page; DevTools may run one where the page may not."""
        told = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    def complaints(self) -> list[str]:
        """What the page was refused, and what went wrong in it."""
        found = []
        for told in self.events:
            params = told.get("params", {})
            if told.get("method") == "Log.entryAdded":
                found.append(str(params["entry"]["text"]))
            if told.get("method") in ("Runtime.exceptionThrown", "Page.javascriptDialogOpening"):
                found.append(json.dumps(params))
        return found

    def requests(self) -> list[str]:
        """Every address that the page asked for."""
        return [
            str(told["params"]["request"]["url"])
            for told in self.events
            if told.get("method") == "Network.requestWillBeSent"
        ]

    def picture(self, *, full: bool = True) -> bytes:
        """A PNG of the page."""
        told = self.call("Page.captureScreenshot", captureBeyondViewport=full, format="png")
        return base64.b64decode(told["data"])


def _pipe() -> tuple[int, int]:
    """Two ends with numbers that are not those the browser knows its own by."""
    ends = os.pipe()
    moved = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 20) for end in ends]
    for end in ends:
        os.close(end)
    return moved[0], moved[1]


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser of its own, gone at the end with all its processes and files."""
    program = chromium()
    (down_read, down_write), (up_read, up_write) = _pipe(), _pipe()
    libraries = {"LD_LIBRARY_PATH": str(program.libraries)} if program.libraries else {}
    with TemporaryDirectory(prefix="leak-page-", ignore_cleanup_errors=True) as profile:
        command = f'exec "$0" "$@" 3<&{down_read} 4>&{up_write} {down_read}<&- {up_write}>&-'
        process = subprocess.Popen(
            [
                "/bin/bash",
                "-c",
                command,
                str(program.program),
                *FLAGS,
                f"--user-data-dir={profile}",
            ],
            pass_fds=(down_read, up_write),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **libraries, "HOME": profile},
            start_new_session=True,
        )
        os.close(down_read)
        os.close(up_write)
        found = Browser(process, down_write, up_read)
        try:
            target = found.call("Target.createTarget", url="about:blank")["targetId"]
            attached = found.call("Target.attachToTarget", targetId=target, flatten=True)
            found.session = attached["sessionId"]
            for domain in ("Page", "Runtime", "Log", "Network"):
                found.call(f"{domain}.enable")
            yield found
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(LIMIT_S)
            os.close(down_write)
            os.close(up_read)
