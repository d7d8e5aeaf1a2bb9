"""The kernel holds whatever runs as an app process: here a script in the place of Java.

The peers are real sockets of this test; the script uses the system calls that native code would.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.virtual.host import AppProcess, Attempt, Exited, HostRuntime, NetworkSettings

OUTSIDE = "127.0.0.2"
"""A second loopback address, as a stand-in for the rest of the world."""


@dataclass
class World:
    """The proxy, and somebody whom nothing may reach."""

    proxy: socket.socket
    tcp: socket.socket
    udp: socket.socket

    @property
    def port(self) -> int:
        return int(self.tcp.getsockname()[1])

    def untouched(self) -> bool:
        for listener in (self.tcp, self.udp):
            listener.setblocking(False)
        with pytest.raises(BlockingIOError):
            self.tcp.accept()
        with pytest.raises(BlockingIOError):
            self.udp.recv(16)
        return True


@pytest.fixture
def world() -> Iterator[World]:
    with (
        socket.create_server(("127.0.0.1", 0)) as proxy,
        socket.create_server((OUTSIDE, 0)) as tcp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
    ):
        udp.bind(tcp.getsockname())
        yield World(proxy, tcp, udp)


PROLOGUE = f"""#!{sys.executable}
import array, ctypes, errno, os, socket, subprocess, sys
outside = ({OUTSIDE!r}, PORT)
proxy = ("127.0.0.1", PROXY)
tcp = lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM)
udp = lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
"""

EPILOGUE = """
try:
    went()
except OSError as error:
    said = errno.errorcode[error.errno]
else:
    said = "went"
with open(RESULT, "w") as file:
    file.write(said)
"""


def outcome(world: World, folder: Path, script: str) -> tuple[str, list[Attempt]]:
    """What became of `def went():`, and what the guard reported."""
    result = folder / "result"
    text = PROLOGUE.replace("PORT", str(world.port))
    text = text.replace("PROXY", str(world.proxy.getsockname()[1]))
    java = folder / "java"
    java.write_text(text + script + EPILOGUE.replace("RESULT", repr(str(result))))
    java.chmod(0o755)
    runtime = HostRuntime(java, (), Path("/android"), Path("/warmup"), Path("/natives"))
    network = NetworkSettings(world.proxy.getsockname()[1], Path("/store"))

    async def main() -> tuple[str, list[Attempt]]:
        process = await AppProcess.spawn(runtime, network, folder)
        events = [event async for event in process.events()]
        assert isinstance(events[-1], Exited)
        assert process.unguarded == ""
        attempts = [event for event in events if isinstance(event, Attempt)]
        return result.read_text(), attempts

    return asyncio.run(asyncio.wait_for(main(), 30))


WAYS_OUT = {
    "connect": ("tcp().connect(outside)", "ENETUNREACH", "connect"),
    "connect6": (
        "socket.socket(socket.AF_INET6).connect(('::ffff:127.0.0.2', outside[1]))",
        "ENETUNREACH",
        "connect",
    ),
    "ipv6": (
        "socket.socket(socket.AF_INET6).connect(('::1', outside[1]))",
        "ENETUNREACH",
        "connect",
    ),
    "udp6": (
        "socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).sendto(b'x', ('::1', outside[1]))",
        "ENETUNREACH",
        "datagram",
    ),
    "fast open": ("tcp().sendto(b'x', socket.MSG_FASTOPEN, outside)", "ENETUNREACH", "datagram"),
    "udp connect": ("udp().connect(outside)", "ENETUNREACH", "connect"),
    "sendto": ("udp().sendto(b'x', outside)", "ENETUNREACH", "datagram"),
    "sendmsg": ("udp().sendmsg([b'x'], [], 0, outside)", "ENETUNREACH", "datagram"),
    "multicast": ("udp().sendto(b'x', ('224.0.0.251', 5353))", "ENETUNREACH", "datagram"),
    "raw": (
        "socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)",
        "EACCES",
        "raw-socket",
    ),
    "packet": ("socket.socket(17, socket.SOCK_RAW)", "EACCES", "raw-socket"),
    "io_uring": (
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "    if libc.syscall(425, 1, ctypes.create_string_buffer(256)) < 0:\n"
        "        raise OSError(ctypes.get_errno(), '')",
        "ENOSYS",
        "",
    ),
}


@pytest.mark.parametrize("way", WAYS_OUT)
def test_no_system_call_reaches_a_peer(world: World, tmp_path: Path, way: str) -> None:
    statement, error, kind = WAYS_OUT[way]
    said, attempts = outcome(world, tmp_path, f"def went():\n    {statement}\n")
    assert said == error
    assert [attempt.kind for attempt in attempts] == ([kind] if kind else [])
    assert world.untouched()


def test_many_messages_in_one_call(world: World, tmp_path: Path) -> None:
    """sendmmsg(2): the second message has the peer."""
    script = """
