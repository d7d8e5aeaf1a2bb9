"""YAML into trees: scalars stay what was written, surprises are refused."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from harness.scenario import document
from harness.scenario.document import Listing, Mapping, Scalar, plain, read_documents
from harness.scenario.place import PlacedError, Source


def tree(text: str) -> object:
    return plain(read_documents(Source("a.yaml", text))[0])


@pytest.mark.parametrize(
    "word",
    ["Yes", "no", "on", "007", "0612", "12:30", "~", "null", "0x1F", "2030-01-01"],
)
def test_a_plain_word_stays_text(word: str) -> None:
    """PyYAML's own safe loader is the witness that these words are traps."""
    assert tree(f"a: {word}") == {"a": word}
    assert yaml.safe_load(f"a: {word}")["a"] != word


@given(st.text(min_size=1).filter(lambda text: text.isprintable()))
def test_what_pyyaml_writes_is_read_back(text: str) -> None:
    written = yaml.safe_dump({"a": [text]}, allow_unicode=True)
    assert tree(written) == {"a": [text]}


def test_places_count_from_one() -> None:
    mapping = read_documents(Source("a.yaml", "a: b\nlist:\n  - x\n"))[0]
    assert isinstance(mapping, Mapping)
    listing = mapping.entries[1].value
    assert isinstance(listing, Listing)
    assert str(listing.items[0].place) == "a.yaml:3:5"


def test_a_missing_value_is_not_an_empty_text() -> None:
    mapping = read_documents(Source("a.yaml", "a:\nb: ''\n"))[0]
    assert isinstance(mapping, Mapping)
    missing = [entry.value.missing for entry in mapping.entries if isinstance(entry.value, Scalar)]
    assert missing == [True, False]


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("a: &x 1", "1:4", "anchors (&x) are not read"),
        ("a: *x", "1:4", "aliases (*x) are not read"),
        ("<<: {a: 1}", "1:1", "merge keys (<<) are not read"),
        ("a: !!int 5", "1:4", "tags (tag:yaml.org,2002:int) are not read"),
        ("a: 1\na: 2", "2:1", "`a` is given twice"),
        ("? [a]\n: 1", "1:3", "a key must be a word"),
        ("a: \x07", "1:4", "a character that YAML does not allow: U+0007"),
        ("a: {b: c", "1:9", "not valid YAML: expected ',' or '}', but got '<stream end>'"),
        ("[" * 50, "1:41", "nested deeper than 40 levels"),
    ],
)
def test_refusals(text: str, place: str, what: str) -> None:
    with pytest.raises(PlacedError) as caught:
        tree(text)
    assert (caught.value.where, caught.value.what) == (f"a.yaml:{place}", what)


def test_a_large_file_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(PlacedError, match="too large"):
        tree("a: " + "x" * document.MAX_SIZE_BYTES)


def test_a_billion_laughs_never_expand() -> None:
    text = "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n"
    with pytest.raises(PlacedError, match="anchors"):
        tree(text)
