"""A host without mercy: raw packets to a device's adbd, and what comes back."""

from __future__ import annotations

import socket
import struct

from harness.virtual.adbd.packet import Packet

HEADER = struct.Struct("<4sIIIII")
CONNECT = b"host::features=shell_v2,cmd\0"


def packed(command: bytes, arg0: int, arg1: int, payload: bytes = b"", **wrong: int) -> bytes:
    """A packet as the real client builds it; `checksum`, `magic`, `size` replace the right ones."""
    checksum = wrong.get("checksum", sum(payload) & 0xFFFFFFFF)
    magic = wrong.get("magic", int.from_bytes(command, "little") ^ 0xFFFFFFFF)
    size = wrong.get("size", len(payload))
    return HEADER.pack(command, arg0, arg1, size, checksum, magic) + payload


class RawHost:
    """One connection."""

    def __init__(self, port: int, *, connect: bool = True) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        if connect:
            self.send(packed(b"CNXN", 0x01000001, 1 << 20, CONNECT))
            assert self.receive().command == b"CNXN"

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def receive(self) -> Packet:
        command, arg0, arg1, size, _, _ = HEADER.unpack(self._exactly(HEADER.size))
        return Packet(command, arg0, arg1, self._exactly(size))

    def closed(self) -> bool:
        """Whether the device hangs up without another word."""
        try:
            return self.socket.recv(1) == b""
        except ConnectionError:
            return True

    def run(self, service: str, stream_id: int = 7) -> bytes:
        """Open a service, collect its output until it closes."""
        self.send(packed(b"OPEN", stream_id, 0, service.encode() + b"\0"))
        output = b""
        while True:
            packet = self.receive()
            if packet.arg1 != stream_id:
                continue
            if packet.command == b"WRTE":
                output += packet.payload
                self.send(packed(b"OKAY", stream_id, packet.arg0))
            if packet.command == b"CLSE":
                return output

    def close(self) -> None:
        self.socket.close()

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            piece = self.socket.recv(size - len(data))
            if not piece:
                raise EOFError
            data += piece
        return data
