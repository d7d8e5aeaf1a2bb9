"""Real clients (http.client, ssl, h2, wsproto, plain sockets) through SOCKS, and what is recorded.

The record is checked against what the clients sent, not against what this package says it saw.
"""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
from base64 import b64decode
from pathlib import Path
from typing import Any

import h2.config
import h2.connection
import h2.events
import pytest
import wsproto
import wsproto.events

from tests.virtual.internet import socks
from tests.virtual.internet.running import Running


def _request(net: Running, host: str) -> dict[str, Any]:
    found = [line for line in net.events("request") if line["where"]["host"] == host]
    assert len(found) == 1, found
    return found[0]


def test_canned_json_over_https_keeps_the_url_as_sent(net: Running) -> None:
    response, content = net.ask("GET", "api.clinic.example", "/find?q=h%C3%A9patite&x=a+b")
    assert response.status == 200
    assert content.decode() == '{"results": ["é", 1, "no", "007"]}'
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    line = _request(net, "api.clinic.example")
    assert line["url"] == "https://api.clinic.example/find?q=h%C3%A9patite&x=a+b"
    assert line["where"]["sni"] == "api.clinic.example"
    answered = [r for r in net.events("response") if r["id"] == line["id"]]
    assert [r["source"].rpartition("/")[2] for r in answered] == ["api.clinic.example.yaml:2"]


def test_first_match_wins_and_given_headers_stay(net: Running) -> None:
    response, content = net.ask("POST", "api.clinic.example", "/find?q=1", b"x")
    assert (response.status, content) == (404, b"nothing")
    assert response.headers["X-Reason"] == "none"
    assert response.headers.get_all("Access-Control-Allow-Origin") == ["https://a.b"]


def test_file_answer(net: Running) -> None:
    response, content = net.ask("GET", "api.clinic.example", "/logo")
    assert (response.headers["Content-Type"], content) == ("image/x-own", b"\x00\x01picture")


def test_head_has_length_and_no_body(net: Running) -> None:
    response, content = net.ask("HEAD", "api.clinic.example", "/find?q=1")
    assert (response.status, content) == (200, b"")
    assert int(response.headers["Content-Length"]) > 10


def test_delay_is_kept_and_all_is_on_record_before_the_answer(net: Running) -> None:
    with net.tls("api.clinic.example") as client:
        client.sendall(b"GET /slow?early HTTP/1.1\r\nHost: api.clinic.example\r\n\r\n")
        assert client.recv(4096).startswith(b"HTTP/1.1 200")
    sent = next(line for line in net.events("request") if line["url"].endswith("?early"))
    answered = next(line for line in net.events("response") if line["id"] == sent["id"])
    assert answered["time_s"] - sent["time_s"] >= 0.29


def test_default_answer_and_gzip_body_stays_as_it_travelled(net: Running) -> None:
    packed = gzip.compress("q=hépatite".encode())
    headers = {"Content-Encoding": "gzip", "Content-Type": "text/plain"}
    response, content = net.ask("POST", "gzip.example", "/e", packed, headers, tls=False)
    assert (response.status, content) == (200, b"{}")
    line = _request(net, "gzip.example")
    assert b64decode(line["body"]["data"]) == packed
    assert line["url"] == "http://gzip.example/e"


def test_chunked_upload_has_its_transfer_coding_removed(net: Running) -> None:
    client = net.tls("chunked.example")
    client.sendall(
        b"POST /c HTTP/1.1\r\nHost: chunked.example\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n"
    )
    assert client.recv(4096).startswith(b"HTTP/1.1 200")
    client.close()
    assert b64decode(_request(net, "chunked.example")["body"]["data"]) == b"abcdefg"


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/px.gif?u=1", {}),
        ("/tr", {"Accept": "image/avif,image/*"}),
        ("/b", {"Sec-Fetch-Dest": "image"}),
    ],
)
def test_image_requests_get_a_pixel(net: Running, path: str, headers: dict[str, str]) -> None:
    response, content = net.ask("GET", "pixel.example", path, headers=headers)
    assert response.headers["Content-Type"] == "image/gif"
    assert content.startswith(b"GIF89a\x01\x00\x01\x00")


