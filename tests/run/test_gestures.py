"""Touches in pixels."""

from __future__ import annotations

import pytest

from tests.run.stage import launched


def swipes(steps: str) -> list[str]:
    after = launched(steps + "- inputTerm\n")
    assert after.play.failed == []
    return [line for line in after.phone.log if line.startswith("swipe")]


@pytest.mark.parametrize(
    ("step", "line"),
    [
        ("swipe: {direction: UP}", "swipe (540, 1200) (540, 240) 400"),
        ("swipe: {direction: LEFT, duration: 100}", "swipe (972, 1200) (108, 1200) 100"),
        ('swipe: {start: "0%,0%", end: "100%,100%"}', "swipe (0, 0) (1079, 2399) 400"),
        ('swipe: {start: "5,6", end: "7,8"}', "swipe (5, 6) (7, 8) 400"),
        ("swipe: {from: {id: search_field}, direction: DOWN}", "swipe (540, 175) (540, 2160) 400"),
        ("scroll", "swipe (540, 1200) (540, 240) 400"),
        ("longPressOn: {id: search_field}", "swipe (540, 175) (540, 175) 3000"),
        ('longPressOn: {id: search_field, point: "0%,0%"}', "swipe (0, 100) (0, 100) 3000"),
    ],
)
def test_swipes(step: str, line: str) -> None:
    assert swipes(f"- {step}\n") == [line]


def test_a_point_outside_the_screen_is_refused() -> None:
    after = launched('- tapOn: {point: "2000,10"}\n')
    assert "outside the screen" in after.play.failed[0]


def test_tapping_several_times() -> None:
    after = launched("- tapOn: {id: search_field, repeat: 3, delay: 10}\n- inputTerm\n")
    assert after.phone.log.count("tap search_field") == 4


def test_a_tap_that_changes_nothing_is_repeated_if_asked() -> None:
    after = launched("- tapOn: {id: search_field, retryTapIfNoChange: true}\n- inputTerm\n")
    assert after.phone.log.count("tap search_field") == 3


def test_a_point_in_an_element() -> None:
    after = launched('- tapOn: {id: search_field, point: "50%,50%"}\n- inputTerm\n')
    assert after.phone.log.count("tap search_field") == 2


def test_scrolling_ends_with_the_list() -> None:
    after = launched("- scrollUntilVisible: {element: Impressum}\n")
    assert "the end of the list" in after.play.failed[0]
    assert (
        launched("- scrollUntilVisible: {element: {id: search_field}}\n- inputTerm\n").play.failed
        == []
    )


def test_waiting_for_rest_ends() -> None:
    assert launched("- waitForAnimationToEnd\n- inputTerm\n").play.failed == []
