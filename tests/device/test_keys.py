from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.device import keys
from harness.errors import LabError
from tests.device.scripted import TableAdb

NPE = (
    "\nException occurred while executing 'text':\n"
    "java.lang.NullPointerException: Attempt to get length of null array\n"
    "\tat com.android.server.input.InputShellCommand.sendText(InputShellCommand.java:319)\n"
)
"""What Android 14 prints for a character without a key."""


def _typed_by_android(argument: str) -> str:
    """AOSP `InputShellCommand.sendText`: `%s` is a blank, any other `%` stays."""
    return argument.replace("%s", " ")


@given(st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0x7E)))
def test_pieces_type_exactly_the_text(text: str) -> None:
    assert "".join(_typed_by_android(piece) for piece in keys.pieces(text)) == text


def test_pieces() -> None:
    assert keys.pieces("a b") == ["a%sb"]
    assert keys.pieces("%s") == ["%", "s"]
    assert keys.pieces("100 % x") == ["100%s%%sx"]


@pytest.mark.parametrize(("text", "missing"), [("abc ~", ""), ("hépatite", "é"), ("a\n", "\n")])
def test_only_printable_ascii_has_keys(text: str, missing: str) -> None:
    assert keys.cannot_type(text) == missing


def test_refuses_before_anything_is_sent() -> None:
    adb = TableAdb({"input": ("", "", 0)})
    with pytest.raises(LabError, match="no key types 'é'"):
        keys.type_ascii(adb, "hépatite")
    assert adb.ran == []


def test_arguments_are_quoted() -> None:
    adb = TableAdb({"input": ("", "", 0)})
    keys.type_ascii(adb, "it's $x")
    assert adb.ran == ["input text 'it'\"'\"'s%s$x'"]


@pytest.mark.parametrize("answer", [("", NPE, 255), (NPE, "", 0), ("Killed\n", "", 137)])
def test_failures_of_input_are_noticed(answer: tuple[str, str, int]) -> None:
    with pytest.raises(LabError, match="a key event failed"):
        keys.type_ascii(TableAdb({"input": answer}), "abc")


def test_deleting_goes_in_batches() -> None:
    adb = TableAdb({"input": ("", "", 0)})
    keys.delete_backwards(adb, keys.KEYS_PER_CALL + 2)
    assert [line.count("67") for line in adb.ran] == [0, keys.KEYS_PER_CALL, 2]
