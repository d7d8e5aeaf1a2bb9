"""Placeholders and scopes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.device.selectors import matches_text
from harness.errors import ScenarioError
from harness.scenario.variables import COPIED_TEXT, TERM, Scope, placeholders


def test_names_and_escapes() -> None:
    scope = Scope().bind("A", "1").bind("env.B", "2", secret=True)
    assert scope.expand(r"${A}-${env.B}-\${A}-$A") == "1-2-${A}-$A"


def test_placeholders_say_whether_they_are_names() -> None:
    found = [(each.name, each.well_formed) for each in placeholders("${A} ${1+1} ${B \\${C}")]
    assert found == [("A", True), ("1+1", False), ("B \\$", False)]


def test_a_name_without_value_is_an_error_and_never_a_word() -> None:
    with pytest.raises(ScenarioError, match=r"maestro\.copiedText.*no value"):
        Scope().expand(f"${{{COPIED_TEXT}}}")


def test_secrets_are_masked_with_their_name() -> None:
    scope = Scope().bind("env.PASSWORD", "hunter2", secret=True).bind("CITY", "Bern")
    assert scope.mask("typed hunter2 in Bern") == "typed ${env.PASSWORD} in Bern"


@given(st.text(min_size=1))
def test_a_term_in_a_pattern_matches_itself_whatever_it_is(term: str) -> None:
    """The matcher of the device room is the other side."""
    pattern = Scope().bind(TERM, term, literal=True).expand_pattern("Results for ${TERM}")
    assert matches_text(pattern, f"Results for {term}")


def test_a_pattern_in_a_variable_of_the_author_stays_a_pattern() -> None:
    scope = Scope().bind("TITLE", "Ergebnisse.*")
    assert matches_text(scope.expand_pattern("${TITLE}"), "Ergebnisse (3)")


@given(st.text())
def test_a_text_without_dollar_is_never_changed(text: str) -> None:
    text = text.replace("$", "")
    assert Scope().expand(text) == text
