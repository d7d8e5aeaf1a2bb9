from __future__ import annotations

import pytest

from harness.virtual.toolchain.coordinate import Coordinate


@pytest.mark.parametrize("text", ["org.ow2.asm:asm:9.8", "com.amplitude:android-sdk:2.36.1:aar"])
def test_text_and_value_are_the_same(text: str) -> None:
    assert str(Coordinate.parse(text)) == text


@pytest.mark.parametrize("text", ["", "a:b", "a::1", "a:b:1:aar:x"])
def test_other_shapes_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a Maven coordinate"):
        Coordinate.parse(text)


@pytest.mark.parametrize(
    ("newer", "older"),
    [("1.10", "1.9"), ("1.9.24", "1.8.0"), ("2.0", "2.0-rc1"), ("4.12.0", "4.2.2"), ("2", "1.9")],
)
def test_versions_are_ordered_as_people_read_them(newer: str, older: str) -> None:
    new, old = Coordinate("g", "a", newer), Coordinate("g", "a", older)
    assert new.newer_than(old)
    assert not old.newer_than(new)


def test_a_file_name_is_what_maven_calls_it() -> None:
    assert Coordinate.parse("g:a:1.0:aar").filename == "a-1.0.aar"
