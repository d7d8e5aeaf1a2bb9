"""Arithmetic as the system's own shell does it."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.virtual.shell.arithmetic import evaluate

NUMBERS = st.integers(-1000, 1000)
OPERATORS = st.sampled_from(["+", "-", "*", "/", "%", "<", ">", "==", "!=", "&", "|", "^"])


@settings(max_examples=40, deadline=None)
@given(NUMBERS, OPERATORS, NUMBERS.filter(bool), OPERATORS, st.integers(1, 50))
def test_the_same_as_the_systems_shell(a: int, op1: str, b: int, op2: str, c: int) -> None:
    text = f"(({a}) {op1} ({b})) {op2} ({c})"
    real = subprocess.run(["/bin/sh", "-c", f"echo $(({text}))"], capture_output=True, check=True)
    assert evaluate(text, {}) == int(real.stdout)


def test_variables_and_logic() -> None:
    assert evaluate("x + $y", {"x": "2", "y": "3"}) == 5
    assert evaluate("1 && 0 || 1", {}) == 1
    assert evaluate("!0", {}) == 1
    assert evaluate("", {}) == 0


@pytest.mark.parametrize("text", ["1 / 0", "1 +", "f(1)", "a.b", "'x'", "[1]", "9 ** 9", "x"])
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        evaluate(text, {"x": "word"})


def test_numbers_are_64_bits_wide() -> None:
    assert evaluate("9223372036854775807 + 1", {}) == -(2**63)
