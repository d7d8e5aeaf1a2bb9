"""The device's Frida endpoint: a portal that every app process joins.

Clients speak to the control port as they would to frida-server (the device maps its port 27042
there); processes can be listed and attached to, `spawn` is not supported by a portal (frida.re,
`PortalService`). All calls into Frida block, so they run in threads. Both ports are on loopback and
chosen at start. App processes join with a secret; a client of another user of this machine is
dropped as soon as it has connected. Importing this module starts Frida's threads: never fork
afterwards.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import socket
from typing import Any

import frida

from harness.errors import LabError
from harness.virtual.adbd.owner import strangers

LOOPBACK = "127.0.0.1"
_ATTEMPTS = 5
_portal_service: Any = frida.PortalService  # its constructor is not typed
_JOIN_TIMEOUT_S = 60.0

log = logging.getLogger(__name__)


class FridaEndpoint:
    """One portal; `stop` never raises."""

    def __init__(self) -> None:
        self._portal: frida.PortalService | None = None
        self._cluster = ""
        self._port: int | None = None
        self._secret = secrets.token_hex(16)
        self._sessions: dict[int, tuple[frida.Session, frida.PortalMembership]] = {}

    @property
    def port(self) -> int | None:
        """The real port that clients are led to; None while there is no portal."""
        return self._port

    @property
    def cluster_port(self) -> int:
        """The port that app processes join at, once there is a portal."""
        return int(self._cluster.rpartition(":")[2])

    async def start(self) -> None:
        """Open the portal. Raises `LabError`."""
        await asyncio.to_thread(self._start)

    async def join(self, pid: int) -> None:
        """Let clients find a process. Raises `LabError` when Frida cannot attach to it."""
        try:
            await asyncio.wait_for(asyncio.to_thread(self._join, pid), _JOIN_TIMEOUT_S)
        except (frida.PermissionDeniedError, frida.NotSupportedError) as error:
            raise LabError(
                "Frida may not attach to the app process",
                where=f"pid {pid}",
                seen=str(error),
                action="allow ptrace: sudo sysctl kernel.yama.ptrace_scope=0, or in a container "
                "--cap-add=SYS_PTRACE",
            ) from error
        except (TimeoutError, *_FRIDA_ERRORS) as error:
            raise LabError(
                "Frida could not attach to the app process",
                where=f"pid {pid}",
                seen=f"{type(error).__name__}: {error}",
                action="stop the virtual device and start it again",
            ) from error

    def forget(self, pid: int) -> None:
        """The process has ended."""
        self._sessions.pop(pid, None)

    async def stop(self) -> None:
        self._port = None
        await asyncio.to_thread(self._stop)

    def _start(self) -> None:
        error: Exception | None = None
        for _ in range(_ATTEMPTS):
            cluster, control = _free_port(), _free_port()
            portal = _portal_service(
                frida.EndpointParameters(
                    address=LOOPBACK, port=cluster, authentication=("token", self._secret)
                ),
                frida.EndpointParameters(address=LOOPBACK, port=control),
            )
            portal.on("controller-connected", self._connected)
            try:
                portal.start()
            except frida.AddressInUseError as taken:
                error = taken
                continue
            self._portal, self._cluster = portal, f"{LOOPBACK}:{cluster}"
            self._port = control
            return
        raise LabError("no free port for the Frida endpoint", seen=str(error))

    def _connected(self, connection_id: int, _: object) -> None:
        """Frida's Python does not say from which port a client comes, so while a stranger is
        connected nobody else gets in either."""
        portal, port = self._portal, self._port
        if portal is None or port is None:
            return
        if users := strangers((LOOPBACK, port)):
            log.warning("refused a Frida client: users %s are connected", sorted(users))
            portal.kick(connection_id)

    def _join(self, pid: int) -> None:
        session = frida.attach(pid)
        membership = session.join_portal(self._cluster, token=self._secret)
        session.on("detached", lambda *_: self.forget(pid))
        self._sessions[pid] = (session, membership)

    def _stop(self) -> None:
        for session, _ in list(self._sessions.values()):
            with contextlib.suppress(*_FRIDA_ERRORS):
                session.detach()
        self._sessions.clear()
        if self._portal is not None:
            with contextlib.suppress(*_FRIDA_ERRORS):
                self._portal.stop()
            self._portal = None


_FRIDA_ERRORS = (
    frida.InvalidOperationError,
    frida.ProcessNotFoundError,
    frida.ProcessNotRespondingError,
    frida.TransportError,
    frida.ProtocolError,
    frida.ServerNotRunningError,
    frida.TimedOutError,
    frida.InvalidArgumentError,
)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
