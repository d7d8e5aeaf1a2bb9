"""The table of texts: whole in every language, with the same places for values."""

from __future__ import annotations

import re

import pytest

from harness.report.html.texts import LANGUAGES, TEXTS, Words

UNTRANSLATED = {"english"}
"""Said only where the page's language is not that of the run's details."""


@pytest.mark.parametrize("key", TEXTS)
def test_each_text_is_there_in_all_languages(key: str) -> None:
    texts = TEXTS[key]
    assert len(texts) == len(LANGUAGES)
    assert key in UNTRANSLATED or all(texts)
    assert len({frozenset(re.findall(r"\{\w*\}", text)) for text in texts if text}) == 1
    assert len({"|" in text for text in texts if text}) == 1


def test_singular_and_plural_by_language() -> None:
    assert [Words("en")("quiet", n) for n in (0, 1, 2)] == [
        "0 requests without a term", "1 request without a term", "2 requests without a term",
    ]  # fmt: skip
    assert Words("fr")("quiet", 0) == "0 requête sans terme"
    assert Words("de")("more", 3) == "und 3 weitere"


def test_seconds_are_spelled_as_people_do() -> None:
    assert Words("en").seconds(3.25) == "+3.2 s"
    assert Words("de").seconds(-0.5) == "-0,5 s"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="tuple"):
        Words("tlh")("leak")
