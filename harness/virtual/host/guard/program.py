"""The seccomp filter, as bytes (classic BPF, x86-64).

Pure. What it lets pass, what it refuses outright and what it leaves to the supervisor is the table
below. Numbers: Linux `arch/x86/entry/syscalls/syscall_64.tbl`, `include/uapi/linux/seccomp.h`,
`include/uapi/linux/bpf_common.h`. Foreign system call conventions (32 bit, x32) do not exist here.
"""

from __future__ import annotations

import errno
import socket
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum


class Call(IntEnum):
    """System calls that the supervisor is asked about."""

    SOCKET = 41
    CONNECT = 42
    SENDTO = 44
    SENDMSG = 46
    BIND = 49
    EXECVE = 59
    SENDMMSG = 307
    EXECVEAT = 322


IO_URING_SETUP = 425
ARCH_X86_64 = 0xC000003E
X32_BIT = 0x40000000

_LOAD, _JUMP_EQUAL, _JUMP_GREATER_EQUAL, _AND, _RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
_RETURNS = {"allow": 0x7FFF0000, "refuse": 0x00050000 | errno.ENOSYS, "ask": 0x7FC00000}
_NR, _ARCH, _ARGS = 0, 4, 16
_TYPE_MASK = 0xF
_ADDRESS_OF_SENDTO = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One instruction; jumps name a label, empty: the next line. A label marks its line."""

    code: int
    value: int
    yes: str = ""
    no: str = ""
    label: str = ""


def _load(offset: int, label: str = "") -> Line:
    return Line(_LOAD, offset, label=label)


def _low(argument: int, label: str = "") -> Line:
    return _load(_ARGS + 8 * argument, label)


def _high(argument: int) -> Line:
    return _load(_ARGS + 8 * argument + 4)


def _equal(value: int, yes: str, no: str = "") -> Line:
    return Line(_JUMP_EQUAL, value, yes, no)


_SOCKET = (
    # Families that reach nobody outside this machine; streams and datagrams of the internet, which
    # carry nothing without a peer.
    _low(0, "socket"),
    _equal(socket.AF_UNIX, "allow"),
    _equal(socket.AF_NETLINK, "allow"),
    _equal(socket.AF_INET, "type"),
    _equal(socket.AF_INET6, "type", "ask"),
    _low(1, "type"),
    Line(_AND, _TYPE_MASK),
    _equal(socket.SOCK_STREAM, "allow"),
    _equal(socket.SOCK_DGRAM, "allow", "ask"),
)
_SEND_TO = (
    # Without an address it is `send`, and goes where `connect` was allowed to go.
    _low(_ADDRESS_OF_SENDTO, "sendto"),
    _equal(0, "", "ask"),
    _high(_ADDRESS_OF_SENDTO),
    _equal(0, "allow", "ask"),
)
_ASKED = tuple(call for call in Call if call not in (Call.SOCKET, Call.SENDTO))
_LINES = (
    _load(_ARCH),
    _equal(ARCH_X86_64, "", "refuse"),
    _load(_NR),
    Line(_JUMP_GREATER_EQUAL, X32_BIT, "refuse"),
    _equal(IO_URING_SETUP, "refuse"),  # would do all of it unseen
    _equal(Call.SOCKET, "socket"),
    _equal(Call.SENDTO, "sendto"),
    *(_equal(call, "ask", "allow" if call is _ASKED[-1] else "") for call in _ASKED),
    *_SOCKET,
    *_SEND_TO,
    *(Line(_RETURN, value, label=label) for label, value in _RETURNS.items()),
)


def filter_program() -> bytes:
    """An array of `struct sock_filter`."""
    return assemble(_LINES)


def assemble(lines: Sequence[Line]) -> bytes:
    """The bytes of a program whose jumps go to labels further down."""
    places = {line.label: n for n, line in enumerate(lines) if line.label}
    code = b""
    for n, line in enumerate(lines):
        yes, no = (places[label] - n - 1 if label else 0 for label in (line.yes, line.no))
        code += struct.pack("=HBBI", line.code, yes, no, line.value)
    return code