def test_preflight_is_let_through_unless_an_entry_names_options(net: Running) -> None:
    asked = {"Origin": "https://shop.example", "Access-Control-Request-Method": "PUT"}
    response, _ = net.ask("OPTIONS", "api.clinic.example", "/find", headers=asked)
    assert response.status == 204
    assert response.headers["Access-Control-Allow-Origin"] == "https://shop.example"
    assert "PUT" in response.headers["Access-Control-Allow-Methods"]
    response, _ = net.ask("OPTIONS", "api.clinic.example", "/own-preflight", headers=asked)
    assert response.status == 403


def test_http2_as_okhttp_speaks_it(net: Running) -> None:
    client = net.tls("h2.example", alpn="h2")
    assert client.selected_alpn_protocol() == "h2"
    speaker = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
    speaker.initiate_connection()
    head = [
        (":method", "POST"),
        (":scheme", "https"),
        (":authority", "h2.example"),
        (":path", "/v1?t=%C3%A9"),
    ]
    speaker.send_headers(1, head)
    speaker.send_data(1, "hépatite".encode())
    speaker.send_headers(1, [("x-late", "trailer")], end_stream=True)
    client.sendall(speaker.data_to_send())
    ended = False
    while not ended:
        events = speaker.receive_data(client.recv(65536))
        ended = any(isinstance(event, h2.events.StreamEnded) for event in events)
        client.sendall(speaker.data_to_send())
    client.close()
    line = _request(net, "h2.example")
    assert (line["http_version"], line["url"]) == ("HTTP/2.0", "https://h2.example/v1?t=%C3%A9")
    assert b64decode(line["body"]["data"]).decode() == "hépatite"
    assert line["headers"][-1] == ["x-late", "trailer"]


def test_websocket_messages_are_taken_and_recorded(net: Running) -> None:
    client = net.tls("ws.example")
    speaker = wsproto.WSConnection(wsproto.ConnectionType.CLIENT)
    client.sendall(speaker.send(wsproto.events.Request(host="ws.example", target="/live?k=1")))
    speaker.receive_data(client.recv(65536))
    assert [type(event) for event in speaker.events()] == [wsproto.events.AcceptConnection]
    client.sendall(speaker.send(wsproto.events.TextMessage(data="hépatite")))
    client.sendall(speaker.send(wsproto.events.BytesMessage(data=b"\x00\xff")))
    client.sendall(speaker.send(wsproto.events.CloseConnection(code=1000)))
    while client.recv(65536):
        pass
    client.close()
    line = _request(net, "ws.example")
    assert line["url"] == "https://ws.example/live?k=1"
    messages = [line for line in net.events("websocket") if line["from_client"]]
    assert [b64decode(m["body"]["data"]) for m in messages] == ["hépatite".encode(), b"\x00\xff"]
    assert [(m["type"], m["id"]) for m in messages] == [
        ("text", line["id"]),
        ("binary", line["id"]),
    ]


def test_plain_tcp_is_swallowed_with_its_bytes(net: Running) -> None:
    client = socks.connect(net.settings.socks_port, "tcp.example", 1883)
    client.sendall(b"\x10\x0ahepatite")
    _until(lambda: len(_streams(net, "tcp.example")) == 1)
    client.sendall(b"more")
    client.close()
    _until(lambda: len(_streams(net, "tcp.example")) == 2)
    chunks = _streams(net, "tcp.example")
    assert [b64decode(c["body"]["data"]) for c in chunks] == [b"\x10\x0ahepatite", b"more"]
    assert [c["n"] for c in chunks] == [0, 1]
    assert (chunks[0]["where"]["port"], chunks[0]["where"]["tls"]) == (1883, False)


def test_tcp_under_tls_is_recorded_decrypted(net: Running) -> None:
    client = net.tls("mqtt.example", 8883, alpn="mqtt")
    client.sendall(b"\x10\x0ahepatite")
    _until(lambda: len(_streams(net, "mqtt.example")) == 1)
    client.close()
    line = _streams(net, "mqtt.example")[0]
    assert b64decode(line["body"]["data"]) == b"\x10\x0ahepatite"
    assert line["where"]["tls"]


