"""Terms, in the header and in files."""

from __future__ import annotations

import unicodedata

import pytest

from harness.scenario.place import PlacedError, Source
from harness.scenario.reader import Given
from harness.scenario.terms import parse_terms
from tests.scenario.reading import read

WORDS = "# people type these\nhépatite\thealth fr\nTasche\tshopping\n\ncancer\thealth\nC# lernen\n"
STEPS = "---\n- inputTerm\n"


def test_a_file_with_tags() -> None:
    source = Source("words.txt", WORDS)
    assert parse_terms(source) == ("hépatite", "Tasche", "cancer", "C# lernen")
    assert parse_terms(source, ["health"]) == ("hépatite", "cancer")


def test_the_header_may_name_a_file() -> None:
    text = f"appId: a.b\nterms: {{file: words.txt, tags: [shopping]}}\n{STEPS}"
    assert read(text, files={"words.txt": WORDS}).terms == ("Tasche",)


def test_the_run_replaces_the_terms() -> None:
    text = f"appId: a.b\nterms: [ab]\n{STEPS}"
    assert read(text, Given(terms=("bc", "cd"))).terms == ("bc", "cd")


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_terms_keep_their_spelling(form: str) -> None:
    term = unicodedata.normalize(form, "hépatite")
    assert read(f"appId: a.b\nterms: [{term}]\n{STEPS}").terms == (term,)


@pytest.mark.parametrize(
    ("terms", "what"),
    [
        ("[]", "`terms` is empty"),
        ("a", "`terms` must be a list"),
        ("[' ']", "a term is empty"),
        ('["a\\nb"]', "a term holds a control character"),
        ("[hépatite, he\u0301patite]", "the term `he\u0301patite` is given twice"),
        ("{file: words.txt, tags: [x]}", "`words.txt` holds no term tagged ('x',)"),
        ("{file: nowhere.txt}", "cannot read `nowhere.txt`"),
    ],
)
def test_refusals(terms: str, what: str) -> None:
    with pytest.raises(PlacedError) as caught:
        read(f"appId: a.b\nterms: {terms}\n{STEPS}", files={"words.txt": WORDS})
    assert caught.value.what == what
