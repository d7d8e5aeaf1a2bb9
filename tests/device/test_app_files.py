"""Reading an app's files through the device's shell: the ways in, the bounds, what is told."""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from harness.device import app_files
from harness.device.app_files import MAX_TOLD, read_app_files
from harness.device.facts import AppFile, ShellResult
from tests.virtual.fakes.shell import PACKAGE, ShellRig

DATA = f"/data/data/{PACKAGE}"
OLD_S, SINCE_S = 1_700_000_000, 1_700_000_100


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[ShellRig]:
    made = ShellRig(tmp_path)
    yield made
    made.close()


class Through:
    """The device's shell as an adb client sees it."""

    def __init__(self, rig: ShellRig, gone: Sequence[str] = ()) -> None:
        self._rig = rig
        self._gone = gone
        self.commands: list[str] = []

    def shell(self, command: str | Sequence[str], timeout_s: float = 0) -> ShellResult:
        out, err, code = self.shell_bytes(command)
        return ShellResult(out.decode(), err, code)

    def shell_bytes(
        self, command: str | Sequence[str], timeout_s: float = 0
    ) -> tuple[bytes, str, int]:
        assert isinstance(command, str)
        self.commands.append(command)
        word = command.split()[0]
        if word in self._gone:
            return b"", f"/system/bin/sh: {word}: inaccessible or not found\n", 127
        (out, err), code = self._rig.raw(command)
        return out, err.decode(), code


def write(rig: ShellRig, name: str, data: bytes, at_s: float = SINCE_S) -> None:
    host = rig.device.files.place(f"{DATA}/{name}", data)
    os.utime(host, (at_s, at_s))


@pytest.mark.parametrize("debuggable", [True, False])
def test_what_changed_is_read(rig: ShellRig, debuggable: bool) -> None:
    rig.install(debuggable=debuggable)
    write(rig, "shared_prefs/a b.xml", b"h\xc3\xa9patite")
    write(rig, "databases/old.db", b"old", OLD_S)
    write(rig, "code_cache/x", b"compiled")
    for cache in ("app_webview/Default/Cache", "cache/WebView/Default/HTTP Cache"):
        write(rig, f"{cache}/Cache_Data/4027152432fcb476_0", b"an answer, kept")
    write(rig, "files/empty", b"")
    shell = Through(rig)
    held = [
        "app_webview/Default/Local Storage/leveldb/1.log",
        "app_webview_sdk/queue/Cache/pending.json",
        "shared_prefs/a b.xml",
    ]
    for name in held[:2]:
        write(rig, name, b"h\xc3\xa9patite")
    found = read_app_files(shell, PACKAGE, SINCE_S + 0.9)
    assert found.files == tuple(
        AppFile(f"{DATA}/{name}", SINCE_S, b"h\xc3\xa9patite") for name in held
    )
    assert found.unread == ("2 files that the web view keeps of answers",)
    assert found.refused == ""
    ways = [command.split()[0] for command in shell.commands]
    assert ways == (["run-as", "run-as"] if debuggable else ["run-as", "if", "su", "su"])


def test_a_device_that_shows_nothing_says_why(rig: ShellRig) -> None:
    rig.install(debuggable=False)
    found = read_app_files(Through(rig, gone=("su",)), PACKAGE, SINCE_S)
    assert found.files == ()
    assert found.refused.startswith(f"run-as: package not debuggable: {PACKAGE}; adb is not root")


def test_adb_as_root(rig: ShellRig) -> None:
    rig.install(debuggable=False)
    write(rig, "files/x", b"x")
    rig.device.as_root = True
    found = read_app_files(Through(rig, gone=("su",)), PACKAGE, SINCE_S)
    assert [file.data for file in found.files] == [b"x"]


