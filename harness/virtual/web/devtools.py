"""`localabstract:webview_devtools_remote_<pid>`: a web view's devtools over adb, as on a phone.

Input: streams of adb. What is asked of `/json*` is answered in a phone's words; everything else,
the WebSockets above all, is carried byte for byte. Refused as a closed socket: processes without a
browser, and those that may not be debugged (Android opens it for debuggable apps and after
`WebView.setWebContentsDebuggingEnabled(true)`).
"""

from __future__ import annotations

import asyncio
import re

from harness.virtual.adbd.relay import LOOPBACK, join
from harness.virtual.adbd.service import Opener, Session, argument
from harness.virtual.adbd.stream import Stream
from harness.virtual.web.broker import Broker, Browsers
from harness.virtual.web.listing import MAX_HEAD_BYTES, Head, parse_head, reworded

SOCKET_PREFIX = "webview_devtools_remote_"
_NAME = re.compile(SOCKET_PREFIX + r"(\d+)")
_HEAD_END = b"\r\n\r\n"
_READ_BYTES = 256 * 1024
_ANSWER_TIMEOUT_S = 10.0


def local_abstract(browsers: Browsers) -> Opener:
    """The service `localabstract:NAME`."""

    async def opener(service: bytes) -> Session | None:
        match = _NAME.fullmatch(argument(service))
        broker = browsers.of(int(match[1])) if match else None
        if broker is None:
            return None
        try:
            port, path = await broker.endpoint()
            reader, writer = await asyncio.open_connection(LOOPBACK, port, limit=_READ_BYTES)
        except OSError:
            return None

        async def session(stream: Stream) -> None:
            await _serve(stream, reader, writer, broker, (port, path))

        return session

    return opener


def socket_lines(browsers: Browsers) -> bytes:
    """The sockets as lines of /proc/net/unix."""
    return b"".join(
        f"{0:016x}: 00000002 00000000 00010000 0001 01 {pid} @{SOCKET_PREFIX}{pid}\n".encode()
        for pid in browsers.open_pids()
    )


async def _serve(
    stream: Stream,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    broker: Broker,
    endpoint: tuple[int, str],
) -> None:
    port, path = endpoint
    try:
        while True:
            raw, rest = await _head(stream)
            if not raw:
                return
            head = parse_head(raw)
            writer.write(head.bytes_for(port, path) + rest)
            await writer.drain()
            if not head.is_json:
                await join(stream, reader, writer)
                return
            answer = await asyncio.wait_for(_answer(reader, head, broker, port), _ANSWER_TIMEOUT_S)
            await stream.write(answer)
    except (ValueError, ConnectionError, TimeoutError, asyncio.IncompleteReadError):
        return
    finally:
        writer.close()


async def _head(stream: Stream) -> tuple[bytes, bytes]:
    """The head of the next request without its empty line, and what came behind; empty: none."""
    collected = b""
    while _HEAD_END not in collected:
        data = await stream.read()
        if not data or len(collected) > MAX_HEAD_BYTES:
            return b"", b""
        collected += data
    raw, _, rest = collected.partition(_HEAD_END)
    return raw, rest


async def _answer(reader: asyncio.StreamReader, head: Head, broker: Broker, port: int) -> bytes:
    """Chromium's answer, whose length it always says, reworded."""
    raw = (await reader.readuntil(_HEAD_END)).decode("latin-1")
    status, *lines = raw.removesuffix("\r\n\r\n").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    body = reworded(head, body, port, broker.package, broker.views)
    kind = headers.get("content-type", "application/json; charset=UTF-8")
    made = f"{status}\r\nContent-Length: {len(body)}\r\nContent-Type: {kind}\r\n\r\n"
    return made.encode("latin-1") + body
