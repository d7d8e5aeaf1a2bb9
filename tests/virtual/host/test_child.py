"""A child that is reaped after its end; that a tracer in the parent works is in `test_gate`."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.virtual.host.child import Child

PIDFD = os.pidfd_open


def without_pidfd(pid: int, flags: int = 0) -> int:
    raise OSError("no such system call")


@pytest.mark.parametrize("pidfd_open", [PIDFD, without_pidfd])
def test_exit_codes_and_streams(
    pidfd_open: Callable[..., int], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "pidfd_open", pidfd_open)

    async def work() -> tuple[bytes, bytes, int]:
        code = "import sys; sys.stderr.write('err'); print(sys.stdin.readline()); sys.exit(7)"
        child = await Child.start([sys.executable, "-c", code], tmp_path)
        assert child.returncode is None
        child.stdin.write(b"word\n")
        await child.stdin.drain()
        out, err = await child.stdout.read(), await child.stderr.read()
        return out, err, await child.wait()

    assert asyncio.run(work()) == (b"word\n\n", b"err", 7)


def test_signals(tmp_path: Path) -> None:
    async def work() -> int:
        child = await Child.start(["/bin/sleep", "60"], tmp_path)
        child.send(signal.SIGTERM)
        code = await child.wait()
        child.send(signal.SIGKILL)  # to nobody
        await child.stdout.read()
        await child.stderr.read()
        return code

    assert asyncio.run(work()) == -signal.SIGTERM