def test_what_is_too_large_is_told(rig: ShellRig, monkeypatch: pytest.MonkeyPatch) -> None:
    rig.install(debuggable=True)
    monkeypatch.setattr(app_files, "MAX_FILE_BYTES", 10)
    monkeypatch.setattr(app_files, "MAX_BYTES", 12)
    write(rig, "files/large", b"x" * 11)
    write(rig, "files/one", b"x" * 6)
    write(rig, "files/two", b"y" * 7)
    found = read_app_files(Through(rig), PACKAGE, SINCE_S)
    assert [file.path for file in found.files] == [f"{DATA}/files/one"]
    assert set(found.unread) == {
        f"{DATA}/files/large: 11 bytes are too many to fetch",
        f"{DATA}/files/two: 7 bytes are too many to fetch",
    }


def test_many_names_go_in_several_commands(rig: ShellRig, monkeypatch: pytest.MonkeyPatch) -> None:
    rig.install(debuggable=True)
    monkeypatch.setattr(app_files, "MAX_COMMAND_CHARS", 60)
    for number in range(5):
        write(rig, f"files/{number}", b"%d" % number)
    shell = Through(rig)
    found = read_app_files(shell, PACKAGE, SINCE_S)
    assert [file.data for file in found.files] == [b"0", b"1", b"2", b"3", b"4"]
    assert len(shell.commands) > 3


def test_names_that_break_lines_are_told(rig: ShellRig) -> None:
    rig.install(debuggable=True)
    write(rig, "files/two\nlines", b"x")
    found = read_app_files(Through(rig), PACKAGE, SINCE_S)
    assert "a file whose name cannot be told: 'lines'" in found.unread
    assert any("gone or unreadable" in clause for clause in found.unread)


def test_folders_that_cannot_be_looked_into_are_told() -> None:
    """Lines as toybox 0.8.9 writes them."""

    class Closed:
        def shell(self, command: str | Sequence[str], timeout_s: float = 0) -> ShellResult:
            closed = [f"find: {DATA}/app_{n}: Permission denied" for n in range(MAX_TOLD + 2)]
            gone = f"stat: '{DATA}/cache/x': No such file or directory"
            return ShellResult("leak-harness-end\n", "\n".join([gone, *closed, ""]), 1)

        def shell_bytes(
            self, command: str | Sequence[str], timeout_s: float = 0
        ) -> tuple[bytes, str, int]:
            raise AssertionError("there is nothing to fetch")

    found = read_app_files(Closed(), PACKAGE, SINCE_S)
    assert len(found.unread) == MAX_TOLD + 1
    assert found.unread[0] == f"find: {DATA}/app_0: Permission denied"
    assert found.unread[-1] == "2 more that could not be listed"


def test_an_archive_that_breaks_off_gives_what_was_whole() -> None:
    class Broken:
        def shell(self, command: str | Sequence[str], timeout_s: float = 0) -> ShellResult:
            lines = f"{SINCE_S} 3 {DATA}/a\n{SINCE_S} 600 {DATA}/b\nleak-harness-end\n"
            return ShellResult(lines, "", 0)

        def shell_bytes(
            self, command: str | Sequence[str], timeout_s: float = 0
        ) -> tuple[bytes, str, int]:
            packed = io.BytesIO()
            with tarfile.open(fileobj=packed, mode="w:") as archive:
                for name, data in (("a", b"abc"), ("b", b"x" * 600)):
                    member = tarfile.TarInfo(f"{DATA[1:]}/{name}")
                    member.size = len(data)
                    archive.addfile(member, io.BytesIO(data))
            return packed.getvalue()[: 512 + 512 + 512 + 100], "", 1

    found = read_app_files(Broken(), PACKAGE, SINCE_S)
    assert [file.data for file in found.files] == [b"abc"]
    assert found.unread == (f"{DATA}/b: gone or unreadable when it was fetched",)


def test_a_database_comes_with_its_log(rig: ShellRig) -> None:
    rig.install(debuggable=True)
    write(rig, "databases/a.db", b"base", OLD_S)
    write(rig, "databases/a.db-wal", b"log")
    write(rig, "databases/b.db", b"old", OLD_S)
    found = read_app_files(Through(rig), PACKAGE, SINCE_S)
    assert [file.data for file in found.files] == [b"base", b"log"]
