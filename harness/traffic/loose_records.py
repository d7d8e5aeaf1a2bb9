"""What left the app outside of any connection: datagrams, hand-overs, names that were looked up.

Input: one event. Output: an exchange. A name is an exchange too, since a name server is told it and
a label can carry anything; `pairing` leaves out the names that a connection then went to.
"""

from __future__ import annotations

from harness.agent.events import DatagramSeen, HandoverSeen, LookupSeen

from .exchange import Body, Exchange, Kind, Layer, Request, Stack

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


class HandoverRecord:
    """What was handed to an SDK or to another process; the method called stands on the stack."""

    def __init__(self, id_: str, event: HandoverSeen, started_s: float) -> None:
        self._id = id_
        self._event = event
        self._started_s = started_s

    def exchange(self, process: str) -> Exchange:
        event = self._event
        called = event.target.partition("(")[0]
        type_ = "application/octet-stream" if event.parcel else "application/json"
        url = f"{event.layer}:{event.package or event.host or called}"
        body = Body(event.data, event.size_bytes, event.unread)
        return Exchange(
            id=self._id,
            kind=Kind.HANDOVER,
            seen_by=(event.layer,),
            host=event.host.lower(),
            port=0,
            started_s=self._started_s,
            request=Request(called.rpartition(".")[2], url, (("Content-Type", type_),), body),
            stack=Stack((f"{called}(hooked)", *event.stack.frames), event.stack.origins),
            process=process,
            package=event.package,
        )
