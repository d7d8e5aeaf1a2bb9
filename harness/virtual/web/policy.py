"""What the browser may do with the network, and which programs it may start.

Pure. It reaches the device's proxy and nothing else; datagrams do not exist for it (the filter
refuses the sockets), so neither QUIC nor WebRTC nor a look-up leaves. It starts itself, again and
again, and what lies beside it (the handler of its crashes); nothing else of this machine.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.virtual.host.guard.policy import GO_ON, Attempted, Decision, Peer, Policy

_ITSELF = "/proc/self/exe"


@dataclass(frozen=True, slots=True)
class BrowserPolicy(Policy):
    """The rules for one browser; `java` is the browser's program."""

    def connect(self, peer: Peer | None, is_own: Callable[[int], bool]) -> Decision:
        if peer is None or (peer.host, peer.port) in self.peers:
            return GO_ON
        return Decision(errno.ENETUNREACH, attempt=Attempted("connect", str(peer)))

    def execute(self, program: str, words: Sequence[str]) -> Decision:
        if program == _ITSELF or Path(program).parent == self.java.parent:
            return GO_ON
        return Decision(errno.ENOENT)
