from __future__ import annotations

from collections.abc import Iterator

import pytest

from harness.device.server import PrivateServer, start_blind


@pytest.fixture(scope="session", autouse=True)
def runtime_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keys, leases and state files of these tests stay among themselves."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        yield


@pytest.fixture(scope="module")
def adb_server() -> Iterator[PrivateServer]:
    """The real adb server on a private port."""
    server = start_blind()
    yield server
    server.close()
