"""Intents from words, after AOSP's Intent.parseCommandArgs and Intent.toString."""

from __future__ import annotations

import pytest

from harness.virtual.shell.commands.intents import BadIntent, declared, full, parse, resolve, short
from tests.virtual.fakes.shell import MAIN, PACKAGE, ShellRig


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["-n", MAIN], f"Intent {{ cmp={MAIN} }}"),
        (["-n", f"{PACKAGE}/{PACKAGE}.A"], f"Intent {{ cmp={PACKAGE}/.A }}"),
        (["-a", "A", "-d", "http://x", "-t", "t/p"], "Intent { act=A dat=http://x typ=t/p }"),
        (["-a", "A", "-c", "B", "-c", "C"], "Intent { act=A cat=[B,C] }"),
        (["-a", "A", "-f", "0x10000000"], "Intent { act=A flg=0x10000000 }"),
        (["-a", "A", "--es", "k", "v"], "Intent { act=A (has extras) }"),
        (["https://x/y"], "Intent { dat=https://x/y }"),
    ],
)
def test_the_text_of_an_intent(words: list[str], text: str) -> None:
    assert parse(words).text() == text


def test_extras_have_their_types() -> None:
    line = "--es s text --ez b true --ei i 0x10 --el l 5 --ef f 1.5 -e t u -W -S"
    words = parse(line.split())
    assert words.extras == {"s": "text", "b": True, "i": 16, "l": 5, "f": 1.5, "t": "u"}
    assert words.options == {"-W", "-S"}
    spec = words.spec("a/b")
    assert (spec.component, spec.extras["i"]) == ("a/b", 16)


@pytest.mark.parametrize(
    "words",
    [["-n"], ["-n", "x"], ["--ei", "k", "x"], ["--ez", "k", "maybe"], ["--esa", "k", "a,b"]],
)
def test_what_is_no_intent(words: list[str]) -> None:
    with pytest.raises(BadIntent):
        parse(words)


def test_component_names() -> None:
    assert full("a.b/.C") == "a.b/a.b.C"
    assert full("a.b/x.C") == "a.b/x.C"
    assert short("a.b/a.b.C") == "a.b/.C"
    assert short("a.b/x.C") == "a.b/x.C"


def test_resolving(rig: ShellRig) -> None:
    rig.install()
    main = f"{PACKAGE}/{PACKAGE}.MainActivity"
    assert resolve(rig.device, parse([PACKAGE])) == main
    assert resolve(rig.device, parse(["-p", PACKAGE, "-a", "android.intent.action.MAIN"])) == main
    assert resolve(rig.device, parse(["-a", "org.none"])) == ""
    assert declared(rig.device, main)
    assert not declared(rig.device, f"{PACKAGE}/{PACKAGE}.None")
    assert not declared(rig.device, "org.none/org.none.A")
