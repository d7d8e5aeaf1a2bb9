"""One adb connection as a state machine without I/O.

`receive` takes a packet of the host and returns what it means (`Event`s); the verbs `accept`,
`refuse`, `write`, `acknowledge` and `close` append the device's packets to `outgoing`, which the
caller sends. Flow control is the protocol's own: after a WRTE in one direction nothing more goes
that way until its OKAY. What real adbd ignores (packets before CNXN, for streams that do not exist,
of unknown kinds) is ignored; delayed acknowledgement is never offered and an OPEN that asks for it
is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from harness.virtual.adbd import packet as wire
from harness.virtual.adbd.packet import Packet, ProtocolFault

FEATURES = (
    "shell_v2",
    "cmd",
    "stat_v2",
    "ls_v2",
    "fixed_push_mkdir",
    "fixed_push_symlink_timestamp",
    "abb",
    "abb_exec",
    "sendrecv_v2",
    "remount_shell",
)
"""What this device serves, in adb's words (AOSP `adb/transport.cpp`, `supported_features`)."""

HANDSHAKE_MAX_PAYLOAD_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Connected:
    """The host said CNXN; a repeated one means that all earlier streams are gone."""

    banner: str


@dataclass(frozen=True, slots=True)
class Opened:
    """The host asks for a service; answer with `accept` or `refuse`."""

    stream_id: int
    service: bytes


@dataclass(frozen=True, slots=True)
class Answered:
    """The host has taken (or refused) a stream that the device asked for."""

    stream_id: int
    accepted: bool


@dataclass(frozen=True, slots=True)
class Received:
    stream_id: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The last `write` of this stream (or its opening) arrived; the next may follow."""

    stream_id: int


@dataclass(frozen=True, slots=True)
class Closed:
    stream_id: int


Event = Connected | Opened | Answered | Received | Acknowledged | Closed


class Link:
    """The protocol state of one connection.

    Args:
        banner: what CNXN announces: `device::ro.product.name=...;features=...`.
    """

    def __init__(self, banner: str) -> None:
        self._banner = banner
        self._remote_ids: dict[int, int] = {}
        self._opening: set[int] = set()
        self._asked: set[int] = set()
        self._next_id = 1
        self._online = False
        self.checksums = True
        self.max_payload_bytes = HANDSHAKE_MAX_PAYLOAD_BYTES
        self.outgoing: list[Packet] = []
        self._handlers: dict[bytes, Callable[[Packet], list[Event]]] = {
            wire.OPEN: self._on_open,
            wire.OKAY: self._on_okay,
            wire.WRTE: self._on_write,
            wire.CLSE: self._on_close,
        }

    def receive(self, packet: Packet) -> list[Event]:
        """What the host's packet means. Raises `ProtocolFault` when the connection is lost."""
        if packet.command == wire.CNXN:
            return self._on_connect(packet)
        handler = self._handlers.get(packet.command)
        return handler(packet) if handler is not None and self._online else []

    def ask(self, service: bytes) -> int:
        """Open a stream towards the host; `Answered` says how it went."""
        stream_id = self._next_id
        self._next_id += 1
        self._asked.add(stream_id)
        self._send(wire.OPEN, stream_id, 0, service + b"\0")
        return stream_id

    def accept(self, stream_id: int) -> bool:
        """The service is there. False: the host has closed the stream meanwhile."""
        self._opening.discard(stream_id)
        if stream_id not in self._remote_ids:
            return False
        self._send(wire.OKAY, stream_id, self._remote_ids[stream_id])
        return True

    def refuse(self, stream_id: int) -> None:
        """There is no such service, or it could not be reached."""
        self._opening.discard(stream_id)
        if stream_id in self._remote_ids:
            self._send(wire.CLSE, 0, self._remote_ids.pop(stream_id))

    def write(self, stream_id: int, data: bytes) -> None:
        """Send at most `max_payload_bytes`; wait for `Acknowledged` before the next."""
        if stream_id in self._remote_ids:
            self._send(wire.WRTE, stream_id, self._remote_ids[stream_id], data)

    def acknowledge(self, stream_id: int) -> None:
        """The host may send more."""
        if stream_id in self._remote_ids:
            self._send(wire.OKAY, stream_id, self._remote_ids[stream_id])

    def close(self, stream_id: int) -> None:
        """End a stream; nothing happens when it has ended already."""
        if stream_id in self._remote_ids:
            self._send(wire.CLSE, stream_id, self._remote_ids.pop(stream_id))

    def _send(self, command: bytes, arg0: int, arg1: int, payload: bytes = b"") -> None:
        self.outgoing.append(Packet(command, arg0, arg1, payload))

    def _on_connect(self, packet: Packet) -> list[Event]:
        if packet.arg0 < wire.VERSION_CHECKSUM:
            raise ProtocolFault(f"protocol version {packet.arg0:#x} is not supported")
        closed: list[Event] = [Closed(stream_id) for stream_id in self._remote_ids]
        closed += [Answered(stream_id, accepted=False) for stream_id in self._asked]
        self._remote_ids.clear()
        self._asked.clear()
        self._online = True
        version = min(packet.arg0, wire.VERSION_NO_CHECKSUM)
        self._send(
            wire.CNXN, wire.VERSION_NO_CHECKSUM, wire.MAX_PAYLOAD_BYTES, self._banner.encode()
        )
        self.checksums = version < wire.VERSION_NO_CHECKSUM
        self.max_payload_bytes = max(1, min(packet.arg1, wire.MAX_PAYLOAD_BYTES))
        return [*closed, Connected(packet.payload.rstrip(b"\0").decode("utf-8", "replace"))]

    def _on_open(self, packet: Packet) -> list[Event]:
        if packet.arg0 == 0:
            return []
        if packet.arg1 != 0:  # the peer wants delayed acknowledgement
            self._send(wire.CLSE, 0, packet.arg0)
            return []
        stream_id = self._next_id
        self._next_id += 1
        self._remote_ids[stream_id] = packet.arg0
        self._opening.add(stream_id)
        service = packet.payload[:-1] if packet.payload.endswith(b"\0") else packet.payload
        return [Opened(stream_id, service)]

    def _known(self, packet: Packet) -> bool:
        return self._remote_ids.get(packet.arg1) == packet.arg0

    def _on_okay(self, packet: Packet) -> list[Event]:
        if packet.arg1 in self._asked and packet.arg0:
            self._asked.discard(packet.arg1)
            self._remote_ids[packet.arg1] = packet.arg0
            return [Answered(packet.arg1, accepted=True)]
        return [Acknowledged(packet.arg1)] if self._known(packet) else []

    def _on_write(self, packet: Packet) -> list[Event]:
        if not self._known(packet) or packet.arg1 in self._opening:
            return []
        return [Received(packet.arg1, packet.payload)]

    def _on_close(self, packet: Packet) -> list[Event]:
        stream_id = packet.arg1
        if stream_id in self._asked:
            self._asked.discard(stream_id)
            return [Answered(stream_id, accepted=False)]
        known = self._known(packet) or (packet.arg0 == 0 and stream_id in self._remote_ids)
        if not known:
            return []
        self._opening.discard(stream_id)
        self._send(wire.CLSE, stream_id, self._remote_ids.pop(stream_id))
        return [Closed(stream_id)]
