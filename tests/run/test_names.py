"""File names from any text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harness.run.names import MAX_LENGTH, safe_name


@given(st.text())
def test_any_text_gives_a_name_that_stays_in_its_folder(text: str) -> None:
    name = safe_name(text)
    assert 0 < len(name) <= MAX_LENGTH
    assert name not in (".", "..")
    assert all(ch.isascii() and (ch.isalnum() or ch in "._-") for ch in name)


@given(st.text(), st.text())
def test_different_texts_have_different_names(one: str, other: str) -> None:
    assert (safe_name(one) == safe_name(other)) is (one == other)


def test_a_plain_name_stays() -> None:
    assert safe_name("search.flow.yaml") == "search.flow.yaml"


def test_accents_are_dropped_and_told_apart() -> None:
    assert safe_name("hépatite").startswith("hepatite-")
