"""What a browser may do; that the kernel keeps to it is in `test_containment`."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from harness.virtual.host.guard.policy import GO_ON, Peer
from harness.virtual.web.policy import BrowserPolicy

POLICY = BrowserPolicy({("127.0.0.1", 9000)}, Path("/cache/chromium/chromium"))


def test_peers() -> None:
    assert POLICY.connect(Peer("127.0.0.1", 9000), lambda port: False) is GO_ON
    assert POLICY.connect(None, lambda port: False) is GO_ON
    for host in ("127.0.0.1", "192.0.2.1", "::1"):
        refused = POLICY.connect(Peer(host, 80), lambda port: True)
        assert refused.error == errno.ENETUNREACH
        assert refused.attempt is not None, "even a server of its own is not for pages"


@pytest.mark.parametrize(
    ("program", "goes_on"),
    [
        ("/proc/self/exe", True),
        ("/cache/chromium/chromium", True),
        ("/cache/chromium/chrome_crashpad_handler", True),
        ("/bin/sh", False),
        ("/usr/bin/xdg-open", False),
    ],
)
def test_programs(program: str, goes_on: bool) -> None:
    decision = POLICY.execute(program, [program])
    assert (decision.error == 0) is goes_on
    assert decision.attempt is None
