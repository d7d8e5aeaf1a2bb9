"""Seccomp's user notifications: their layout, and reading what they point to.

Input: raw bytes of `struct seccomp_notif` (`include/uapi/linux/seccomp.h`) and the memory of the
process that waits. Output: values. Raises `Unreadable` when that memory cannot be read, which the
caller must take for a refusal.
"""

from __future__ import annotations

import contextlib
import os
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from harness.virtual.host.guard.policy import Peer

RECEIVE, SEND, CONTINUE = 0xC0502100, 0xC0182101, 1
"""ioctl numbers of a listener, and the flag with which the kernel carries the call out."""

NOTIFICATION = struct.Struct("=QII iIQ6Q")
RESPONSE = struct.Struct("=QqiI")

_MESSAGE_HEADER_BYTES = 56
_MANY_HEADER_BYTES = 64
_MAX_MESSAGES = 1024
_MAX_ADDRESS_BYTES = 128
_MAX_TEXT_BYTES = 4096
_MAX_WORDS = 64
_POINTER_BYTES = 8
_LISTENING = "0A"


class Unreadable(Exception):
    """The process is gone or its memory is not what the system call says."""


@dataclass(frozen=True, slots=True)
class Notification:
    """A system call that waits for its answer."""

    id: int
    pid: int
    call: int
    args: tuple[int, ...]

    @classmethod
    def parse(cls, raw: bytes) -> Notification:
        number, pid, _, call, _, _, *args = NOTIFICATION.unpack(raw)
        return cls(number, pid, call, tuple(args))


@dataclass(frozen=True, slots=True)
class Memory:
    """The memory of a waiting thread."""

    pid: int

    def read(self, address: int, size: int) -> bytes:
        """Up to `size` bytes, fewer at the end of a mapping."""
        try:
            with open(f"/proc/{self.pid}/mem", "rb", buffering=0) as memory:
                return os.pread(memory.fileno(), size, address)
        except (OSError, OverflowError) as error:
            raise Unreadable(str(error)) from error

    def exactly(self, address: int, size: int) -> bytes:
        data = self.read(address, size)
        if len(data) != size:
            raise Unreadable(f"{len(data)} of {size} bytes")
        return data

    def write(self, address: int, data: bytes) -> None:
        try:
            with open(f"/proc/{self.pid}/mem", "r+b", buffering=0) as memory:
                os.pwrite(memory.fileno(), data, address)
        except OSError as error:
            raise Unreadable(str(error)) from error

    def text(self, address: int) -> str:
        return self.read(address, _MAX_TEXT_BYTES).partition(b"\0")[0].decode("utf-8", "replace")

    def words(self, address: int) -> list[str]:
        """An array of strings that ends with a null pointer, as `argv`."""
        found: list[str] = []
        while address and len(found) < _MAX_WORDS:
            (pointer,) = struct.unpack("=Q", self.exactly(address, _POINTER_BYTES))
            if not pointer:
                break
            found.append(self.text(pointer))
            address += _POINTER_BYTES
        return found

    def peer(self, address: int, size: int) -> Peer | None:
        """A `struct sockaddr`; None for one that is no internet address."""
        if not address or size < 2:
            return None
        raw = self.exactly(address, min(size, _MAX_ADDRESS_BYTES))
        family = int.from_bytes(raw[:2], "little")
        try:
            if family == socket.AF_INET:
                host = socket.inet_ntop(socket.AF_INET, raw[4:8])
            elif family == socket.AF_INET6:
                host = _unmapped(raw[8:24])
            else:
                return None
        except ValueError as error:
            raise Unreadable("a short address") from error
        return Peer(host, int.from_bytes(raw[2:4], "big"))

    def to_loopback(self, address: int) -> None:
        """Put the loopback address into a `struct sockaddr` of the internet."""
        family = int.from_bytes(self.exactly(address, 2), "little")
        if family == socket.AF_INET:
            self.write(address + 4, socket.inet_pton(socket.AF_INET, "127.0.0.1"))
        else:
            self.write(address + 8, socket.inet_pton(socket.AF_INET6, "::1"))

    def message_peers(self, address: int, count: int | None) -> list[Peer | None]:
        """Addresses in one `struct msghdr`, or in `count` of `struct mmsghdr`."""
        step = _MESSAGE_HEADER_BYTES if count is None else _MANY_HEADER_BYTES
        peers = []
        for n in range(min(1 if count is None else count, _MAX_MESSAGES)):
            name, size = struct.unpack("=QI", self.exactly(address + n * step, 12))
            peers.append(self.peer(name, size))
        return peers


def listens(pid: int, port: int) -> bool:
    """Whether this process has a socket that listens on the TCP port."""
    inodes = set(_listeners(pid, port))
    with contextlib.suppress(OSError):
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                if os.readlink(link) in inodes:
                    return True
    return False


def _listeners(pid: int, port: int) -> Iterator[str]:
    """Listening sockets of the whole machine, as `/proc/PID/fd` names them; see proc(5)."""
    for table in ("tcp", "tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == _LISTENING and int(fields[1].rpartition(":")[2], 16) == port:
                    yield f"socket:[{fields[9]}]"


def _unmapped(raw: bytes) -> str:
    """Text of an IPv6 address, of the IPv4 address that is inside a mapped one."""
    if raw[:12] == b"\0" * 10 + b"\xff\xff":
        return socket.inet_ntop(socket.AF_INET, raw[12:])
    return socket.inet_ntop(socket.AF_INET6, raw)
