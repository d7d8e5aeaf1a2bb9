"""The kernel's side of containment: what the app process asks of the network is decided here.

The Java side leads every Java socket to the proxy and refuses the rest. What does not pass through
it (native libraries, reflection into the JDK, programs that the app starts) is held by a seccomp
filter: the process is started with it, all its children inherit it, and nobody can take it off.
System calls that name a peer wait for the supervisor's answer; everything else runs at full speed.
"""

from __future__ import annotations

from harness.virtual.host.guard.policy import Attempted, Policy
from harness.virtual.host.guard.supervisor import Supervisor

__all__ = ["Attempted", "Policy", "Supervisor"]
