"""The virtual internet on an event loop of its own, for tests that are not asynchronous."""

from __future__ import annotations

import asyncio
import http.client
import json
import ssl
import threading
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any, TypeVar

from harness.virtual.host.model import NetworkSettings
from harness.virtual.internet import Internet
from tests.virtual.internet import socks

T = TypeVar("T")


class Running:
    """One virtual internet with clients that reach it as an app does."""

    def __init__(self, folder: Path, dirs: Sequence[Path], *, live: bool = False) -> None:
        self.record = folder / "witness.jsonl"
        self.internet = Internet(dirs, self.record, folder / "ca", live=live)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        try:
            self.settings: NetworkSettings = self.wait(self.internet.start())
        except BaseException:
            self._end_loop()
            raise

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def close(self) -> None:
        self.wait(self.internet.stop())
        self._end_loop()

    def _end_loop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def tls(self, host: str, port: int = 443, alpn: str = "http/1.1") -> ssl.SSLSocket:
        context = ssl.create_default_context(cafile=str(self.internet.ca_pem))
        context.set_alpn_protocols([alpn])
        plain = socks.connect(self.settings.socks_port, host, port)
        return context.wrap_socket(plain, server_hostname=host)

    def ask(
        self,
        method: str,
        url_host: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        *,
        tls: bool = True,
        port: int = 0,
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """One request with its whole response."""
        client = http.client.HTTPConnection(url_host, port or (443 if tls else 80))
        if tls:
            client.sock = self.tls(url_host, port or 443)
        else:
            client.sock = socks.connect(self.settings.socks_port, url_host, port or 80)
        try:
            client.request(method, path, body, headers or {})
            response = client.getresponse()
            return response, response.read()
        finally:
            client.close()

    def events(self, kind: str = "") -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in self.record.read_text("utf-8").splitlines()]
        return [line for line in lines if kind in ("", line["event"])]
