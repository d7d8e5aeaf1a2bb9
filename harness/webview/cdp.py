"""One connection to a browser's DevTools: calls, answers, events of all its pages.

Input: a TCP port that leads to the DevTools socket of an app. Output: `Connection`: commands are
sent, their answers and all events go to callbacks on a thread of its own, in the order in which the
browser sent them. Flat sessions (https://chromedevtools.github.io/devtools-protocol). Refuses
(LabError) a port behind which no DevTools answer. WebSockets by `wsproto`.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from typing import Any

from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Ping,
    RejectConnection,
    Request,
    TextMessage,
)
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

from harness.errors import LabError

HOST = "127.0.0.1"
CONNECT_TIMEOUT_S = 10.0
READ_BYTES = 1 << 18

NOT_UNDERSTOOD = (ValueError, LookupError, TypeError, AttributeError)
"""What a message of another shape than the protocol's turns into."""

Fields = Mapping[str, Any]
OnEvent = Callable[[str, str, Fields], None]
"""Session (empty: the browser itself), method, parameters."""
OnAnswer = Callable[[Fields, Fields], None]
"""Result, error; one of them is empty."""


class Connection:
    """See the module's docstring. `closed` says why it ended, empty while it lives."""

    def __init__(self, port: int, on_event: OnEvent) -> None:
        self._on_event = on_event
        self._answers: dict[int, OnAnswer] = {}
        self._last_id = 0
        self._lock = threading.Lock()
        self._text = ""
        self.closed = ""
        where = f"{HOST}:{port}"
        try:
            path = _browser_path(port)
            self._socket = socket.create_connection((HOST, port), timeout=CONNECT_TIMEOUT_S)
            self._ws = WSConnection(ConnectionType.CLIENT)
            self._socket.sendall(self._ws.send(Request(host=where, target=path)))
            self._accept()
        except (OSError, ValueError, HTTPException, RemoteProtocolError) as error:
            raise LabError(
                "the web view's DevTools do not answer", where=where, seen=str(error)
            ) from error
        self._socket.settimeout(None)
        self._thread = threading.Thread(target=self._read, name="devtools", daemon=True)

    def start(self) -> None:
        """Begin to deliver; separate from the constructor, so that callbacks may use the object."""
        self._thread.start()

    def send(
        self,
        method: str,
        params: Fields | None = None,
        session: str = "",
        then: OnAnswer | None = None,
    ) -> None:
        """Send a command; `then` gets its answer. A connection that has ended takes none."""
        with self._lock:
            self._last_id += 1
            message: dict[str, Any] = {"id": self._last_id, "method": method}
            message |= {"params": dict(params)} if params else {}
            message |= {"sessionId": session} if session else {}
            if then is not None:
                self._answers[self._last_id] = then
            try:
                self._socket.sendall(self._ws.send(TextMessage(data=json.dumps(message))))
            except (OSError, LocalProtocolError) as error:
                self.closed = self.closed or str(error)

    def close(self) -> None:
        """End it; never raises."""
        self.closed = self.closed or "closed"
        self._hang_up()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(CONNECT_TIMEOUT_S)
        self._socket.close()

    def _hang_up(self) -> None:
        with suppress(OSError):  # it may have ended by itself
            self._socket.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            data = self._socket.recv(READ_BYTES)
            self._ws.receive_data(data or None)
            for event in self._ws.events():
                if isinstance(event, AcceptConnection):
                    return
                if isinstance(event, RejectConnection | CloseConnection):
                    raise ValueError(f"the WebSocket was refused: {event!r}")
            if not data:
                raise ValueError("the socket was closed")

    def _read(self) -> None:
        try:
            while data := self._socket.recv(READ_BYTES):
                self._ws.receive_data(data)
                self._take_events()
            self.closed = self.closed or "the browser hung up"
        except (OSError, RemoteProtocolError, *NOT_UNDERSTOOD) as error:
            self.closed = self.closed or f"{type(error).__name__}: {error}"
        finally:  # whatever it was: nothing is heard any more, so no page may wait for us
            self.closed = self.closed or "it failed"
            self._hang_up()

    def _take_events(self) -> None:
        for event in self._ws.events():
            if isinstance(event, TextMessage):
                self._text += event.data
                if event.message_finished:
                    text, self._text = self._text, ""
                    self._deliver(json.loads(text))
            elif isinstance(event, Ping):
                with self._lock:
                    self._socket.sendall(self._ws.send(event.response()))
            elif isinstance(event, CloseConnection | BytesMessage):
                self.closed = self.closed or f"the browser ended it ({type(event).__name__})"

    def _deliver(self, message: Fields) -> None:
        if "id" in message:
            then = self._answers.pop(message["id"], None)
            if then is not None:
                then(message.get("result", {}), message.get("error", {}))
        else:
            session = message.get("sessionId", "")
            self._on_event(session, message["method"], message.get("params", {}))


def _browser_path(port: int) -> str:
    """The path of the browser's own WebSocket; a web view's has no secret in it."""
    link = HTTPConnection(HOST, port, timeout=CONNECT_TIMEOUT_S)
    try:
        link.request("GET", "/json/version", headers={"Host": f"{HOST}:{port}"})
        url: str = json.loads(link.getresponse().read())["webSocketDebuggerUrl"]
    except KeyError as error:
        raise ValueError("no webSocketDebuggerUrl in /json/version") from error
    finally:
        link.close()
    return "/" + url.split("://", 1)[-1].partition("/")[2]