def went():
    libc = ctypes.CDLL(None, use_errno=True)
    name = ctypes.create_string_buffer(
        b"\\x02\\0" + outside[1].to_bytes(2, "big") + socket.inet_aton(outside[0]) + bytes(8))
    word = ctypes.create_string_buffer(b"x")
    part = (ctypes.c_uint64 * 2)(ctypes.addressof(word), 1)
    one = [ctypes.addressof(name), 16, ctypes.addressof(part), 1, 0, 0, 0, 0]
    none = [0, 0, *one[2:]]
    messages = (ctypes.c_uint64 * 16)(*none, *one)
    if libc.syscall(307, udp().fileno(), messages, 2, 0) < 0:
        raise OSError(ctypes.get_errno(), "")
"""
    said, attempts = outcome(world, tmp_path, script)
    assert said == "ENETUNREACH"
    assert [(one.kind, one.target) for one in attempts] == [("datagram", f"{OUTSIDE}:{world.port}")]
    assert world.untouched()


def test_the_proxy_can_be_reached(world: World, tmp_path: Path) -> None:
    script = (
        "def went():\n    with tcp() as s:\n        s.connect(proxy)\n        s.send(b'word')\n"
    )
    said, attempts = outcome(world, tmp_path, script)
    assert (said, attempts) == ("went", [])
    world.proxy.settimeout(10)
    client, _ = world.proxy.accept()
    with client:
        assert client.recv(16) == b"word"


def test_a_process_may_talk_to_itself(world: World, tmp_path: Path) -> None:
    script = """
def went():
    server = socket.create_server(("127.0.0.1", 0))
    tcp().connect(server.getsockname())
    one, other = socket.socketpair()
    one.sendmsg([b"x"])
"""
    assert outcome(world, tmp_path, script) == ("went", [])


def test_servers_listen_on_loopback(world: World, tmp_path: Path) -> None:
    script = """
def went():
    for family, wildcard, own in ((socket.AF_INET, "0.0.0.0", "127.0.0.1"),
                                  (socket.AF_INET6, "::", "::1")):
        with socket.create_server((wildcard, 0), family=family) as server:
            assert server.getsockname()[0] == own, server.getsockname()
    tcp().bind(("192.0.2.1", 0))
"""
    assert outcome(world, tmp_path, script) == ("EADDRNOTAVAIL", [])


@pytest.mark.parametrize(
    ("argv", "recorded"), [(["curl", f"http://{OUTSIDE}/"], True), (["ls", "/"], False)]
)
def test_programs_are_not_there(
    world: World, tmp_path: Path, argv: list[str], recorded: bool
) -> None:
    said, attempts = outcome(world, tmp_path, f"def went():\n    subprocess.run({argv!r})\n")
    assert said == "ENOENT"
    wanted = [Attempt("exec", " ".join(argv), "")] if recorded else []
    assert attempts == wanted


def test_children_are_held_too(world: World, tmp_path: Path) -> None:
    script = """
def went():
    if os.fork() == 0:
        os._exit(tcp().connect_ex(outside))
    assert os.waitstatus_to_exitcode(os.wait()[1]) == errno.ENETUNREACH
"""
    said, attempts = outcome(world, tmp_path, script)
    assert said == "went"
    assert [attempt.kind for attempt in attempts] == ["connect"]
    assert world.untouched()
