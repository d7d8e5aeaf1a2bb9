"""Whose process is at the other end of a TCP connection on loopback.

Linux tells the user of every socket of the machine in `/proc/net/tcp` and `tcp6` (proc(5)); TCP has
no SO_PEERCRED. Input: both ends as our socket names them, or our port alone. Output: user ids; None
or nothing where the system does not tell: then nobody can be refused.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

ROOT = 0
_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_LOCAL, _REMOTE, _STATE, _UID = 1, 2, 3, 7
_ESTABLISHED = "01"
_IPV4_HEX = 8

End = tuple[str, int]
"""IPv4 address and port."""


def may_connect(peer: End, ours: End, tables: tuple[Path, ...] = _TABLES) -> bool:
    """Whether the peer belongs to this user or to root, as far as the system tells."""
    return owner(peer, ours, tables) in (None, ROOT, os.getuid())


def owner(peer: End, ours: End, tables: tuple[Path, ...] = _TABLES) -> int | None:
    """The user of the socket whose own end is `peer` and whose other end is `ours`."""
    wanted = _written(peer), _written(ours)
    found = (row[_UID] for row in _rows(tables) if (row[_LOCAL], row[_REMOTE]) == wanted)
    return next(map(int, found), None)


def strangers(ours: End, tables: tuple[Path, ...] = _TABLES) -> set[int]:
    """Other users than this one and root that are connected to us at this moment."""
    end = _written(ours)
    found = {
        int(row[_UID])
        for row in _rows(tables)
        if row[_REMOTE] == end and row[_STATE] == _ESTABLISHED
    }
    return found - {ROOT, os.getuid()}


def _rows(tables: tuple[Path, ...]) -> Iterator[list[str]]:
    for table in tables:
        try:
            lines = table.read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            fields[_LOCAL], fields[_REMOTE] = _ipv4(fields[_LOCAL]), _ipv4(fields[_REMOTE])
            yield fields


def _written(end: End) -> str:
    """As the tables have it: the address as a little-endian number in hex."""
    address = int.from_bytes(socket.inet_aton(end[0]), "little")
    return f"{address:08X}:{end[1]:04X}"


def _ipv4(entry: str) -> str:
    """An entry of `tcp6` for a mapped address says the same in its last eight digits."""
    address, _, port = entry.partition(":")
    return f"{address[-_IPV4_HEX:]}:{port}"
