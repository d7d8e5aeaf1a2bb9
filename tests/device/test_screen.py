from __future__ import annotations

from collections.abc import Iterable

import pytest

from harness.device.device import HierarchyUnavailable
from harness.device.hierarchy import Hierarchy
from harness.device.screen import NotFound, Screen
from harness.device.selectors import Selector
from tests.device.screens import node, screen
from tests.device.scripted import FakeClock

BUSY = HierarchyUnavailable("the screen could not be read", seen="could not get idle state")
OK = Selector(text="OK")


class Film:
    """Shows one picture per dump, the last one for ever; an error is raised instead of shown."""

    def __init__(self, pictures: Iterable[Hierarchy | HierarchyUnavailable]) -> None:
        self._pictures = list(pictures)
        self.shown = 0
        self.taps: list[tuple[int, int]] = []

    def hierarchy(self) -> Hierarchy:
        picture = self._pictures[min(self.shown, len(self._pictures) - 1)]
        self.shown += 1
        if isinstance(picture, HierarchyUnavailable):
            raise picture
        return picture

    def tap(self, x: int, y: int) -> None:
        self.taps.append((x, y))


def test_finds_as_soon_as_it_is_there() -> None:
    clock = FakeClock()
    film = Film([screen(), BUSY, screen(), screen(node("OK"))])
    assert Screen(film, clock).find(OK).text == "OK"
    assert film.shown == 4
    assert sum(clock.slept) < 1


def test_one_deadline_and_near_misses() -> None:
    clock = FakeClock()
    begun = clock.time_s
    with pytest.raises(NotFound, match=r"not on the screen within 7 s: text: 'OK'") as caught:
        Screen(Film([screen(node("OK!"), node("other"))]), clock).find(OK, 7)
    assert clock.time_s - begun == pytest.approx(7, abs=0.2)
    assert caught.value.seen == "text: 'OK!'"


def test_a_screen_that_cannot_be_read_is_not_called_empty() -> None:
    with pytest.raises(HierarchyUnavailable):
        Screen(Film([BUSY]), FakeClock()).find(OK, 1)
    with pytest.raises(HierarchyUnavailable):
        Screen(Film([BUSY]), FakeClock()).wait_not_visible(OK, 1)


def test_taps_where_it_is_after_the_animation() -> None:
    moving = [screen(node("OK", at=(0, top, 100, top + 50))) for top in (900, 600, 300, 300)]
    film = Film(moving)
    Screen(film, FakeClock()).tap_on(OK)
    assert film.taps == [(50, 325)]


def test_tap_on_what_vanishes_meanwhile_is_an_error() -> None:
    film = Film([screen(node("OK")), screen()])
    with pytest.raises(NotFound):
        Screen(film, FakeClock()).tap_on(OK, 3)
    assert film.taps == []


def test_settles_on_two_equal_trees_or_in_time() -> None:
    film = Film([screen(node("1")), screen(node("2")), screen(node("2")), screen(node("3"))])
    assert Screen(film, FakeClock()).settle() == screen(node("2"))
    restless = Film([screen(node(str(n))) for n in range(100)])
    clock = FakeClock()
    begun = clock.time_s
    Screen(restless, clock).settle()
    assert clock.time_s - begun < 3
    with pytest.raises(HierarchyUnavailable):
        Screen(Film([BUSY]), FakeClock()).settle()


def test_waits_until_it_is_gone() -> None:
    Screen(Film([screen(node("OK")), screen(node("OK")), screen()]), FakeClock()).wait_not_visible(
        OK
    )
    with pytest.raises(NotFound, match="still on the screen after 2 s"):
        Screen(Film([screen(node("OK"))]), FakeClock()).wait_not_visible(OK, 2)
