"""The browser's filter, by the interpreter of the apps' own test."""

from __future__ import annotations

import errno

import pytest

from harness.virtual.host.guard.program import Call
from harness.virtual.web.filter import browser_filter
from tests.virtual.host.guard.test_program import ALLOW, ASK, REFUSE_ENOSYS, verdict

REFUSE = 0x00050000 | errno.EACCES


@pytest.mark.parametrize(
    ("call", "args", "wanted"),
    [
        (0, (), ALLOW),
        (Call.CONNECT, (), ASK),
        (Call.BIND, (), ASK),
        (Call.EXECVE, (), ASK),
        (Call.SENDMMSG, (), ASK),
        (Call.SOCKET, (2, 1), ALLOW),
        (Call.SOCKET, (10, 1 | 0o2004000), ALLOW),
        (Call.SOCKET, (1, 5), ALLOW),
        (Call.SOCKET, (16, 3), ALLOW),
        (Call.SOCKET, (2, 2), REFUSE),
        (Call.SOCKET, (10, 2 | 0o2000000), REFUSE),
        (Call.SOCKET, (2, 3), REFUSE),
        (Call.SOCKET, (17, 3), REFUSE),
        (Call.SENDTO, (3, 0, 0, 0, 0), ALLOW),
        (Call.SENDTO, (3, 0, 0, 0, 1), ASK),
        (Call.SENDTO, (3, 0, 0, 0, 1 << 32), ASK),
        (Call.SENDMSG, (3, 0, 0x4000), ALLOW),
        (Call.SENDMSG, (3, 0, 0x20000000), REFUSE),
        (425, (), REFUSE_ENOSYS),
        (0x40000000 | Call.CONNECT, (), REFUSE_ENOSYS),
    ],
)
def test_system_calls(call: int, args: tuple[int, ...], wanted: int) -> None:
    assert verdict(call, *args, code=browser_filter()) == wanted


def test_another_architecture() -> None:
    assert verdict(Call.SOCKET, 2, 1, arch=0x40000003, code=browser_filter()) == REFUSE_ENOSYS
