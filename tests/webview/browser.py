"""A stand-in for a browser's DevTools, to inject faults; test_on_virtual has the real one."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, Request, TextMessage

Answers = Callable[[dict[str, Any]], dict[str, Any]]
"""A command -> `{"result": ...}` or `{"error": ...}`."""


def agrees(command: dict[str, Any]) -> dict[str, Any]:
    return {"result": {}}


class FakeBrowser:
    """One client at a time; `commands` is what it sent."""

    def __init__(self, answer: Answers = agrees, version: bytes | None = None) -> None:
        self.commands: list[dict[str, Any]] = []
        self._answer = answer
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        told = {"webSocketDebuggerUrl": f"ws://127.0.0.1:{self.port}/devtools/browser"}
        self._version = json.dumps(told).encode() if version is None else version
        self._peer: socket.socket | None = None
        self._ws = WSConnection(ConnectionType.SERVER)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def say(self, method: str, session: str = "", **params: Any) -> None:
        """Send an event."""
        self._send({"method": method, "params": params, "sessionId": session})

    def hang_up(self) -> None:
        assert self._peer is not None
        with suppress(OSError):
            self._peer.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        for each in (self._server, self._peer):
            if each is not None:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
                each.close()
        self._thread.join(10)

    def _send(self, message: dict[str, Any]) -> None:
        assert self._peer is not None
        self._peer.sendall(self._ws.send(TextMessage(data=json.dumps(message))))

    def _serve(self) -> None:
        with suppress(OSError):
            first, _ = self._server.accept()
            with first:
                first.recv(65536)
                head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(self._version)}\r\n\r\n"
                first.sendall(head.encode() + self._version)
            self._peer, _ = self._server.accept()
            while data := self._peer.recv(65536):
                self._ws.receive_data(data)
                for event in self._ws.events():
                    if isinstance(event, Request):
                        self._peer.sendall(self._ws.send(AcceptConnection()))
                    elif isinstance(event, TextMessage):
                        command = json.loads(event.data)
                        self.commands.append(command)
                        self._send({"id": command["id"], **self._answer(command)})
