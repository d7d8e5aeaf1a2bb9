"""Local servers for the target program: HTTP, HTTPS, clear HTTP/2, WebSocket, raw bytes."""

from __future__ import annotations

import datetime
import ipaddress
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import h2.config
import h2.connection
import h2.events
import wsproto
import wsproto.events
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

FAR_S = 0.01
"""What a quick server in the same country takes."""


class Quiet(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients of these tests go away without a word."""


class Echo(BaseHTTPRequestHandler):
    """Answers with the number of body bytes; `/drop` closes the connection instead."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # otherwise the client's delayed ACK costs 40 ms a request

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") == "chunked":
            data = b""
            while size := int(self.rfile.readline(), 16):
                data += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return data
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def do_GET(self) -> None:
        size = len(self._body())
        if self.path.startswith("/far"):
            time.sleep(FAR_S)
        if self.path.startswith("/drop"):
            self.close_connection = True
            return
        answer = f"{size} bytes".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_POST = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Be silent."""


class Http2(socketserver.BaseRequestHandler):
    """Answers each stream with 200 when it has ended."""

    def handle(self) -> None:
        connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        connection.initiate_connection()
        self.request.sendall(connection.data_to_send())
        while data := self.request.recv(65_536):
            for event in connection.receive_data(data):
                if isinstance(event, h2.events.DataReceived):
                    connection.acknowledge_received_data(
                        event.flow_controlled_length, event.stream_id
                    )
                elif isinstance(event, h2.events.StreamEnded):
                    connection.send_headers(event.stream_id, [(":status", "200")])
                    connection.send_data(event.stream_id, b"two", end_stream=True)
            self.request.sendall(connection.data_to_send())


class Chat(socketserver.BaseRequestHandler):
    """Accepts a WebSocket and closes it when the client does."""

    def handle(self) -> None:
        connection = wsproto.WSConnection(wsproto.ConnectionType.SERVER)
        while data := self.request.recv(65_536):
            connection.receive_data(data)
            for event in connection.events():
                if isinstance(event, wsproto.events.Request):
                    self.request.sendall(connection.send(wsproto.events.AcceptConnection()))
                elif isinstance(event, wsproto.events.CloseConnection):
                    self.request.sendall(connection.send(event.response()))
                    return


class Raw(socketserver.BaseRequestHandler):
    """Reads something, answers one byte."""

    def handle(self) -> None:
        if self.request.recv(65_536):
            self.request.sendall(b"!")


class _Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients of these tests go away without a word."""


@contextmanager
def serving(server: socketserver.BaseServer, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """Serve until the end of the block; gives the port."""
    if tls is not None:
        assert isinstance(server, socketserver.TCPServer)
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]  # type: ignore[index]  # an address of a TCP server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def http() -> Quiet:
    return Quiet(("127.0.0.1", 0), Echo)


def tcp(handler: Callable[..., socketserver.BaseRequestHandler]) -> _Tcp:
    return _Tcp(("127.0.0.1", 0), handler)


def certificate(folder: Path) -> ssl.SSLContext:
    """A server's context with a certificate for localhost, made now."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    local = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost"), local]), False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
