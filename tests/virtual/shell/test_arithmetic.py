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
    assert evaluate("x + y", {"x": "2", "y": "x + 1"}) == 5
    assert evaluate("1 && 0 || 1", {}) == 1
    assert evaluate("!0", {}) == 1
    assert evaluate("", {}) == 0


@pytest.mark.parametrize(
    "text", ["1 / 0", "1 +", "f(1)", "a.b", "'x'", "[1]", "9 ** 9", "08x", "1 = 2", "(1", "1 ? 2"]
)
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        evaluate(text, {"x": "word"})


def test_numbers_are_32_bits_wide() -> None:
    assert evaluate("2147483647 + 1", {}) == -(2**31)


def test_what_is_skipped_is_not_done() -> None:
    variables = {"x": "1"}
    assert evaluate("0 && (x = 5) || 1 ? x++ : 1 / 0", variables) == 1
    assert variables == {"x": "2"}


def test_a_variable_that_names_itself() -> None:
    with pytest.raises(ValueError, match="recurses"):
        evaluate("x", {"x": "x"})
