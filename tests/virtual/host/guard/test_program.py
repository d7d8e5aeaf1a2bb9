"""The filter's bytes, checked by an interpreter of classic BPF as the kernel documents it."""

from __future__ import annotations

import struct

import pytest

from harness.virtual.host.guard.program import Call, filter_program

X86_64 = 0xC000003E
ALLOW, REFUSE_ENOSYS, ASK = 0x7FFF0000, 0x00050026, 0x7FC00000


def verdict(call: int, *args: int, arch: int = X86_64, code: bytes | None = None) -> int:
    """`Documentation/networking/filter.rst` on `struct seccomp_data`."""
    data = struct.pack("=IIQ6Q", call, arch, 0, *args, *[0] * (6 - len(args)))
    lines = list(struct.iter_unpack("=HBBI", code or filter_program()))
    at, value = 0, 0
    while True:
        operation, yes, no, constant = lines[at]
        at += 1
        match operation:
            case 0x20:
                (value,) = struct.unpack_from("=I", data, constant)
            case 0x54:
                value &= constant
            case 0x15:
                at += yes if value == constant else no
            case 0x35:
                at += yes if value >= constant else no
            case 0x45:
                at += yes if value & constant else no
            case 0x06:
                return int(constant)
            case _:
                raise AssertionError(operation)


@pytest.mark.parametrize(
    ("call", "args", "wanted"),
    [
        (0, (), ALLOW),  # read
        (Call.CONNECT, (), ASK),
        (Call.EXECVEAT, (), ASK),
        (Call.SOCKET, (2, 1), ALLOW),
        (Call.SOCKET, (10, 2 | 0o2000000), ALLOW),  # SOCK_CLOEXEC
        (Call.SOCKET, (1, 3), ALLOW),
        (Call.SOCKET, (16, 3), ALLOW),
        (Call.SOCKET, (2, 3), ASK),
        (Call.SOCKET, (17, 3), ASK),
        (Call.SOCKET, (40, 1), ASK),  # AF_VSOCK
        (Call.SENDTO, (3, 0, 0, 0, 0), ALLOW),
        (Call.SENDTO, (3, 0, 0, 0, 1), ASK),
        (Call.SENDTO, (3, 0, 0, 0, 1 << 32), ASK),
        (425, (), REFUSE_ENOSYS),
        (0x40000000 | Call.CONNECT, (), REFUSE_ENOSYS),
    ],
)
def test_system_calls(call: int, args: tuple[int, ...], wanted: int) -> None:
    assert verdict(call, *args) == wanted


def test_other_architectures_have_no_system_calls() -> None:
    assert verdict(0, arch=0x40000003) == REFUSE_ENOSYS
