"""Service strings, as the real client builds them (AOSP adb/docs/dev/services.md)."""

from __future__ import annotations

import asyncio

import pytest

from harness.virtual.adbd.service import Services, Session, argument, constant, options


@pytest.mark.parametrize(
    ("service", "name", "given", "rest"),
    [
        (b"shell:ls -l", "shell", [], "ls -l"),
        (b"shell,v2,TERM=xterm,raw:a:b", "shell", ["v2", "TERM=xterm", "raw"], "a:b"),
        (b"abb_exec:package\0install\0", "abb_exec", [], "package\0install\0"),
        (b"track-jdwp", "track-jdwp", [], ""),
        (b"exec:\xff", "exec", [], "\udcff"),
    ],
)
def test_names_options_arguments(service: bytes, name: str, given: list[str], rest: str) -> None:
    asked: list[bytes] = []

    async def opener(data: bytes) -> Session | None:
        asked.append(data)
        return None

    assert asyncio.run(Services({name: opener}).open(service)) is None
    assert asked == [service]
    assert options(service) == given
    assert argument(service) == rest


@pytest.mark.parametrize("service", [b"", b":", b"NOSUCH:", b"nosuch:", b"\0\0"])
def test_what_is_not_served(service: bytes) -> None:
    assert asyncio.run(Services({"shell": constant("x")}).open(service)) is None
