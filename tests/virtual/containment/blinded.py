"""Runs a program on a kernel that takes no seccomp filter: `python -m ... PROGRAM ARGUMENT...`.

What Docker and others do to seccomp(2) where they forbid it: a filter of their own answers EPERM.
Classic BPF (seccomp(2)); put on with prctl(2), which that filter does not need.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys

PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, MODE_FILTER = 38, 22, 2
SYS_SECCOMP = 317
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_LINES = (
    (_LOAD, 0, 0, 0),
    (_EQUAL, 0, 1, SYS_SECCOMP),
    (_RETURN, 0, 0, _ERRNO | errno.EPERM),
    (_RETURN, 0, 0, _ALLOW),
)


class Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("lines", ctypes.c_ushort), ("code", ctypes.c_char_p))


def main() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    code = b"".join(struct.pack("=HBBI", *line) for line in _LINES)
    program = Program(len(_LINES), code)
    assert libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
    assert libc.prctl(PR_SET_SECCOMP, MODE_FILTER, ctypes.byref(program)) == 0
    os.execvp(sys.argv[1], sys.argv[1:])


if __name__ == "__main__":
    main()
