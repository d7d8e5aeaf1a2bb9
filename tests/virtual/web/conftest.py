"""Fixtures: a stand-in for Chromium where only its life counts; one device with the real one."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import re
import signal
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from socket import AF_UNIX
from socket import socket as Socket
from typing import Any

import pytest

from harness.device.server import PrivateServer
from harness.virtual.apk import build_app
from harness.virtual.daemon import VirtualDevice, start_device, stop_device
from harness.virtual.host import AppSpec
from harness.virtual.host.guard import Attempted
from harness.virtual.toolchain.chromium import Chromium
from tests.virtual.conftest import Adb

collect_ignore = ["webprobe.flow.yaml"]  # for `test_scenario`, with an app and a device

APP = Path(__file__).with_name("app")
PACKAGE = "org.example.webprobe"
LIMIT_S = 60.0


def eventually(condition: Callable[[], object], timeout_s: float = LIMIT_S) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true in time"
        time.sleep(0.03)


@pytest.fixture
def standin(tmp_path: Path) -> Chromium:
    """See `standin.py`; it is a program of its own, so that it lives under the browser's filter."""
    program = tmp_path / "chromium"
    text = Path(__file__).with_name("standin.py").read_text(encoding="utf-8")
    program.write_text(text.replace("#!PYTHON", f"#!{sys.executable}"), encoding="utf-8")
    program.chmod(0o755)
    return Chromium(program, None, "150.0.1.2")


@dataclass
class OneProcess:
    """An app process as far as browsers need one."""

    private_dir: Path
    spec: AppSpec | None
    pid: int = 4711
    ends: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    refused: list[Attempted] = field(default_factory=list)

    def at_end(self, work: Callable[[], Awaitable[None]]) -> None:
        self.ends.append(work)

    def attempted(self, what: Attempted) -> None:
        self.refused.append(what)

    def dial(self) -> Socket:
        """A connection as the Java side makes it: by a path that may be too long for an address."""
        client = Socket(AF_UNIX)
        descriptor = os.open(self.private_dir, os.O_PATH)
        try:
            client.connect(f"/proc/self/fd/{descriptor}/web")
        finally:
            os.close(descriptor)
        return client


@pytest.fixture
def process(tmp_path: Path) -> OneProcess:
    private = tmp_path / ("long" * 40)
    private.mkdir()
    data = tmp_path / "data"
    spec = AppSpec("org.example.app", Path("a.apk"), Path("a.jar"), data)
    return OneProcess(private, spec)


@dataclass
class WebDevice:
    """A whole device with the probe app."""

    machine: VirtualDevice
    adb: Adb
    _count: Iterator[int] = field(default_factory=itertools.count)

    def command(self, name: str, argument: str = "", value: str = "") -> None:
        # Each intent differs from the one before: an equal one only brings the task to the front.
        words = ["am", "start", "-W", "-n", f"{PACKAGE}/.MainActivity"]
        words += ["-d", f"probe:{next(self._count)}"]
        words += ["--es", "command", name, "--es", "argument", argument, "--es", "value", value]
        quoted = " ".join("'" + word.replace("'", "'\\''") + "'" for word in words)
        assert "Status: ok" in self.adb.text("shell", quoted)

    def logs(self) -> list[str]:
        return self.adb.text("logcat", "-d", "-v", "raw", "-s", "web").splitlines()

    def clear_logs(self) -> None:
        self.adb.text("logcat", "-c")

    def wait_log(self, line: str) -> None:
        """Until this line, or with `…` at its end one that begins with it, is there."""
        start = line.removesuffix("…")
        eventually(
            lambda: any(
                said == line or (start != line and said.startswith(start)) for said in self.logs()
            )
        )

    def load(self, url: str) -> None:
        self.clear_logs()
        self.command("load", url)
        self.wait_log(f"finished {url}")

    def evaluate(self, script: str) -> str:
        """As JSON."""
        self.clear_logs()
        self.command("eval", script)
        self.wait_log("value …")
        return next(line for line in self.logs() if line.startswith("value "))[len("value ") :]

    def node(self, node_id: str) -> dict[str, str]:
        """Attributes of the node with this resource id."""
        for element in ElementTree.fromstring(self.dump()).iter("node"):
            if element.attrib["resource-id"] == node_id:
                return element.attrib
        raise AssertionError(f"no node {node_id}")

    def tap(self, node_id: str) -> None:
        corners = re.findall(r"-?\d+", self.node(node_id)["bounds"])
        left, top, right, bottom = map(int, corners)
        self.adb.text("shell", f"input tap {(left + right) // 2} {(top + bottom) // 2}")

    def wait_text(self, text: str) -> None:
        eventually(lambda: f'text="{text}"' in self.dump())

    def events(self, name: str) -> list[dict[str, Any]]:
        """Of this kind, in the witness record."""
        lines = self.machine.record.read_text(encoding="utf-8").splitlines()
        return [entry for entry in map(json.loads, lines) if entry["event"] == name]

    def _recorded(self, path: str) -> list[dict[str, Any]]:
        """Requests whose URL ends with `path`, as the witness has them."""
        return [entry for entry in self.events("request") if entry["url"].endswith(path)]

    def requests(self, path: str) -> int:
        return len(self._recorded(path))

    def headers(self, path: str) -> dict[str, str]:
        """Of the last such request, names in lower case."""
        made: dict[str, str] = {}
        for name, value in self._recorded(path)[-1]["headers"]:
            # HTTP/2 cuts the cookies' header into pieces (RFC 9113, section 8.2.3).
            before = made.get(name.lower())
            made[name.lower()] = value if before is None else f"{before}; {value}"
        return made

    def browsers(self) -> list[int]:
        """Pids of browsers whose profile lies in this device's folder."""
        mark = f"--user-data-dir={self.machine.work_dir}".encode()
        found = []
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                if mark in entry.read_bytes():
                    found.append(int(entry.parent.name))
        return found

    def kill(self, pid: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def pid(self) -> int:
        return int(self.adb.text("shell", f"pidof {PACKAGE}"))

    def png(self) -> bytes:
        return self.adb("exec-out", "screencap -p").stdout

    def dump(self) -> str:
        self.adb.text("shell", "uiautomator dump")
        return self.adb.text("exec-out", "cat /sdcard/window_dump.xml")


@pytest.fixture(scope="session")
def web_device(adb_server: PrivateServer) -> Iterator[WebDevice]:
    machine = start_device(
        apks=[build_app(APP, "plain")],
        internet=[Path(__file__).with_name("internet")],
        owner_pid=os.getpid(),
    )
    adb = Adb(adb_server.port, machine.serial)
    adb("connect", machine.serial)
    adb("wait-for-device")
    yield WebDevice(machine, adb)
    stop_device(machine.serial)
