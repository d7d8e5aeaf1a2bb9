"""Hook events into exchanges: one request that several layers saw is one exchange.

Input: the agent's events in order, in any portions. Output: all exchanges so far. Bytes are read
per connection (`streams`); a request found there is paired with the request of the HTTP layer whose
hooked method the writing thread was in, else (another thread may do the writing) with the oldest
unanswered and unpaired one of the same method, host and target. What pairs with nothing is an
exchange of its own; bytes of no known protocol, encrypted bytes of unknown origin and half-seen
bodies are exchanges that say so. Nothing is dropped. State survives between calls and each event is
handled once.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from harness.agent.events import (
    AnswerPart,
    BodyPart,
    BytesSeen,
    CarrierSeen,
    CipherSeen,
    DatagramSeen,
    FlowSeen,
    HandoverSeen,
    HookEvent,
    LookupSeen,
    RequestSeen,
    ResponseSeen,
)

from .exchange import Exchange, Kind, Layer
from .loose_records import DatagramRecord, HandoverRecord, LookupRecord
from .message import Message, Write
from .records import (
    Address,
    EncryptedRecord,
    HttpRecord,
    RequestKey,
    StreamRecord,
    target_of,
)
from .streams import ConnectionStream
from .transforms import Transforms

Record = HttpRecord | StreamRecord | EncryptedRecord | DatagramRecord | HandoverRecord


@dataclass(slots=True)
class _Connection:
    stream: ConnectionStream
    layer: Layer
    found: list[StreamRecord] = field(default_factory=list)


class Pairing:
    """The state of one agent's traffic.

    Args:
        prefix: makes the exchanges' ids unique within the run.
        process: name of the process that the agent is in.
        clock_offset_s: device's clock minus host's clock.
    """

    def __init__(self, prefix: str, process: str = "", clock_offset_s: float = 0.0) -> None:
        self._prefix = prefix
        self._process = process
        self._offset_s = clock_offset_s
        self._records: list[Record] = []
        self._requests: dict[int, HttpRecord] = {}
        self._early: dict[int, list[BodyPart]] = defaultdict(list)
        self._connections: dict[int, _Connection] = {}
        self._encrypted: dict[int, EncryptedRecord] = {}
        self._carriers: set[int] = set()
        self._lookups: dict[str, LookupRecord] = {}
        self._peers: dict[int, tuple[str, int]] = {}
        self._unpaired: dict[RequestKey, deque[HttpRecord]] = defaultdict(deque)
        self._by_request: dict[int, list[StreamRecord]] = defaultdict(list)
        self._transforms = Transforms()
        self._handlers: dict[type, Callable[..., None]] = {
            RequestSeen: self._request,
            BodyPart: self._body,
            ResponseSeen: self._response,
            AnswerPart: self._answer,
            BytesSeen: self._bytes,
            CipherSeen: self._cipher,
            CarrierSeen: self._carrier,
            DatagramSeen: self._datagram,
            HandoverSeen: self._handover,
            LookupSeen: self._lookup,
            FlowSeen: self._transforms.add,
        }

    def feed(self, events: Iterable[HookEvent]) -> None:
        for event in events:
            self._handlers[type(event)](event)

    def exchanges(self) -> tuple[Exchange, ...]:
        """All exchanges so far, by the moment at which they began."""
        known = [
            record.exchange(self._process)
            for record in self._records
            if not self._explained(record)
        ]
        # A name that was looked up to connect to it tells no more than the connection does.
        reached = {each.host for each in known}
        asked = [
            record.exchange(self._process)
            for record in self._lookups.values()
            if record.host not in reached
        ]
        return tuple(
            sorted(map(self._decrypted, (*known, *asked)), key=lambda each: each.started_s)
        )

    def _decrypted(self, exchange: Exchange) -> Exchange:
        plaintexts = self._transforms.of(exchange)
        return replace(exchange, plaintexts=plaintexts) if plaintexts else exchange

    def _explained(self, record: Record) -> bool:
        if isinstance(record, StreamRecord):
            return record.paired is not None
        return isinstance(record, EncryptedRecord) and record.conn in self._carriers

    def _new_id(self) -> str:
        return f"{self._prefix}-{len(self._records) + 1}"

    def _seconds(self, t_ms: float) -> float:
        return t_ms / 1000 - self._offset_s

    def _request(self, event: RequestSeen) -> None:
        record = HttpRecord(self._new_id(), event, self._seconds(event.t_ms))
        self._records.append(record)
        self._requests[event.request] = record
        for part in self._early.pop(event.request, []):
            record.add(part)
        for found in self._by_request.pop(event.request, []):
            self._try_own(found, record)
        if not record.bytes_known:
            self._unpaired[record.key].append(record)

    def _body(self, event: BodyPart) -> None:
        record = self._requests.get(event.request)
        if record is None:
            self._early[event.request].append(event)
        else:
            record.add(event)

    def _response(self, event: ResponseSeen) -> None:
        record = self._requests.get(event.request)
        if record is not None:
            record.answer(event)

    def _answer(self, event: AnswerPart) -> None:
        record = self._requests.get(event.request)
        if record is not None:
            record.add_answer(event)

    def _bytes(self, event: BytesSeen) -> None:
        connection = self._connections.get(event.conn)
        if connection is None:
            host, port = self._peers.get(event.conn, ("", 0))
            stream = ConnectionStream(event.host.lower() or host, event.port or port)
            connection = self._connections[event.conn] = _Connection(stream, event.layer)
        write = Write(self._seconds(event.t_ms), event.request, event.stack)
        if event.data:
            for message in connection.stream.feed(event.data, write):
                self._found(connection, message)
        if event.unread:
            connection.stream.lost_bytes()

    def _found(self, connection: _Connection, message: Message) -> None:
        stream = connection.stream
        address = Address(stream.host, stream.port, connection.layer is Layer.TLS)
        record = StreamRecord(self._new_id(), message, connection.layer, address)
        self._records.append(record)
        own = self._requests.get(message.origin.request)
        if own is not None and self._try_own(record, own):
            return
        if own is None and message.origin.request:
            self._by_request[message.origin.request].append(record)
        if message.kind is Kind.HTTP:
            self._pair_by_key(record)

    def _try_own(self, found: StreamRecord, own: HttpRecord) -> bool:
        """Pair with the request that the writing thread was sending, unless they contradict."""
        if found.paired is not None or (found.layer in own.layers and found.message.method):
            return False
        message = found.message
        same = message.kind is Kind.STREAM or (
            message.method == own.method and target_of(message) == own.target
        )
        if same:
            own.pair(found)
        return same

    def _pair_by_key(self, found: StreamRecord) -> None:
        queue = self._unpaired.get(found.key)
        while queue:
            record = queue.popleft()
            # Bytes come before their answer.
            if not record.bytes_known and not record.answered:
                record.pair(found)
                return

    def _cipher(self, event: CipherSeen) -> None:
        connection = self._connections.get(event.conn)
        host = connection.stream.host if connection is not None else event.host
        port = connection.stream.port if connection is not None else event.port
        record = EncryptedRecord(
            self._new_id(), event, self._seconds(event.t_ms), Address(host, port, True)
        )
        self._records.append(record)
        self._encrypted[event.conn] = record

    def _carrier(self, event: CarrierSeen) -> None:
        self._carriers.add(event.conn)
        self._peers[event.tls] = event.host.lower(), event.port
        above = self._connections.get(event.tls)
        if above is not None and not above.stream.host:
            above.stream.host, above.stream.port = self._peers[event.tls]

    def _datagram(self, event: DatagramSeen) -> None:
        at_s = self._seconds(event.t_ms)
        self._records.append(DatagramRecord(self._new_id(), event, at_s))

    def _handover(self, event: HandoverSeen) -> None:
        at_s = self._seconds(event.t_ms)
        self._records.append(HandoverRecord(self._new_id(), event, at_s))

    def _lookup(self, event: LookupSeen) -> None:
        record = LookupRecord(
            f"{self._prefix}-name-{len(self._lookups) + 1}", event, self._seconds(event.t_ms)
        )
        self._lookups.setdefault(record.host, record)
