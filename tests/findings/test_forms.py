"""What is compared between runs does not depend on the word that was typed."""

from __future__ import annotations

import hashlib
from base64 import b64encode

import pytest

from harness.detection.engine import Engine
from harness.findings.forms import data_of, encoding_of
from tests.findings.building import exchange

WORDS = ("hépatite", "cancer")


def sightings(body: str, word: str) -> set[tuple[str, str]]:
    filled = body.replace("{base64}", b64encode(f'{{"q":"{word}"}}'.encode()).decode())
    filled = filled.replace("{sha256}", hashlib.sha256(word.encode()).hexdigest())
    filled = filled.replace("{beginning}", word[:5]).replace("{word}", word)
    scan = Engine([word]).scan(exchange("a.example", path="/x", body=filled.encode()))
    return {(data_of(each), encoding_of(each)) for each in scan.sightings}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('{"q":"{word}"}', ("term", "plain")),
        ('{"d":"{base64}"}', ("term", "base64")),
        ('{"d":"{sha256}"}', ("digest of the term", "hex > sha256")),
        ('{"d":"{beginning}"}', ("beginning of the term", "plain")),
    ],
)
@pytest.mark.parametrize("word", WORDS)
def test_the_engines_own_words_become_forms(
    body: str, expected: tuple[str, str], word: str
) -> None:
    assert sightings(body, word) == {expected}


def test_escapes_are_no_form() -> None:
    from urllib.parse import quote

    forms = []
    for word in WORDS:
        what = exchange("a.example", path=f"/x?q={quote(word)}")
        (sighting,) = Engine([word]).scan(what).sightings
        forms.append((data_of(sighting), encoding_of(sighting)))
    assert forms[0] == forms[1] == ("term", "plain")
