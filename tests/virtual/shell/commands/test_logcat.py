"""`logcat`: formats after liblog's, filters, and following."""

from __future__ import annotations

import re

import pytest

from harness.virtual.host import LogRecord
from tests.virtual.fakes.shell import ShellRig


@pytest.fixture
def logged(rig: ShellRig) -> ShellRig:
    for second, (priority, tag, text) in enumerate(
        [(3, "Debug", "low"), (4, "App", "one\ntwo"), (6, "App", "bad")]
    ):
        rig.device.log.add(LogRecord(1_700_000_000_000 + second * 1000, 7, 8, priority, tag, text))
    return rig


@pytest.mark.parametrize(
    ("options", "first"),
    [
        ("", r"\d\d-\d\d \d\d:\d\d:\d\d\.000     7     8 D Debug   : low"),
        ("-v brief", r"D/Debug   \(    7\): low"),
        ("-v time", r"\d\d-\d\d \d\d:\d\d:\d\d\.000 D/Debug   \(    7\): low"),
        ("-v tag", r"D/Debug   : low"),
        ("-v raw", r"low"),
        ("-v epoch", r"1700000000\.000     7     8 D Debug   : low"),
    ],
)
def test_formats(logged: ShellRig, options: str, first: str) -> None:
    lines = logged(f"logcat -d {options}").out.splitlines()
    assert (lines[0] == "--------- beginning of main") is ("raw" not in options)
    shown = [line for line in lines if not line.startswith("---")]
    assert re.fullmatch(first, shown[0])
    assert len(shown) == 4


@pytest.mark.parametrize(
    ("options", "texts"),
    [
        ("App:E '*:S'", ["bad"]),
        ("-s App", ["one", "two", "bad"]),
        ("'*:E'", ["bad"]),
        ("-t 1", ["bad"]),
        ("--pid=9", []),
        ("--pid 7 -e l.w", ["low"]),
        ("-m 1", ["low"]),
        ("-T 1700000001.500 -d", ["bad"]),
    ],
)
def test_filters(logged: ShellRig, options: str, texts: list[str]) -> None:
    assert logged(f"logcat -d -v raw {options}").out.split() == texts


def test_clearing(logged: ShellRig) -> None:
    assert logged("logcat -c; logcat -d").out == ""


def test_following_ends_after_as_many_as_were_asked_for(logged: ShellRig) -> None:
    assert logged("logcat -v raw -m 2 | cat").out.split() == ["low", "one", "two"]


def test_bad_filters(rig: ShellRig) -> None:
    assert rig("logcat -d 'a:Q'").err == "logcat: Invalid filter expression 'a:Q'\n"


def test_records_of_the_shell(rig: ShellRig) -> None:
    assert rig("log -t zoo -p w one two; log three; log -p w -t zoo four").code == 0
    assert re.findall(r"\b([A-Z])/(\w+) *\( *\d+\): (.*)", rig("logcat -d -v brief").out) == [
        ("W", "zoo", "one two"),
        ("I", "log", "three"),
        ("W", "zoo", "four"),
    ]
    refused = rig("log -p z x")
    assert (refused.code, refused.err) == (1, "log: bad -p 'z'\n")
