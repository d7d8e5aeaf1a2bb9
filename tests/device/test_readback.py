from __future__ import annotations

import unicodedata

import pytest

from harness.device.readback import Reading, arrived, form, from_dump
from tests.device.screens import node, screen

NFC = unicodedata.normalize("NFC", "hépatite")
NFD = unicodedata.normalize("NFD", "hépatite")


def _app(text: str, *, password: bool = False) -> Reading:
    return Reading(text, True, password, "f")


def _dump(text: str, *, password: bool = False, maybe_hint: bool = False) -> Reading:
    return Reading(text, False, password, "f", maybe_hint)


@pytest.mark.parametrize(
    ("before", "wanted", "after", "yes"),
    [
        (_app(""), NFC, _app(NFC), True),
        (_app(""), NFC, _app(NFD), True),
        (_app("Dr. "), "Who", _app("Dr. Who"), True),
        (_app("Dr. "), "Who", _app("Who"), False),
        (_app(""), "cancer", _app("Cancer"), False),
        (_app(""), "cancer", _app("cance"), False),
        (_app("", password=True), "geheim", _app("geheim", password=True), True),
        (_dump("", password=True), "geheim", _dump("••••••", password=True), False),
        (_dump("Arzt suchen", maybe_hint=True), "cancer", _dump("cancer"), True),
        (_dump("Arzt suchen"), "cancer", _dump("cancer"), False),
    ],
)
def test_arrived(before: Reading, wanted: str, after: Reading, yes: bool) -> None:
    assert arrived(before, wanted, after) is yes


def test_a_hint_is_not_text() -> None:
    shown = screen(node("Arzt suchen", hint="Arzt suchen", focused=True))
    reading = from_dump(shown)
    assert reading is not None
    assert (reading.text, reading.maybe_hint) == ("", False)


def test_a_dump_without_hints_is_distrusted() -> None:
    reading = from_dump(screen(node("Arzt suchen", focused=True)))
    assert reading is not None
    assert (reading.text, reading.maybe_hint) == ("Arzt suchen", True)


def test_no_focus() -> None:
    assert from_dump(screen(node("x"))) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [("cancer", "ascii"), (NFC, "nfc"), (NFD, "nfd"), ("肝炎", "nfc=nfd"), (NFC + NFD, "mixed")],
)
def test_form(text: str, name: str) -> None:
    assert form(text) == name
