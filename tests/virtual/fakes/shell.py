"""A shell on a device without processes: one call runs one command line to its end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from harness.virtual.device.device import Device
from harness.virtual.shell.commands import all_commands
from harness.virtual.shell.pipes import Buffer, Pipe
from harness.virtual.shell.session import DeviceShell
from tests.virtual.fakes.apks import FakeApkRoom, fake_apk
from tests.virtual.fakes.app_process import FakeApp, FakeSource

PACKAGE = "org.example.clinic"
MAIN = f"{PACKAGE}/.MainActivity"


@dataclass(frozen=True, slots=True)
class Done:
    """What a command line left behind."""

    out: str
    err: str
    code: int


class ShellRig:
    """A device of its own; all its commands run on one event loop."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.source = FakeSource()
        self._runner = asyncio.Runner()
        self.device = self._runner.run(self._made())

    async def _made(self) -> Device:
        return Device(self.folder / "device", FakeApkRoom(), self.source)

    def __call__(self, line: str, data: bytes = b"") -> Done:
        out, code = self.raw(line, data)
        return Done(out[0].decode("utf-8", "replace"), out[1].decode("utf-8", "replace"), code)

    def raw(self, line: str, data: bytes = b"") -> tuple[tuple[bytes, bytes], int]:
        async def run() -> tuple[tuple[bytes, bytes], int]:
            out, err = Buffer(), Buffer()
            shell = DeviceShell(self.device, all_commands(), lambda: self.device.uid)
            code = await asyncio.wait_for(
                shell.run(line, Pipe.of(data), out.write, err.write), timeout=20
            )
            return (out.data, err.data), code

        return self._runner.run(run())

    def install(self, package: str = PACKAGE, **fields: object) -> None:
        """A package on the device, by way of a pushed file."""
        apk = fake_apk(self.device.files.root / "data/local/tmp/x.apk", package, **fields)  # type: ignore[arg-type]
        done = self(f"pm install -g /data/local/tmp/{apk.name}")
        assert done.out == "Success\n", done

    def start(self, component: str = MAIN) -> FakeApp:
        """An app in front, and its process."""
        done = self(f"am start -W -n {component}")
        assert "Status: ok" in done.out, done
        return self.source.made[-1]

    def in_loop(self, function: Callable[[], None]) -> None:
        """Run a plain function where the device runs, and what it sets going."""

        async def run() -> None:
            function()
            for _ in range(10):
                await asyncio.sleep(0)

        self._runner.run(run())

    def close(self) -> None:
        self._runner.run(self.device.activities.stop_all())
        self._runner.close()
