from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.virtual.internet.typed_yaml import load

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(
        alphabet=st.characters(
            blacklist_categories=("Cs", "Cc"),
            blacklist_characters="\x85\u2028\u2029\ufeff\ufffe\uffff",
        )
    ),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["a", "b", "c d"]), inner),
    max_leaves=8,
)


@settings(max_examples=40, deadline=None)
@given(JSON)
def test_json_means_in_yaml_what_it_means_in_json(value: object) -> None:
    item = load(json.dumps(value, ensure_ascii=False))
    assert item is not None
    assert item.plain() == value


def test_yaml_1_1_surprises_stay_text() -> None:
    item = load("[no, Yes, on, 007, 0x1F, 12:30, 2020-01-01, 1_000, .5, +1, '5', True]")
    assert item is not None
    assert item.plain() == [
        "no", "Yes", "on", "007", "0x1F", "12:30", "2020-01-01", "1_000", ".5", "+1", "5", "True",
    ]  # fmt: skip


def test_places_count_from_one() -> None:
    item = load("a: 1\nb:\n  - x\n")
    assert item is not None
    assert (item.value["b"].value[0].line, item.value["b"].value[0].column) == (3, 5)


def test_empty_is_none() -> None:
    assert load("# only a remark\n") is None


@pytest.mark.parametrize(
    "text", ["- &a b\n- *a", "!!int 5", "{a: 1, a: 2}", "? [x]\n: y", "a\n---\nb"]
)
def test_refused(text: str) -> None:
    with pytest.raises(yaml.YAMLError):
        load(text)
