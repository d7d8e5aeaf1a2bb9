"""The process in which the virtual internet runs: `python -m harness.virtual.internet.child JSON`.

Input: one JSON argument (`confdir`, `record`, `control`, `dirs`, `live`); commands on a Unix
socket. Output: one JSON line on stdout, `{"port": n}` or `{"error": {...}}`, once it is decided. It
ends when its standard input closes, so it never outlives the process that started it. mitmproxy is
started with the few addons that this needs, since its full set takes seconds to import.

A command is one JSON line on the control socket, `{"dirs": [...], "live": false}`; the answer is
`{"ok": true}` or `{"error": {"what", "where", ...}}`, sent once the switch is in force.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from mitmproxy import options
from mitmproxy.addons import core, disable_h2c, next_layer, proxyserver, tlsconfig
from mitmproxy.master import Master

from harness.errors import HarnessError
from harness.virtual.internet.record import VERSION, Recorder
from harness.virtual.internet.sink import WebSocketSink
from harness.virtual.internet.witness import Policy, RefusalLog, Witness

MAX_COMMAND_BYTES = 65_536


def error_fields(error: HarnessError) -> dict[str, Any]:
    """An error as it travels to the process that asked."""
    names = ("what", "where", "seen", "expected", "action")
    return {"error": {name: getattr(error, name) for name in names}}


class _Control:
    """Answers commands on the Unix socket."""

    def __init__(self, policy: Policy, recorder: Recorder) -> None:
        self._policy = policy
        self._recorder = recorder

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            line = await reader.readline()
            writer.write(json.dumps(self._obey(line)).encode() + b"\n")
            await writer.drain()
        except (ConnectionError, ValueError):
            return  # whoever asked is gone, or sent a line without end
        finally:
            writer.close()

    def _obey(self, line: bytes) -> dict[str, Any]:
        try:
            wanted = json.loads(line)
            dirs, live = [str(name) for name in wanted["dirs"]], bool(wanted["live"])
        except (ValueError, KeyError, TypeError) as error:
            return {"error": {"what": f"not a command: {error}"}}
        try:
            self._policy.switch(dirs, live)
        except HarnessError as error:
            return error_fields(error)
        self._recorder.write("answers", time.time(), dirs=dirs, mode=self._policy.mode)
        return {"ok": True}


def _options(confdir: str) -> options.Options:
    return options.Options(mode=["socks5@127.0.0.1:0"], confdir=confdir)


async def _run(settings: dict[str, Any]) -> None:
    policy = Policy()
    policy.switch(settings["dirs"], settings["live"])
    loop = asyncio.get_running_loop()
    with Recorder(Path(settings["record"])) as recorder:
        sink = WebSocketSink()
        await sink.start()
        master = Master(_options(settings["confdir"]), loop)
        master.addons.add(
            core.Core(),
            disable_h2c.DisableH2C(),
            server := proxyserver.Proxyserver(),
            next_layer.NextLayer(),
            Witness(recorder, policy, sink),
            tlsconfig.TlsConfig(),
        )
        master.options.update(connection_strategy="lazy")
        _listen_to_log(recorder)
        recorder.write("start", time.time(), version=VERSION, mode=policy.mode)
        control = _Control(policy, recorder)
        path = Path(settings["control"])
        os.chdir(path.parent)  # a Unix socket's path must be short
        path.unlink(missing_ok=True)
        listener = await asyncio.start_unix_server(
            control.serve, path.name, limit=MAX_COMMAND_BYTES
        )
        path.chmod(0o600)
        loop.add_signal_handler(signal.SIGTERM, master.shutdown)
        loop.add_signal_handler(signal.SIGINT, lambda: None)  # the parent decides when we end
        ending = asyncio.create_task(_end_with_parent(master))
        announcing = asyncio.create_task(_announce(server))
        try:
            await master.run()
        finally:
            announcing.cancel()
            ending.cancel()
            listener.close()
            sink.stop()
            path.unlink(missing_ok=True)


def _listen_to_log(recorder: Recorder) -> None:
    """Refusals are said at level INFO; warnings go on to standard error, which is a file."""
    proxy_log = logging.getLogger("mitmproxy")
    proxy_log.setLevel(logging.INFO)
    proxy_log.addHandler(RefusalLog(recorder))
    warnings = logging.StreamHandler()
    warnings.setLevel(logging.WARNING)
    proxy_log.addHandler(warnings)


async def _announce(server: proxyserver.Proxyserver) -> None:
    while not server.listen_addrs():
        await asyncio.sleep(0.01)
    _say({"port": server.listen_addrs()[0][1]})


async def _end_with_parent(master: Master) -> None:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    await reader.read()
    master.shutdown()


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def main() -> int:
    try:
        asyncio.run(_run(json.loads(sys.argv[1])))
    except HarnessError as error:
        _say(error_fields(error))
        return 1
    except OSError as error:
        _say({"error": {"what": f"the virtual internet cannot start: {error}"}})
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
