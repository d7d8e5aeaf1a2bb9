"""What surrounds a match decides; an escape neither hides a longer word nor makes one up."""

from __future__ import annotations

import pytest

from harness.detection.boundaries import holds
from harness.detection.terms import Rule


def counts(text: str | bytes, word: str, rule: Rule = Rule.WORD, charset: str = "utf-8") -> bool:
    data = text.encode(charset) if isinstance(text, str) else text
    raw = word.encode(charset)
    start = data.index(raw)
    return holds(
        data, start, start + len(raw), rule=rule, charset=charset, first=word[0], last=word[-1]
    )


@pytest.mark.parametrize(
    "text",
    [
        "cancer", "q_cancer_1", "cancer2", "searchCancer", "l'cancer.", "%3Dcancer%26",
        "x\\ncancer\\t", "&nbsp;cancer&amp;", "癌cancer癌", "%C3%A9%20cancer",
    ],
)  # fmt: skip
def test_a_word_of_its_own_counts(text: str) -> None:
    word = "Cancer" if "Cancer" in text else "cancer"
    assert counts(text, word)


@pytest.mark.parametrize(
    "text",
    [
        "cancerous", "précancer", "cancers", "dancancer", "pr%C3%A9cancer", "pr\\u00e9cancer",
        "pr&eacute;cancer", "pr%25C3%25A9cancer", "pr%5Cu00e9cancer", "cancer%C3%A9",
        "cancer\u0301", "h=C3=A9cancer",
    ],
)  # fmt: skip
def test_a_longer_word_does_not(text: str) -> None:
    assert not counts(text, "cancer")


def test_other_charsets_are_judged_in_their_own_characters() -> None:
    assert not counts("précancer", "cancer", charset="cp1252")
    assert counts("é cancer", "cancer", charset="utf-16-le")
    assert not counts("xcancer", "cancer", charset="utf-16-le")


@pytest.mark.parametrize(
    ("text", "rule", "expected"),
    [
        ("q=HIV+test", Rule.TOKEN, True),
        ("HIV_count", Rule.TOKEN, False),
        ('{"HIV": 1}', Rule.TOKEN, False),
        ("HIVE", Rule.TOKEN, False),
        ('{"q": "HIV"}', Rule.VALUE, True),
        ("q=HIV test", Rule.VALUE, False),
        ("HIV=1", Rule.VALUE, False),
    ],
)
def test_short_and_common_terms_need_a_token_or_a_value(
    text: str, rule: Rule, expected: bool
) -> None:
    assert counts(text, "HIV", rule) is expected
