"""How services are found: the table from a service's name to the code that serves it.

A service string is `name:argument` or `name,options:argument` (AOSP `adb/docs/dev/services.md`);
abb services separate their words with NUL bytes. An `Opener` gets the whole string and answers with
a `Session` (the host gets OKAY and the session runs) or None (the host gets CLSE).
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping

from harness.virtual.adbd.stream import Stream

Session = Callable[[Stream], Awaitable[None]]
Opener = Callable[[bytes], Awaitable[Session | None]]

_NAME = re.compile(rb"[a-z_-]+")


class Services:
    """The services of one device.

    Args:
        openers: service name without options -> its opener.
    """

    def __init__(self, openers: Mapping[str, Opener]) -> None:
        self._openers = dict(openers)

    async def open(self, service: bytes) -> Session | None:
        """The session for `service`, None when there is none."""
        match = _NAME.match(service)
        opener = self._openers.get(match.group().decode()) if match else None
        return await opener(service) if opener is not None else None


def argument(service: bytes) -> str:
    """What follows the first colon; bytes that are no UTF-8 survive as surrogates."""
    return service.partition(b":")[2].decode("utf-8", "surrogateescape")


def options(service: bytes) -> list[str]:
    """The comma-separated options before the first colon, without the name."""
    return service.partition(b":")[0].decode("utf-8", "replace").split(",")[1:]


def constant(text: str) -> Opener:
    """A service that says one text and ends."""

    async def session(stream: Stream) -> None:
        await stream.write(text.encode())

    async def opener(service: bytes) -> Session | None:
        return session

    return opener
