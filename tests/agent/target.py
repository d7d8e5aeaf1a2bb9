"""The target program as a process: started, spoken to, ended."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from harness.virtual.toolchain import artifacts, compile_java, java

SOURCES = Path(__file__).with_name("java")
_OF_FRIDA = "[GLib"
"""What Frida's agent writes into a process that joins a portal, on our channel (17.26.2)."""


class Target:
    """`tell` sends one command and gives the answer, `ok ...` or `threw ...`."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def _out(self) -> IO[str]:
        assert self.process.stdout is not None
        return self.process.stdout

    def tell(self, name: str, url: str = "-", rest: str = "") -> str:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{name} {url} {rest}\n")
        self.process.stdin.flush()
        while (answer := self._out.readline()).startswith(_OF_FRIDA):
            pass
        return answer.strip()


@contextmanager
def running(okhttp: str, *options: str, more: Sequence[Path] = ()) -> Iterator[Target]:
    """A JVM with the target program and this OkHttp (`okhttp-3`, `okhttp-4`, `okhttp-5`).

    `more`: further jars on its class path.
    """
    classpath = (*artifacts(okhttp), *more)
    jar = compile_java([SOURCES], classpath, release="17", name="target")
    argv = [java(), *options, "-cp", ":".join(map(str, (jar, *classpath)))]
    process = subprocess.Popen(
        [*map(str, argv), "org.example.target.Target"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    target = Target(process)
    try:
        assert target._out.readline().strip() == "ready"
        yield target
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            assert stream is not None
            stream.close()
