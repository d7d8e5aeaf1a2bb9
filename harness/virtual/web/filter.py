"""The seccomp filter of a browser, as bytes; see `harness.virtual.host.guard.program`.

Pure. It differs from an app's: internet datagrams are refused outright, since the browser needs
none and its own probes for them say nothing about the page; and `sendmsg` needs no supervisor, for
without datagrams it only carries what a connected stream may carry, and all of the browser's
messages between its processes. What would connect on the way (MSG_FASTOPEN) is refused.
"""

from __future__ import annotations

import errno
import socket

from harness.virtual.host.guard.program import (
    ARCH_X86_64,
    IO_URING_SETUP,
    X32_BIT,
    Call,
    Line,
    assemble,
)

_LOAD, _JUMP_EQUAL, _JUMP_GREATER_EQUAL, _JUMP_SET = 0x20, 0x15, 0x35, 0x45
_AND, _RETURN = 0x54, 0x06
_NR, _ARCH, _ARGS = 0, 4, 16
_TYPE_MASK = 0xF
_MSG_FASTOPEN = 0x20000000
_RETURNS = {
    "allow": 0x7FFF0000,
    "absent": 0x00050000 | errno.ENOSYS,
    "refuse": 0x00050000 | errno.EACCES,
    "ask": 0x7FC00000,
}


def _argument(number: int, *, high: bool = False, label: str = "") -> Line:
    return Line(_LOAD, _ARGS + 8 * number + 4 * high, label=label)


def _equal(value: int, yes: str, no: str = "") -> Line:
    return Line(_JUMP_EQUAL, value, yes, no)


_LINES = (
    Line(_LOAD, _ARCH),
    _equal(ARCH_X86_64, "", "absent"),
    Line(_LOAD, _NR),
    Line(_JUMP_GREATER_EQUAL, X32_BIT, "absent"),
    _equal(IO_URING_SETUP, "absent"),
    _equal(Call.SOCKET, "socket"),
    _equal(Call.SENDTO, "sendto"),
    _equal(Call.SENDMSG, "sendmsg"),
    *(
        _equal(call, "ask")
        for call in (Call.CONNECT, Call.BIND, Call.EXECVE, Call.EXECVEAT, Call.SENDMMSG)
    ),
    Line(_RETURN, _RETURNS["allow"]),
    _argument(0, label="socket"),
    _equal(socket.AF_UNIX, "allow"),
    _equal(socket.AF_NETLINK, "allow"),
    _equal(socket.AF_INET, "type"),
    _equal(socket.AF_INET6, "type", "refuse"),
    _argument(1, label="type"),
    Line(_AND, _TYPE_MASK),
    _equal(socket.SOCK_STREAM, "allow", "refuse"),
    _argument(4, label="sendto"),
    _equal(0, "", "ask"),
    _argument(4, high=True),
    _equal(0, "allow", "ask"),
    _argument(2, label="sendmsg"),
    Line(_JUMP_SET, _MSG_FASTOPEN, "refuse", "allow"),
    *(Line(_RETURN, value, label=label) for label, value in _RETURNS.items()),
)


def browser_filter() -> bytes:
    """An array of `struct sock_filter`."""
    return assemble(_LINES)
