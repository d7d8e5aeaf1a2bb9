"""Forms of a term: each is there under its name, and nothing that is another word."""

from __future__ import annotations

import pytest

from harness.detection.terms import Rule, graphemes, prefixes, rule_for, variants


def texts(term: str) -> dict[str, str]:
    return {variant.text: variant.name for variant in variants(term)}


@pytest.mark.parametrize(
    ("term", "form", "name"),
    [
        ("hépatite", "hépatite", "nfc"),
        ("hépatite", "he\u0301patite", "nfd"),
        ("hépatite", "hepatite", "accent-folded"),
        ("hépatite", "HÉPATITE", "upper"),
        ("hépatite", "Hépatite", "title"),
        ("Ⅳème", "IVème", "nfkc"),
        ("sœur", "soeur", "ligature-expanded"),
        ("Straße", "strasse", "casefold"),
        ("Müller", "Mueller", "umlaut-expanded"),
        ("foie gras", "foie+gras", "nfc+space-as-plus"),
        ("foie gras", "foie-gras", "nfc+space-as-dash"),
        ("foie gras", "foiegras", "nfc+no-space"),
        ("\U0002f800", "\U0002f800", "as-typed"),
    ],
)
def test_a_form_is_named(term: str, form: str, name: str) -> None:
    assert texts(term)[form] == name


def test_the_typed_form_comes_first_and_no_other_word_is_a_form() -> None:
    assert next(iter(texts("Therapie"))) == "Therapie"
    assert not {"Therapeut", "Therapien", "thérapie"} & set(texts("Therapie"))


def test_prefixes_grow_by_what_a_person_sees_as_one_character() -> None:
    """`e` with a combining accent, and a family emoji, are one each (UAX #29)."""
    assert graphemes("he\u0301👨‍👩‍👧!") == ["h", "e\u0301", "👨‍👩‍👧", "!"]
    assert [(p.text, p.prefix) for p in prefixes("covid", 3) if p.name.count("+") == 0] == [
        ("cov", 3),
        ("covi", 4),
    ]
    assert prefixes("covid", 5) == ()


@pytest.mark.parametrize(
    ("term", "rule"),
    [
        ("cancer", Rule.WORD),
        ("HIV", Rule.TOKEN),
        ("Search", Rule.VALUE),
        ("癌", Rule.VALUE),
        ("癌症", Rule.WORD),
    ],
)
def test_weak_terms_need_more_around_them(term: str, rule: Rule) -> None:
    assert rule_for(term) is rule
