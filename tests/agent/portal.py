"""Frida for processes of this machine, in a process of its own that leaves nothing behind.

Frida's ordinary device manager, which local processes need, starts a helper for iOS devices that
outlives it and a folder in TMPDIR (Frida 17.26.2). So it runs in a child with a TMPDIR of its own
and the environment of the virtual device's daemon, in which that helper does not start; the child
is the virtual device's own portal, and tests reach it as they would a phone.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.agent.devices import Endpoint
from harness.virtual.device.frida_endpoint import FridaEndpoint

ROOT = Path(__file__).parents[2]


class Portal:
    """Lets tests attach to processes that joined."""

    def __init__(self, child: subprocess.Popen[str]) -> None:
        self._child = child
        self.port, self.cluster_port = map(int, self._answer().split())

    def join(self, pid: int) -> None:
        assert self._child.stdin is not None
        self._child.stdin.write(f"{pid}\n")
        self._child.stdin.flush()
        answer = self._answer()
        assert answer == "joined", answer

    def endpoint(self) -> Endpoint:
        return Endpoint(self.port)

    def _answer(self) -> str:
        assert self._child.stdout is not None
        return self._child.stdout.readline().strip()


@contextmanager
def portal() -> Iterator[Portal]:
    with tempfile.TemporaryDirectory(prefix="leak-portal-") as folder:
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.agent.portal"],
            cwd=ROOT,
            env={**os.environ, "TMPDIR": folder, "XDG_RUNTIME_DIR": "/dev/null"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # Frida's words about the helper that it may not start
            encoding="utf-8",
        )
        with child:
            try:
                yield Portal(child)
            finally:
                child.kill()
        assert running_from(Path(folder)) == []


def running_from(folder: Path) -> list[int]:
    """Processes whose program lies below `folder`."""
    found = []
    for link in Path("/proc").glob("[0-9]*/exe"):
        try:
            program = link.readlink()
        except OSError:
            continue  # it ended, or is not ours
        if program.is_relative_to(folder):
            found.append(int(link.parent.name))
    return found


async def _serve() -> None:
    endpoint = FridaEndpoint()
    await endpoint.start()
    print(endpoint.port, endpoint.cluster_port, flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        try:
            await endpoint.join(int(line))
            print("joined", flush=True)
        except Exception as error:  # noqa: BLE001 - told to the test, which fails with it
            print(repr(error), flush=True)


if __name__ == "__main__":
    asyncio.run(_serve())
