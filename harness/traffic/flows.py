"""mitmproxy flow files to exchanges, through mitmproxy's own reader.

Input: a binary stream as `mitmdump -w` writes it. Output: HTTP requests with their responses
(trailers are headers), WebSocket messages, raw TCP connections, UDP datagrams and DNS lookups, each
with the index of its flow in the file.

A raw connection is told as a whole, one stream a direction, because where one write ends says
nothing of what was written; then come its single writes, because a decoder may need to know where
something begins. What a write tells beyond the whole is for the reader to work out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from mitmproxy import dns, exceptions, http, tcp, udp
from mitmproxy.flow import Flow
from mitmproxy.io import FlowReader
from mitmproxy.net.dns import types as dns_types

from harness.findings.hosts import is_address
from harness.traffic.exchange import (
    EMPTY,
    Body,
    Exchange,
    Header,
    Kind,
    Layer,
    Request,
    Response,
)
from harness.traffic.loose_records import DNS

DAMAGE = (
    exceptions.FlowReadException,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    AssertionError,
)
"""What mitmproxy's reader raises on files that are none of its own."""


class FlowFileError(ValueError):
    """The file is damaged or no flow file; what came before was yielded."""


def read_flows(stream: BinaryIO, source: str) -> Iterator[Exchange]:
    """Every exchange of every flow, in the file's order.

    Raises:
        FlowFileError: the file breaks off, is no flow file or of an unknown version.
    """
    flows = iter(FlowReader(stream).stream())
    index = 0
    while True:
        try:
            flow = next(flows)
        except StopIteration:
            return
        except DAMAGE as error:
            raise FlowFileError(str(error)) from error
        yield from _exchanges(flow, index, source)
        index += 1


def _exchanges(flow: Flow, index: int, source: str) -> Iterator[Exchange]:
    if isinstance(flow, http.HTTPFlow):
        yield _http(flow, index, source)
        place = _Place(index, source, _url(flow), _host(flow), flow.request.port)
        for number, frame in enumerate(flow.websocket.messages if flow.websocket else ()):
            yield _message(place, number, Kind.WEBSOCKET, frame)
    elif isinstance(flow, tcp.TCPFlow):
        yield from _connection(_raw_place(flow, index, source, "tcp"), flow.messages)
    elif isinstance(flow, udp.UDPFlow):
        for number, datagram in enumerate(flow.messages):
            yield _message(_raw_place(flow, index, source, "udp"), number, Kind.DATAGRAM, datagram)
    elif isinstance(flow, dns.DNSFlow):
        for number, question in enumerate(flow.request.questions):
            yield _lookup(flow, question, number, index, source)


def _http(flow: http.HTTPFlow, index: int, source: str) -> Exchange:
    request, response = flow.request, flow.response
    return Exchange(
        id=f"{source}#{index}",
        kind=Kind.HTTP,
        seen_by=(Layer.WITNESS,),
        host=_host(flow),
        port=request.port,
        started_s=request.timestamp_start,
        request=Request(
            request.method,
            _url(flow),
            _headers(request),
            _body(request.raw_content),
            request.http_version,
        ),
        response=_response(response) if response is not None else None,
        index=index,
        source=source,
    )


def _host(flow: http.HTTPFlow) -> str:
    """Whom the connection was made to. The Host header may say anything, and is asked only where
    the connection knows nothing but an address, after the name that TLS was made for."""
    if not is_address(flow.request.host):
        return flow.request.host.lower()
    named = flow.client_conn.sni or flow.server_conn.sni or flow.request.pretty_host
    return named.lower()


def _url(flow: http.HTTPFlow) -> str:
    named = is_address(flow.request.host)
    return flow.request.pretty_url if named else flow.request.url


def _response(response: http.Response) -> Response:
    return Response(
        response.status_code,
        _headers(response),
        _body(response.raw_content),
        response.http_version,
    )


def _headers(message: http.Message) -> tuple[Header, ...]:
    trailers = message.trailers.items(multi=True) if message.trailers else ()
    return (*message.headers.items(multi=True), *trailers)


def _body(raw: bytes | None) -> Body:
    """mitmproxy keeps no content of a streamed body and says so by None."""
    if raw is None:
        return Body(b"", 0, "the proxy streamed the body and kept nothing of it")
    return Body.of(raw) if raw else EMPTY


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the messages of one flow belong."""

    index: int
    source: str
    url: str
    host: str
    port: int


class _Sent(Protocol):
    """What mitmproxy's WebSocket, TCP and UDP messages have in common."""

    content: bytes
    from_client: bool
    timestamp: float


def _message(place: _Place, number: int, kind: Kind, message: _Sent) -> Exchange:
    body, sent = Body.of(message.content), message.from_client
    return Exchange(
        id=f"{place.source}#{place.index}.{number}",
        kind=kind,
        seen_by=(Layer.WITNESS,),
        host=place.host,
        port=place.port,
        started_s=message.timestamp,
        request=Request("SEND" if sent else "", place.url, (), body if sent else EMPTY),
        response=None if sent else Response(0, (), body),
        index=place.index,
        source=place.source,
    )


def _connection(place: _Place, messages: Sequence[_Sent]) -> Iterator[Exchange]:
    """The whole connection; then the app's writes, if there was more than one."""
    sent = [message for message in messages if message.from_client]
    answers = b"".join(message.content for message in messages if not message.from_client)
    if not messages:
        return
    yield Exchange(
        id=f"{place.source}#{place.index}",
        kind=Kind.STREAM,
        seen_by=(Layer.WITNESS,),
        host=place.host,
        port=place.port,
        started_s=messages[0].timestamp,
        request=Request(
            "SEND" if sent else "",
            place.url,
            (),
            Body.of(b"".join(message.content for message in sent)),
        ),
        response=Response(0, (), Body.of(answers)) if answers else None,
        index=place.index,
        source=place.source,
    )
    for number, message in enumerate(sent if len(sent) > 1 else ()):
        yield _message(place, number, Kind.STREAM, message)


def _lookup(
    flow: dns.DNSFlow, question: dns.Question, number: int, index: int, source: str
) -> Exchange:
    """A name that was asked for: its labels reach whoever answers for the domain."""
    scheme = "tls" if flow.client_conn.tls_established else "dns"
    records = (*flow.request.answers, *flow.request.authorities, *flow.request.additionals)
    answers = flow.response.answers if flow.response is not None else ()
    told = "\n".join(f"{answer.name} {answer}" for answer in answers).encode()
    return Exchange(
        id=f"{source}#{index}.{number}",
        kind=Kind.DATAGRAM,
        seen_by=(Layer.WITNESS,),
        host=question.name.lower().rstrip("."),
        port=(flow.server_conn.address or ("", 0))[1],
        started_s=flow.request.timestamp or flow.timestamp_created,
        request=Request(
            DNS,
            f"{scheme}://{question.name}/",
            tuple(
                (f"dns-{dns_types.to_str(record.type).lower()}", record.data.hex())
                for record in records
                if record.data
            ),
        ),
        response=Response(0, (), Body.of(told)) if answers else None,
        index=index,
        source=source,
    )


def _raw_place(flow: Flow, index: int, source: str, scheme: str) -> _Place:
    address = flow.server_conn.address or ("", 0)
    host = str(flow.server_conn.sni or address[0]).lower()
    scheme = "tls" if flow.client_conn.tls_established else scheme
    return _Place(index, source, f"{scheme}://{host}:{address[1]}", host, address[1])
