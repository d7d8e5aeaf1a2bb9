"""The life of a browser, with a program in Chromium's place."""

from __future__ import annotations

import asyncio
import dataclasses
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from socket import socket as Socket
from socket import socketpair

import pytest

from harness.virtual.toolchain.chromium import Chromium
from harness.virtual.web.browser import Browser
from tests.virtual.web.test_command import WANTED

IGNORE = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\nserver = "


@asynccontextmanager
async def started(standin: Chromium, folder: Path) -> AsyncIterator[tuple[Browser, Socket]]:
    ours, theirs = socketpair()
    wanted = dataclasses.replace(WANTED, data_dir=folder / "data", private_dir=folder / "private")
    with ours:
        with theirs:
            browser = await Browser.start(standin, wanted, theirs, lambda what: None)
        yield browser, ours
        await browser.stop(grace_s=0.1)
        assert not browser.alive
        with pytest.raises(ProcessLookupError):
            os.kill(browser.pid, 0)


def test_the_socket_is_the_browsers_and_its_end_too(standin: Chromium, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with started(standin, tmp_path) as (browser, pipe):
            port, path = await browser.endpoint()
            assert port > 0
            assert path == "/devtools/browser/secret"
            pipe.sendall(b"over the pipe")
            assert await asyncio.to_thread(pipe.recv, 100) == b"OVER THE PIPE"
            pipe.close()
            async with asyncio.timeout(30):
                while browser.alive:
                    await asyncio.sleep(0.02)

    asyncio.run(scenario())


def test_stop_ends_also_what_takes_no_notice(standin: Chromium, tmp_path: Path) -> None:
    text = standin.program.read_text(encoding="utf-8").replace("server = ", IGNORE)
    standin.program.write_text(text, encoding="utf-8")

    async def scenario() -> None:
        async with started(standin, tmp_path) as (browser, _):
            await browser.endpoint()

    asyncio.run(scenario())


def test_a_program_that_does_not_start(standin: Chromium, tmp_path: Path) -> None:
    standin.program.write_text("#!/bin/false\n", encoding="utf-8")

    async def scenario() -> None:
        async with started(standin, tmp_path) as (browser, _):
            with pytest.raises(ConnectionError):
                await browser.endpoint()

    asyncio.run(scenario())