def test_an_app_that_pins_is_a_tls_failure(net: Running) -> None:
    plain = socks.connect(net.settings.socks_port, "pinned.example", 443)
    stranger = ssl.create_default_context()
    with pytest.raises(ssl.SSLCertVerificationError), plain:
        stranger.wrap_socket(plain, server_hostname="pinned.example")
    _until(lambda: bool(net.events("tls-failed")))
    line = net.events("tls-failed")[0]
    assert (line["where"]["host"], line["where"]["sni"]) == ("pinned.example", "pinned.example")


def test_an_app_that_checks_pins_after_the_handshake_is_one_too(net: Running) -> None:
    net.tls("pins-later.example").close()
    _until(lambda: any(_of_host(line, "pins-later.example") for line in net.events("tls-failed")))
    net.ask("GET", "talks.example", "/")
    client = net.tls("talks.example", 8883, alpn="mqtt")
    client.sendall(b"\x10\x00")
    _until(lambda: len(_streams(net, "talks.example")) == 1)
    client.close()
    socks.connect(net.settings.socks_port, "after.example", 80).close()
    assert not any(_of_host(line, "talks.example") for line in net.events("tls-failed"))


def test_what_socks_cannot_carry_is_on_record(net: Running) -> None:
    with socket.create_connection(("127.0.0.1", net.settings.socks_port), 5) as client:
        client.sendall(b"\x05\x01\x00")
        assert client.recv(2) == b"\x05\x00"
        client.sendall(b"\x05\x03\x00\x01\x00\x00\x00\x00\x00\x00")
        assert client.recv(2) == b"\x05\x07"
    _until(lambda: any("Unsupported SOCKS5" in line["error"] for line in net.events("refused")))


def test_a_request_broken_off_is_on_record_as_unread(net: Running) -> None:
    client = net.tls("broken.example")
    client.sendall(b"POST /half HTTP/1.1\r\nHost: broken.example\r\nContent-Length: 99\r\n\r\nhep")
    client.close()
    _until(lambda: any(f["where"]["host"] == "broken.example" for f in net.events("failed")))
    line = _request(net, "broken.example")
    assert line["body"]["unread"]
    assert line["url"] == "https://broken.example/half"


@pytest.mark.parametrize(
    "first", [b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x01\x02raw", b"\0\0DNS"]
)
def test_nothing_leaves_the_machine(net: Running, first: bytes) -> None:
    """A listener on loopback, addressed by number, is never connected to."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        client = socks.connect(net.settings.socks_port, "127.0.0.1", port)
        client.sendall(first)
        if first.startswith(b"GET"):
            assert client.recv(100).startswith(b"HTTP/1.1 200")
        _until(lambda: _mentions(net, port))
        client.close()
        listener.settimeout(0.2)
        with pytest.raises(TimeoutError):
            listener.accept()


def test_live_lets_out_and_still_records(tmp_path: Path) -> None:
    net = Running(tmp_path, [], live=True)
    try:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
            server = threading.Thread(target=_serve_once, args=(listener,))
            server.start()
            response, content = net.ask("POST", "127.0.0.1", "/e", b"word", tls=False, port=port)
            server.join()
        assert (response.status, content) == (200, b"real")
        assert b64decode(_request(net, "127.0.0.1")["body"]["data"]) == b"word"
        assert net.events("response")[0]["source"] == "live"
        assert net.events("start")[0]["mode"] == "live"
    finally:
        net.close()


def _serve_once(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    data = b""
    while not data.endswith(b"word"):
        data += connection.recv(4096)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nreal")
    connection.close()


def _of_host(line: dict[str, Any], host: str) -> bool:
    return bool(line["where"]["host"] == host)


def _streams(net: Running, host: str) -> list[dict[str, Any]]:
    return [line for line in net.events("stream") if line["where"]["host"] == host]


def _mentions(net: Running, port: int) -> bool:
    return any(line.get("where", {}).get("port") == port for line in net.events())


def _until(condition: Any, timeout_s: float = 10.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "not seen in time"
        threading.Event().wait(0.02)
