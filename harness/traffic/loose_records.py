"""What left the app outside of any connection: datagrams and names that were looked up.

Input: one event. Output: an exchange. A name is an exchange too, since a name server is told it and
a label can carry anything; `pairing` leaves out the names that a connection then went to.
"""

from __future__ import annotations

from harness.agent.messages import DatagramSeen, LookupSeen

from .exchange import Body, Exchange, Kind, Layer, Request

DNS = "DNS"
"""Method of an exchange that is the look-up of its host's name."""

_DNS_PORT = 53


class DatagramRecord:
    """One datagram."""

    def __init__(self, id_: str, event: DatagramSeen, started_s: float) -> None:
        self._id = id_
        self._event = event
        self._started_s = started_s

    def exchange(self, process: str) -> Exchange:
        event = self._event
        host = event.host.lower()
        authority = f"[{host}]" if ":" in host else host
        return Exchange(
            id=self._id,
            kind=Kind.DATAGRAM,
            seen_by=(Layer.SOCKET,),
            host=host,
            port=event.port,
            started_s=self._started_s,
            request=Request(
                "", f"udp://{authority}:{event.port}/", (), Body(event.data, event.size_bytes)
            ),
            stack=event.stack,
            process=process,
        )


class LookupRecord:
    """The first look-up of one name."""

    def __init__(self, id_: str, event: LookupSeen, started_s: float) -> None:
        self._id = id_
        self._event = event
        self._started_s = started_s
        self.host = event.host.lower().rstrip(".")

    def exchange(self, process: str) -> Exchange:
        body = Body.of(self._event.host.encode("utf-8", "replace"))
        return Exchange(
            id=self._id,
            kind=Kind.DATAGRAM,
            seen_by=(Layer.SOCKET,),
            host=self.host,
            port=_DNS_PORT,
            started_s=self._started_s,
            request=Request(DNS, f"dns://{self.host}/", (), body),
            stack=self._event.stack,
            process=process,
        )
