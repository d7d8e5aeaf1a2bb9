"""Exceptions as Android's shell commands print them (recorded outputs of `input text é`)."""

from __future__ import annotations

from tests.virtual.fakes.shell import ShellRig


def test_the_trace_starts_with_the_command(rig: ShellRig) -> None:
    done = rig("input text é")
    assert done.err.startswith(
        "\nException occurred while executing 'text':\n"
        "java.lang.NullPointerException: Attempt to get length of null array\n"
        "\tat com.android.server.input.InputShellCommand.sendText(InputShellCommand.java:319)\n"
    )
    assert (done.out, done.code) == ("", 255)
