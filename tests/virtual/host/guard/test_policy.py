"""The rules of containment; that the kernel keeps to them is in `tests/virtual/containment`."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from harness.virtual.host.guard.policy import GO_ON, TO_LOOPBACK, Peer, Policy

POLICY = Policy({("127.0.0.1", 9000)}, Path("/jdk/bin/java"))


def nothing_listens(port: int) -> bool:
    return False


def test_peers() -> None:
    assert POLICY.connect(Peer("127.0.0.1", 9000), nothing_listens) is GO_ON
    assert POLICY.connect(None, nothing_listens) is GO_ON, "no internet address"
    assert POLICY.connect(Peer("127.0.0.1", 80), lambda port: port == 80) is GO_ON, "own server"
    for host in ("127.0.0.1", "127.0.0.2", "192.0.2.1", "2001:db8::1", "0.0.0.0"):
        refused = POLICY.connect(Peer(host, 80), nothing_listens)
        assert refused.error == errno.ENETUNREACH
        assert refused.attempt is not None
        assert host in refused.attempt.target


def test_servers() -> None:
    assert POLICY.bind(Peer("127.0.0.1", 0)) is GO_ON
    assert POLICY.bind(None) is GO_ON
    assert POLICY.bind(Peer("0.0.0.0", 0)) is TO_LOOPBACK
    assert POLICY.bind(Peer("::", 0)) is TO_LOOPBACK
    assert POLICY.bind(Peer("192.0.2.1", 0)).error == errno.EADDRNOTAVAIL


@pytest.mark.parametrize(
    ("program", "goes_on", "recorded"),
    [
        ("/jdk/bin/java", True, False),
        ("/jdk/lib/jspawnhelper", True, False),
        ("/tmp/jspawnhelper", False, False),
        ("/usr/bin/curl", False, True),
        ("/system/xbin/su", False, False),
    ],
)
def test_programs(program: str, goes_on: bool, recorded: bool) -> None:
    decision = POLICY.execute(program, [program])
    assert (decision.error == 0) is goes_on
    assert (decision.attempt is not None) is recorded


def test_a_shell_that_starts_a_network_program() -> None:
    decision = POLICY.execute("/bin/sh", ["sh", "-c", "ping -c 1 192.0.2.1"])
    assert decision.attempt is not None
    assert decision.attempt.target == "sh -c ping -c 1 192.0.2.1"


def test_addresses_are_printed_with_their_port() -> None:
    assert (str(Peer("192.0.2.1", 53)), str(Peer("::1", 53))) == ("192.0.2.1:53", "[::1]:53")
