"""Needles: every charset, the signs of unaligned base64, deltas that no XOR key changes."""

from __future__ import annotations

import base64

from hypothesis import given
from hypothesis import strategies as st

from harness.detection.patterns import base64_signs, deltas, encoded, text_automaton


def test_charsets_of_a_text_each_once() -> None:
    assert dict(encoded("é")) == {
        "utf-8": b"\xc3\xa9",
        "cp1252": b"\xe9",
        "utf-16-le": b"\xe9\0",
        "utf-16-be": b"\0\xe9",
    }
    assert [charset for charset, _ in encoded("a")] == ["utf-8", "utf-16-le", "utf-16-be"]


@given(st.binary(max_size=7), st.binary(max_size=7))
def test_base64_of_anything_around_the_term_holds_one_of_its_signs(
    before: bytes, after: bytes
) -> None:
    text = base64.b64encode(before + b"hepatite" + after)
    assert any(sign in text for _, sign in base64_signs(b"hepatite"))


@given(st.binary(min_size=2, max_size=40), st.integers(0, 255))
def test_deltas_do_not_depend_on_the_key(data: bytes, key: int) -> None:
    assert deltas(bytes(byte ^ key for byte in data)) == deltas(data)
    assert len(deltas(data)) == len(data) - 1


def test_terms_that_share_a_form_are_both_found() -> None:
    automaton = text_automaton(["résumé", "resume"], 4)
    hits = automaton.find(b"q=resume&")
    assert {p.term for at, start, end in hits if end - start == 6
            for p in automaton.patterns[at] if not p.transform} == {0, 1}  # fmt: skip
