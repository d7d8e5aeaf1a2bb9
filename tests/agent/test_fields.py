"""Typed reading of one JSON object."""

from __future__ import annotations

import pytest

from harness.agent.fields import Fields, WireError


def test_reads_what_is_there() -> None:
    fields = Fields({"a": "x", "b": 2, "c": 2.5, "d": True, "e": [1], "f": {"g": 1}}, "top")
    assert (fields.text("a"), fields.whole("b"), fields.number("b")) == ("x", 2, 2.0)
    assert (fields.number("c"), fields.flag("d"), fields.items("e")) == (2.5, True, [1])
    assert fields.inner("f").whole("g") == 1
    assert list(fields.names()) == ["a", "b", "c", "d", "e", "f"]


@pytest.mark.parametrize("name", ["a", "missing"])
def test_complains_with_place_and_value(name: str) -> None:
    with pytest.raises(WireError) as caught:
        Fields({"a": "x"}, "top").inner("f")
    assert caught.value.where == "top.f"
    with pytest.raises(WireError) as caught:
        Fields({"a": "x"}, "top").whole(name)
    assert (caught.value.where, caught.value.expected) == (f"top.{name}", "a whole number")
