"""What runs between fork and exec of an app process; a script of the standard library alone.

A script rather than a `preexec_fn`, which may deadlock in a process with threads. Arguments: the
parent's pid, the file descriptor of the guard's socket (-1: none), the filter in hex, the program
and its arguments. It asks the kernel to end the process with its parent (`PR_SET_PDEATHSIG`,
prctl(2)), lets any process of this user attach to it (`PR_SET_PTRACER`: Frida under yama's
ptrace_scope 1), moves the control channel off file descriptor 1, which native code and the JVM
itself print on, and puts the filter on. The listener of the filter is sent by a thread that is not
under it: a thread under it could only send once the listener is served.

With `probe FILTER` it only tries the filter on itself and prints why the kernel refuses it.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import signal
import socket
import sys
import threading

PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS, PR_SET_PTRACER = 1, 38, 0x59616D61
SYS_SECCOMP, SET_MODE_FILTER = 317, 1
SPEC_ALLOW, NEW_LISTENER, WAIT_KILLABLE = 4, 8, 32
CONTROL_FDS = (3, 4)
"""Both ways of the channel; a browser reads its commands on the first and answers on the second."""

MACHINE = "x86_64"
LINE_BYTES = 8

libc = ctypes.CDLL(None, use_errno=True)


class Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("lines", ctypes.c_ushort), ("code", ctypes.c_char_p))


def install(code: bytes) -> int:
    """Put the filter on this thread; its listener, negative when the kernel refuses."""
    if platform.machine() != MACHINE:
        ctypes.set_errno(errno.ENOSYS)
        return -1
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    program = Program(len(code) // LINE_BYTES, code)
    flags = NEW_LISTENER | SPEC_ALLOW
    for wanted in (flags | WAIT_KILLABLE, flags):  # the first since Linux 5.19
        found = libc.syscall(SYS_SECCOMP, SET_MODE_FILTER, wanted, ctypes.byref(program))
        if found >= 0:
            return int(found)
    return -1


def contain(fd: int, code: bytes) -> None:
    """Install the filter and send its listener, or the reason why there is none."""
    done = threading.Event()
    listener, reason = -1, ""

    def send() -> None:
        with socket.socket(fileno=fd) as guard:
            done.wait()
            if listener >= 0:
                socket.send_fds(guard, [b"listener"], [listener])
                os.close(listener)
            else:
                guard.sendall(reason.encode())

    sender = threading.Thread(target=send)
    sender.start()
    listener = install(code)
    reason = os.strerror(ctypes.get_errno())
    done.set()
    sender.join()


def probe(code: bytes) -> None:
    if install(code) < 0:
        sys.stdout.write(os.strerror(ctypes.get_errno()) + "\n")


def main() -> None:
    if sys.argv[1] == "probe":
        probe(bytes.fromhex(sys.argv[2]))
        return
    parent, guard = int(sys.argv[1]), int(sys.argv[2])
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    libc.prctl(PR_SET_PTRACER, ctypes.c_ulong(-1), 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)
    if guard in CONTROL_FDS:
        guard = os.dup(guard)
    for fd in CONTROL_FDS:
        os.dup2(1, fd)
    os.dup2(2, 1)
    if guard >= 0:
        contain(guard, bytes.fromhex(sys.argv[3]))
    os.execv(sys.argv[4], sys.argv[4:])


if __name__ == "__main__":
    main()
