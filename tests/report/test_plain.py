"""No text of an app steers a terminal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.report.plain import plain


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("hépatite, he\u0301patite 肝炎 👩‍⚕️", "hépatite, he\u0301patite 肝炎 👩‍⚕️"),
        ("\x1b[2J\x1b]0;own\x07", "\\x1b[2J\\x1b]0;own\\x07"),
        ("a\r\nb\tc", "a\\x0d\\x0ab\\x09c"),
        ("\x9b31m", "\\x9b31m"),
        ("abc\u202edef", "abc\\u202edef"),
        ("\u2028\ufeff\u200b", "\\u2028\\ufeff\\u200b"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_what_steers_or_hides_is_escaped(text: str, safe: str) -> None:
    assert plain(text) == safe


def test_long_text_is_cut_visibly() -> None:
    assert plain("abcdef", 6) == "abcdef"
    assert plain("abcdef", 5) == "abcd…"
    assert plain("\x1b", 3) == "\\x…"


@given(st.text())
def test_the_result_is_one_line_without_controls(text: str) -> None:
    safe = plain(text)
    assert all(unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp") for char in safe)
    assert plain(safe) == safe
