"""The line discipline."""

from __future__ import annotations

import asyncio

import pytest

from harness.virtual.adbd.terminal import Terminal
from harness.virtual.shell.pipes import Buffer, Pipe


@pytest.mark.parametrize(
    ("typed", "lines", "screen"),
    [
        (b"ab\r", b"ab\n", b"ab\r\n"),
        (b"ab\x7fc\n", b"ac\n", b"ab\b \bc\r\n"),
        ("é\x7fe\r".encode(), b"e\n", "é\b \be\r\n".encode()),
        (b"abc\x15d\r", b"d\n", b"abc" + b"\b \b" * 3 + b"d\r\n"),
        (b"abc\x03d\r", b"d\n", b"abc^C\r\nd\r\n"),
        (b"\x7fa\r", b"a\n", b"a\r\n"),
    ],
)
def test_editing(typed: bytes, lines: bytes, screen: bytes) -> None:
    async def scenario() -> tuple[bytes, bytes]:
        stdin, shown = Pipe(), Buffer()
        await Terminal(stdin, shown.write).type(typed + b"\x04")
        return await stdin.read_all(), shown.data

    assert asyncio.run(scenario()) == (lines, screen)


def test_line_ends_of_output() -> None:
    async def scenario() -> bytes:
        shown = Buffer()
        await Terminal(Pipe(), shown.write).output(b"a\nb\r\n")
        return shown.data

    assert asyncio.run(scenario()) == b"a\r\nb\r\n"
