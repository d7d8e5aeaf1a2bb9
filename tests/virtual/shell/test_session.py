"""Shells that read their lines from standard input."""

from __future__ import annotations

import asyncio

from harness.virtual.shell.commands import all_commands
from harness.virtual.shell.pipes import Buffer, Pipe
from harness.virtual.shell.session import DeviceShell
from tests.virtual.fakes.shell import ShellRig


def test_lines_of_standard_input_share_one_shell(rig: ShellRig) -> None:
    done = rig("", b"cd /sdcard\nx=1\npwd; echo $x\nexit 4\necho never\n")
    assert (done.out, done.code) == ("/storage/emulated/0\n1\n", 4)


def test_a_command_may_go_on_in_the_next_line(rig: ShellRig) -> None:
    done = rig("", b"if true\nthen echo 'a\nb'\nfi\n")
    assert done.out == "a\nb\n"


def test_functions_and_documents_go_over_many_lines(rig: ShellRig) -> None:
    done = rig("", b"f() {\necho $1\n}\ncat <<E\nx\nE\nf y\n")
    assert done.out == "x\ny\n"


def test_a_syntax_error_does_not_end_the_loop(rig: ShellRig) -> None:
    done = rig("", b")\necho on\n")
    assert (done.out, done.err) == ("on\n", "/system/bin/sh: syntax error: unexpected ')'\n")


def test_an_interactive_shell_asks(rig: ShellRig) -> None:
    async def scenario() -> bytes:
        err = Buffer()
        shell = DeviceShell(rig.device, all_commands(), lambda: 2000)
        await shell.run("", Pipe.of(b"cd /data\n"), Buffer().write, err.write, interactive=True)
        return err.data

    assert asyncio.run(scenario()) == b"virtual:/ $ virtual:/data $ "


def test_the_environment_names_the_user(rig: ShellRig) -> None:
    assert rig("echo $USER $HOME").out == "shell /\n"
    rig.device.as_root = True
    assert rig("echo $USER; whoami").out == "root\nroot\n"
