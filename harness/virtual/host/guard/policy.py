"""What the app process may do with the network, and what it is told when it may not.

Pure: facts of one system call in, a decision out. Allowed peers are the proxy, the Frida endpoint
and servers of the process itself; servers listen on loopback whatever was asked; programs are not
executed (an Android device has none of this machine's), except the JVM's own. The errors are those
of a phone without a network, and of one without the program.
"""

from __future__ import annotations

import errno
import ipaddress
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

_NETWORK_PROGRAMS = re.compile(
    r"\b(curl|wget|nc|netcat|ncat|socat|telnet|ssh|scp|sftp|rsync|ftp|tftp|ping6?|traceroute6?|"
    r"nslookup|dig|host|ip|busybox|toybox|python3?|perl|content|am)\b"
)
"""Words of a command line that make it one that may reach somebody."""

_SPAWN_HELPER = "jspawnhelper"
"""The JDK starts programs through it (`ProcessImpl`, launch mechanism POSIX_SPAWN)."""


@dataclass(frozen=True, slots=True)
class Peer:
    """An internet address of a system call."""

    host: str
    port: int

    @property
    def address(self) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
        return ipaddress.ip_address(self.host)

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Attempted:
    """A refused attempt to reach somebody.

    `kind`: `connect`, `datagram`, `raw-socket`, `exec`. `target`: `address:port`, or the command.
    """

    kind: str
    target: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a system call.

    Attributes:
        error: errno, 0: it goes on.
        loopback: let it go on with the loopback address in place of its own.
        attempt: what is to be recorded.
    """

    error: int = 0
    loopback: bool = False
    attempt: Attempted | None = None


GO_ON = Decision()
TO_LOOPBACK = Decision(loopback=True)
UNREADABLE = Decision(errno.EACCES)


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules for one process.

    Args:
        peers: `(host, port)` of the proxy and of whoever else may be talked to; may grow.
        java: the program that the process is.
    """

    peers: set[tuple[str, int]]
    java: Path

    def connect(self, peer: Peer | None, is_own: Callable[[int], bool]) -> Decision:
        """`is_own`: does the process itself listen on this port?"""
        if peer is None or (peer.host, peer.port) in self.peers:
            return GO_ON
        if peer.address.is_loopback and is_own(peer.port):
            return GO_ON
        return Decision(errno.ENETUNREACH, attempt=Attempted("connect", str(peer)))

    def send(self, peers: Sequence[Peer | None]) -> Decision:
        """Addresses of the messages of one call; None: where the socket is connected to."""
        for peer in peers:
            if peer is not None:
                return Decision(errno.ENETUNREACH, attempt=Attempted("datagram", str(peer)))
        return GO_ON

    def bind(self, peer: Peer | None) -> Decision:
        if peer is None or peer.address.is_loopback:
            return GO_ON
        return TO_LOOPBACK if peer.address.is_unspecified else Decision(errno.EADDRNOTAVAIL)

    def socket(self, family: int, kind: int) -> Decision:
        """Only what is neither a stream nor a datagram of the internet gets here."""
        target = f"family {family}, type {kind}"
        return Decision(errno.EACCES, attempt=Attempted("raw-socket", target))

    def execute(self, program: str, words: Sequence[str]) -> Decision:
        java = self.java.resolve()
        path = Path(program)
        if path in (self.java, java):
            return GO_ON
        if path.name == _SPAWN_HELPER and path.resolve().is_relative_to(java.parents[1]):
            return GO_ON
        line = " ".join(words or [program])
        loud = _NETWORK_PROGRAMS.search(line) is not None
        return Decision(errno.ENOENT, attempt=Attempted("exec", line) if loud else None)
