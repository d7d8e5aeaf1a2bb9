"""The user behind a connection: real sockets, and the kernel's table as recorded."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from harness.virtual.adbd.owner import may_connect, owner, strangers
from tests.virtual.adbd.wire import RawHost
from tests.virtual.conftest import DeviceThread
from tests.virtual.fakes.somebody import NOBODY, needs_root, somebody

TABLE = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:15B3 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 35 1 0
   1: 0100007F:C350 0100007F:15B3 01 00000000:00000000 00:00000000 00000000  1001        0 36 1 0
   2: 0100007F:15B3 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 37 1 0
"""
TABLE6 = """\
  sl  local_address                         remote_address                        st
   0: 0000000000000000FFFF00000100007F:C351 0000000000000000FFFF00000100007F:15B3 01 0:0 0:0 0 1002
"""


def test_a_connection_of_our_own() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        assert owner(client.getsockname(), server.getsockname()) == os.getuid()
        assert may_connect(client.getsockname(), server.getsockname())


@needs_root
def test_a_connection_of_somebody_else() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        ours = server.getsockname()
        line = f"s = socket.create_connection({ours!r}); sys.stdin.read()"
        with somebody(line) as other:
            server.settimeout(20)
            connection, peer = server.accept()
            with connection:
                assert owner(peer, ours) == NOBODY
                assert not may_connect(peer, ours)
                assert strangers(ours) == {NOBODY}
            other.communicate()
        assert strangers(ours) == set()


@needs_root
def test_adbd_closes_a_connection_of_somebody_else(fake_device: DeviceThread) -> None:
    line = f"s = socket.create_connection(('127.0.0.1', {fake_device.port})); print(s.recv(1))"
    with somebody(line) as other:
        assert other.communicate(timeout=20)[0] == "b''\n"
    host = RawHost(fake_device.port)
    assert host.run("shell:echo we") == b"we\n"
    host.close()


def test_the_kernels_table(tmp_path: Path) -> None:
    tables = tmp_path / "tcp", tmp_path / "tcp6", tmp_path / "none"
    tables[0].write_text(TABLE)
    tables[1].write_text(TABLE6)
    ours = ("127.0.0.1", 5555)
    assert owner(("127.0.0.1", 50000), ours, tables) == 1001
    assert owner(("127.0.0.1", 50001), ours, tables) == 1002
    assert owner(("127.0.0.1", 50002), ours, tables) is None
    assert not may_connect(("127.0.0.1", 50001), ours, tables)
    assert {1001, 1002} >= strangers(ours, tables) >= {1001, 1002} - {os.getuid()}
    assert may_connect(("127.0.0.1", 50002), ours, tables), "nobody is told: nobody is refused"
