"""Syntax errors with mksh's words; nothing may exhaust the stack."""

from __future__ import annotations

import pytest

from harness.virtual.shell.parser import parse
from harness.virtual.shell.syntax import For, Group, If, Pipeline, Simple, While
from harness.virtual.shell.words import ShellSyntaxError


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("echo 'a", "no closing quote"),
        ('echo "a', "no closing quote"),
        ("echo $(a", "syntax error: unexpected EOF"),
        ("| a", "syntax error: unexpected '|'"),
        ("a | ", "syntax error: unexpected EOF"),
        ("a && ; b", "syntax error: unexpected ';'"),
        ("a )", "syntax error: unexpected ')'"),
        ("if true; then", "syntax error: unmatched 'if'"),
        ("for 1 in a; do b; done", "syntax error: unexpected '1'"),
        ("a > ", "syntax error: unexpected EOF"),
        ("cat << E", "here document 'E' unclosed"),
        ("echo ${a!}", "${a!}: bad substitution"),
    ],
)
def test_what_is_no_command_line_is_refused(line: str, message: str) -> None:
    with pytest.raises(ShellSyntaxError) as caught:
        parse(line)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("a b", Simple),
        ("{ a; }", Group),
        ("( a )", Group),
        ("if a; then b; fi", If),
        ("for x in a; do b; done", For),
        ("until a; do b; done", While),
    ],
)
def test_kinds_of_commands(line: str, kind: type) -> None:
    pipeline = parse(line).items[0].parts[0][1]
    assert isinstance(pipeline, Pipeline)
    assert isinstance(pipeline.commands[0], kind)


def test_a_number_is_a_descriptor_only_when_it_touches() -> None:
    touching = parse("echo 2>f").items[0].parts[0][1].commands[0]
    apart = parse("echo 2 >f").items[0].parts[0][1].commands[0]
    assert isinstance(touching, Simple)
    assert isinstance(apart, Simple)
    assert (len(touching.words), touching.redirects[0].descriptor) == (1, 2)
    assert (len(apart.words), apart.redirects[0].descriptor) == (2, 1)


@pytest.mark.parametrize("text", ["(" * 5000, "$(" * 5000, "{ " * 5000, "if " * 5000])
def test_deep_nesting_is_refused(text: str) -> None:
    with pytest.raises(ShellSyntaxError):
        parse(text)
