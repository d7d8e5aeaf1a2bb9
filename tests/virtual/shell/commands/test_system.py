"""Properties, identity, clock; and the table of commands as a whole."""

from __future__ import annotations

import re

from harness.virtual.shell.command import Evidence
from harness.virtual.shell.commands import all_commands
from tests.virtual.fakes.shell import ShellRig


def test_properties(rig: ShellRig) -> None:
    assert rig("getprop ro.build.version.sdk").out == "34\n"
    assert rig("getprop nosuch").out == "\n"
    assert rig("getprop nosuch default").out == "default\n"
    assert "[ro.build.version.sdk]: [34]\n" in rig("getprop").out
    assert rig("setprop debug.x y; getprop debug.x").out == "y\n"
    assert rig("setprop ro.build.id y").err == (
        "Failed to set property 'ro.build.id' to 'y'.\nSee dmesg for error reason.\n"
    )
    assert "ro.build.id=" in rig("cat /system/build.prop").out


def test_identity(rig: ShellRig) -> None:
    assert rig("id").out.startswith("uid=2000(shell) gid=2000(shell) groups=")
    assert rig("id -u; whoami").out == "2000\nshell\n"


def test_the_clock(rig: ShellRig) -> None:
    assert re.fullmatch(r"\d{10}\n", rig("date +%s").out)
    assert re.fullmatch(r"\d{13}\n", rig("date +%s%3N").out)


def test_the_kernel(rig: ShellRig) -> None:
    assert rig("uname").out == "Linux\n"
    assert rig("uname -m").out == "x86_64\n"


def test_every_command_says_where_its_texts_come_from() -> None:
    commands = all_commands()
    assert len(commands) > 80
    for name, command in commands.items():
        assert command.name == name
        assert command.origin.place or command.origin.evidence is Evidence.UNVERIFIED
