"""Command lines as a whole. The system's own `sh` says what is right where it can be asked."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.virtual.fakes.shell import ShellRig

LINES = [
    "echo a; echo b",
    "true && echo yes || echo no",
    "false && echo yes || echo no",
    "false || false || echo end",
    "echo 'a  b'  c",
    'x="a  b"; echo $x; echo "$x"',
    "x=1 y=2; echo $x$y ${x}y",
    'echo "${unset:-d e f}" ${unset-x} ${#x}',
    "x=abc; echo ${#x} ${x:+set} ${nothing:+set}.",
    "echo $((1 + 2 * 3)) $((7 / 2)) $((-7 / 2)) $((7 % 3)) $((1 << 4)) $((3 > 2))",
    "echo one | cat | cat",
    "printf 'b\\na\\n' | sort | head -n 1",
    "echo err >&2; echo out",
    "echo both 2>&1 >/dev/null; echo x >/dev/null 2>&1",
    "(echo sub; exit 3); echo $?",
    "{ echo a; echo b; } | wc -l | tr -d ' '",
    "! true; echo $?; ! false; echo $?",
    "if true; then echo t; else echo e; fi",
    "if false; then echo t; elif true; then echo ei; fi",
    "for i in 1 2 '3 4'; do echo \"<$i>\"; done",
    "x=3; while [ $x -gt 0 ]; do echo $x; x=$((x - 1)); done",
    "for i in a b c; do if [ $i = b ]; then continue; fi; echo $i; done",
    "while true; do echo once; break; done",
    "echo $(echo inner; echo two) \"$(echo 'a  b')\"",
    "echo `echo back`",
    "echo a#b #comment",
    "echo 'single \"quoted\"' \"double 'quoted'\" back\\ slash",
    'echo "a\\"b" "a\\$b" "a\\nb" | tr -d \'\\\\\'',
    "exit 7; echo never",
    "false; echo $?",
    "echo a &\nwait; echo b",
    "printf '%s-%s\\n' a b c d",
    "printf '%d %x %5s|\\n' 42 255 ab",
    "test -n x && [ 1 -lt 2 ] && echo ok",
    "[ a = a -a b != c ] && echo and",
    "eval 'x=5; echo $x'",
    "set -- a 'b c' d; echo $# \"$2\"; shift; echo $1",
    "export A=1; sh -c 'echo $A$0' name",
    "cd /tmp && cd / && pwd",
]


@pytest.mark.parametrize("line", LINES)
def test_a_line_does_what_the_systems_shell_does(rig: ShellRig, line: str) -> None:
    rig.device.files.root.joinpath("tmp").mkdir()
    real = subprocess.run(["/bin/sh", "-c", line], capture_output=True, check=False, cwd="/")
    done = rig(line)
    assert (done.out, done.code) == (real.stdout.decode(), real.returncode)
    assert bool(done.err) == bool(real.stderr)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.text("ab $'\"\\`;&|<>()*?[]#~=!{}%\té", max_size=8), min_size=1, max_size=5))
def test_quoted_words_arrive_as_they_are(rig: ShellRig, words: list[str]) -> None:
    quoted = " ".join("'" + word.replace("'", "'\\''") + "'" for word in words)
    assert rig(f"printf '<%s>' {quoted}").out == "".join(f"<{word}>" for word in words)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.text("ab \"\\'$x{};|&<>()\n", max_size=12))
def test_no_line_can_break_the_shell(rig: ShellRig, line: str) -> None:
    done = rig(line)
    assert 0 <= done.code <= 255


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.text("ab \"\\'x", max_size=10))
def test_quotes_and_backslashes_as_the_systems_shell(rig: ShellRig, text: str) -> None:
    line = f"printf '<%s>' {text}"
    real = subprocess.run(["/bin/sh", "-c", line], capture_output=True, check=False)
    done = rig(line)
    if real.returncode == 0:
        assert done.out == real.stdout.decode()
    else:
        assert done.code != 0


def test_a_command_that_is_not_there(rig: ShellRig) -> None:
    done = rig("nosuch a b")
    assert (done.out, done.err, done.code) == (
        "",
        "/system/bin/sh: nosuch: inaccessible or not found\n",
        127,
    )


def test_a_file_is_no_program(rig: ShellRig) -> None:
    assert (
        rig("/data/local/tmp").err
        == "/system/bin/sh: /data/local/tmp: can't execute: Is a directory\n"
    )
    assert rig("touch /sdcard/x; /sdcard/x").code == 126


def test_the_status_of_a_pipeline_is_that_of_its_last_command(rig: ShellRig) -> None:
    assert rig("nosuch | true").code == 0
    assert rig("true | nosuch").code == 127


def test_a_reader_that_stops_early_ends_the_writer(rig: ShellRig) -> None:
    done = rig("while true; do echo y; done | head -n 2")
    assert done.out == "y\ny\n"
