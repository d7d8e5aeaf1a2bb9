"""Compound commands in the tree."""

from __future__ import annotations

import pytest

from harness.virtual.shell.parser import parse
from harness.virtual.shell.syntax import Calculation, Case, Condition, For, Function, Group, Joined
from harness.virtual.shell.words import ShellSyntaxError


def first(text: str) -> object:
    return parse(text).items[0].parts[0][1].commands[0]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("case x in a) b;; esac", Case),
        ("case x in\n(a|b)\n c\n;;\nesac", Case),
        ("f() { a; }", Function),
        ("f()\n( a )", Function),
        ("function f { a; }", Function),
        ("[[ -f a ]]", Condition),
        ("((1 + 2))", Calculation),
        ("((a); b)", Group),
        ("for x; do a; done", For),
    ],
)
def test_kinds(text: str, kind: type) -> None:
    assert isinstance(first(text), kind)


def test_and_binds_stronger_than_or() -> None:
    node = first("[[ a || b && ! c ]]")
    assert isinstance(node, Condition)
    assert isinstance(node.tree, Joined)
    assert node.tree.operator == "||"
    assert isinstance(node.tree.parts[1], Joined)


@pytest.mark.parametrize(
    "text",
    ["case x", "case x in a b) c;; esac", "f() a", "[[ a", "[[ ]]", "function { a; }", "esac"],
)
def test_what_is_none(text: str) -> None:
    with pytest.raises(ShellSyntaxError):
        parse(text)
