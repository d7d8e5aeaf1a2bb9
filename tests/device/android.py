"""A small Android to start apps on: processes, the debugger gate, permissions, focus, a log.

It answers the commands that starting an app takes, with Android 14's texts. `AndroidAdb` stands for
an `Adb`; a forward to `jdwp:PID` leads to a real socket that speaks the handshake.
"""

from __future__ import annotations

import shlex
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

from harness.device.adb import Command
from tests.device.scripted import Output, TableAdb

PACKAGE = "org.example.clinic"
HANDSHAKE = b"JDWP-Handshake"
REQUESTED = ("android.permission.INTERNET", "android.permission.CAMERA")


class AndroidAdb(TableAdb):
    """Faults: `crashes` at its start, `hidden` never shows a window, `debuggable` False."""

    def __init__(self, *, debuggable: bool = True, crashes: bool = False, hidden: bool = False):
        super().__init__({})
        self.server = SimpleNamespace(port=1)
        self.debuggable, self.crashes, self.hidden = debuggable, crashes, hidden
        self.pid: int | None = None
        self.waiting = False
        self.released = threading.Event()
        self.granted: set[str] = set()
        self.log = ""
        self._next_pid = 1000

    def shell_bytes(self, command: Command, timeout_s: float = 0) -> tuple[bytes, str, int]:
        line = command if isinstance(command, str) else shlex.join(command)
        self.ran.append(line)
        out, err, code = self._answer(line.split())
        return (out.encode() if isinstance(out, str) else out), err, code

    def _answer(self, words: list[str]) -> Output:
        match words:
            case ["getprop", *_]:
                return "[ro.build.version.sdk]: [34]\n[ro.product.model]: [Small]\n", "", 0
            case ["pm", "path", package]:
                return (
                    (f"package:/data/app/{package}/base.apk\n", "", 0)
                    if self._is(package)
                    else ("", "", 1)
                )
            case ["dumpsys", "package", _]:
                return self._package(), "", 0
            case ["sha256sum", _]:
                return "a" * 64 + "  base.apk\n", "", 0
            case ["pm", "clear", _]:
                self.granted.clear()
                return "Success\n", "", 0
            case ["pm", "grant", _, permission]:
                return self._grant(permission)
            case ["pm", "revoke", _, permission]:
                self.granted.discard(permission)
                return "", "", 0
            case ["am", "force-stop", _]:
                self.pid, self.waiting = None, False
                return "", "", 0
            case ["cmd", "package", "resolve-activity", *_]:
                return f"priority=0\n{PACKAGE}/.Search\n", "", 0
            case ["am", "start", *rest]:
                return self.start(debug="-D" in rest)
            case ["pidof", _]:
                return (f"{self.pid}\n", "", 0) if self.pid else ("", "", 1)
            case ["dumpsys", "window", *_]:
                return self._focus(), "", 0
            case ["date", *_]:
                return "1700000000.5\n", "", 0
            case ["logcat", *_]:
                return self.log, "", 0
        return "", f"sh: {words[0]}: inaccessible or not found", 127

    @staticmethod
    def _is(package: str) -> bool:
        return package == PACKAGE

    def _package(self) -> str:
        requested = "".join(f"      {name}\n" for name in REQUESTED)
        flags = "DEBUGGABLE HAS_CODE" if self.debuggable else "HAS_CODE"
        return (
            f"Packages:\n  Package [{PACKAGE}] (1):\n    versionCode=7 minSdk=26\n"
            f"    versionName=1.0\n    flags=[ {flags} ]\n    requested permissions:\n{requested}"
        )

    def _grant(self, permission: str) -> Output:
        if permission.endswith("INTERNET"):
            text = f"java.lang.SecurityException: Permission {permission} requested by {PACKAGE}"
            return "", f"{text} is not a changeable permission type\n", 255
        self.granted.add(permission)
        return "", "", 0

    def start(self, *, debug: bool) -> Output:
        if debug and not self.debuggable:
            return "", "java.lang.SecurityException: Process not debuggable\n", 255
        self._next_pid += 1
        self.pid, self.waiting = self._next_pid, debug
        if not debug:
            self.run()
        return "Starting: Intent { cmp=org.example.clinic/.Search }\n", "", 0

    def run(self) -> None:
        """The app's own code begins."""
        self.waiting = False
        if self.crashes:
            stamp = f"      1700000001.000  {self.pid}  {self.pid} E AndroidRuntime: "
            self.log = (
                f"{stamp}FATAL EXCEPTION: main\n{stamp}Process: {PACKAGE}, PID: {self.pid}\n"
                f"{stamp}java.lang.IllegalStateException: boom\n"
            )
            self.pid = None

    def _focus(self) -> str:
        shown = self.pid is not None and not self.waiting and not self.hidden
        window = f"Window{{1 u0 {PACKAGE}/.Search}}" if shown else "null"
        return f"  mCurrentFocus={window}\n"

    @contextmanager
    def forwarded(self, remote: str) -> Iterator[int]:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            debuggee = threading.Thread(target=self._debuggee, args=(listener,))
            debuggee.start()
            yield listener.getsockname()[1]
            debuggee.join()

    def _debuggee(self, listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            if connection.recv(100) == HANDSHAKE:
                # First run, then answer: a test's clock does not wait for this thread.
                self.released.set()
                self.run()
                connection.sendall(HANDSHAKE)
            while connection.recv(100):
                pass
