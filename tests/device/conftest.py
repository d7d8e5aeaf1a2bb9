from __future__ import annotations

from collections.abc import Iterator

import pytest

from harness.device.server import PrivateServer, start_blind


@pytest.fixture(scope="module")
def adb_server() -> Iterator[PrivateServer]:
    """The real adb server on a private port."""
    server = start_blind()
    yield server
    server.close()
