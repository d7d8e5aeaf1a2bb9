"""AdbKeyboard's answers as uiautomator2 expects them: `result=-1` with `success`."""

from __future__ import annotations

import pytest

from harness.device import ime
from harness.errors import LabError
from tests.device.fields import Phone
from tests.device.scripted import FakeClock, TableAdb


def test_text_goes_in_base64_to_the_package_alone() -> None:
    done = 'Broadcasting: Intent { }\nBroadcast completed: result=-1, data="success"\n'
    adb = TableAdb({"am broadcast": (done, "", 0)})
    ime.commit(adb, "hé")
    ime.editor_action(adb, 3)
    assert adb.ran == [
        "am broadcast -a ADB_KEYBOARD_INPUT_TEXT -p com.github.uiautomator --es text aMOp",
        "am broadcast -a ADB_KEYBOARD_EDITOR_CODE -p com.github.uiautomator --es code 3",
    ]


def test_a_broadcast_that_nobody_took_is_a_failure() -> None:
    """`result=0` is what Android says when no receiver answered."""
    adb = TableAdb({"am broadcast": ("Broadcast completed: result=0\n", "", 0)})
    with pytest.raises(LabError, match="did not take the text"):
        ime.commit(adb, "x")


def test_the_former_input_method_comes_back_after_an_error() -> None:
    phone = Phone(ime=True)
    before = phone.current_ime
    with pytest.raises(LabError, match="did not take"), ime.active(phone, FakeClock()):
        ime.commit(TableAdb({"am broadcast": ("", "", 1)}), "x")
    assert phone.current_ime == before


def test_an_input_method_that_will_not_become_current() -> None:
    phone = Phone(ime=True)
    answer = phone._ime
    phone._ime = lambda words: answer(words if words[:2] != ["ime", "set"] else ["ime", "x"])  # type: ignore[method-assign]  # a phone that ignores it
    with pytest.raises(LabError, match="did not become active"), ime.active(phone, FakeClock()):
        pass


def test_not_installed() -> None:
    assert not ime.installed(Phone())
    with pytest.raises(LabError, match="no input method"), ime.active(Phone(), FakeClock()):
        pass
