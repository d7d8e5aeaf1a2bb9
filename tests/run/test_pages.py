"""The pages of the app under test, on the fake phone."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from harness.findings.coverage import LayerState
from harness.findings.sorting import CLOCK_SLACK_S
from harness.run.pages import LATE, LOOK_EVERY_S, SETTLE_TIMEOUT_S, joined
from harness.scenario.model import LaunchApp
from harness.traffic.exchange import Exchange, Kind, Layer, Request
from tests.fakes.clock import FakeClock
from tests.run.stage import Stage, stage


@dataclass
class FakePages:
    sent: list[Exchange] = field(default_factory=list)
    ended: str = ""
    watched: int = 1
    lacking: tuple[str, ...] = ()
    found: tuple[tuple[str, float], ...] = ()
    closed: bool = False
    quiet_since_s: float | None = None
    clock: FakeClock | None = None

    def exchanges(self) -> tuple[Exchange, ...]:
        return tuple(self.sent)

    def gaps(self) -> tuple[str, ...]:
        return self.lacking

    def late(self, since_s: float) -> tuple[tuple[str, float], ...]:
        return tuple(each for each in self.found if each[1] >= since_s)

    def quiet_for_s(self) -> float:
        if self.clock is None or self.quiet_since_s is None:
            return 0.5
        return self.clock.now() - self.quiet_since_s

    def close(self) -> None:
        self.closed = True


def beacon(made: Stage, name: str = "web:1:1") -> Exchange:
    request = Request("POST", "https://t.example/")
    return Exchange(name, Kind.HTTP, (Layer.WEBVIEW,), "t.example", 443, made.clock.wall(), request)


def started(pages: FakePages | str | None) -> Stage:
    made = stage()
    made.phone.pages = pages
    made.play.app.launch(LaunchApp())
    return made


def web_layer(made: Stage) -> list[LayerState]:
    layers = made.play.app.coverage().layers
    return [state for state in layers if state.layer is Layer.WEBVIEW]


def test_an_app_without_a_page_has_no_such_layer() -> None:
    made = started(None)
    assert web_layer(made) == []
    assert made.play.app.drain() == ()


def test_what_a_page_sends_counts_and_the_layer_is_told() -> None:
    pages = FakePages()
    made = started(pages)
    assert web_layer(made) == [LayerState(Layer.WEBVIEW, True, 0, True)]
    pages.sent.append(beacon(made))
    assert [each.host for each in made.play.app.drain()] == ["t.example"]
    made.clock.sleep(9)
    assert made.play.app.quiet_for_s() == 0.5
    made.play.app.leave()
    assert pages.closed
    assert web_layer(made) == [LayerState(Layer.WEBVIEW, True, 1, True)]
    made.play.app.reset()
    assert web_layer(made) == []


def test_a_page_that_comes_later_is_found() -> None:
    made = started(None)
    made.phone.pages = FakePages()
    made.play.app.look_for_pages()
    assert web_layer(made) == [], "the last look was only just"
    made.clock.sleep(LOOK_EVERY_S)
    made.play.app.look_for_pages()
    assert len(web_layer(made)) == 1


def test_typing_begins_once_the_pages_have_loaded() -> None:
    """What was sent before anybody watched then lies before the typing, by any clock."""
    pages = FakePages()
    made = started(pages)
    pages.clock, pages.quiet_since_s = made.clock, made.clock.now()
    begun_s = made.clock.now()
    made.play.app.typing_begins()
    assert made.clock.now() - begun_s > CLOCK_SLACK_S
    begun_s = made.clock.now()
    made.play.app.typing_begins()
    assert made.clock.now() == begun_s


def test_typing_waits_for_no_page_for_ever_and_for_none_that_is_not_there() -> None:
    chatty, none = started(FakePages()), started(None)
    begun_s = chatty.clock.now()
    chatty.play.app.typing_begins()
    assert chatty.clock.now() - begun_s == pytest.approx(SETTLE_TIMEOUT_S)
    begun_s = none.clock.now()
    none.play.app.typing_begins()
    assert none.clock.now() == begun_s


def test_pages_that_refuse_or_end_are_a_dead_layer() -> None:
    refused = started("no WebSocket")
    assert web_layer(refused) == [
        LayerState(Layer.WEBVIEW, False, detail="its DevTools refuse: no WebSocket")
    ]
    ended = started(FakePages(ended="the browser hung up"))
    assert web_layer(ended)[0].installed is False
    assert web_layer(ended)[0].detail == "the browser hung up"


def test_what_could_not_be_watched_is_a_fault() -> None:
    made = started(FakePages(lacking=("no network events of a worker (w.js)",)))
    assert "no network events of a worker (w.js)" in made.play.app.coverage().errors
    made.play.app.leave()
    assert "no network events of a worker (w.js)" in made.play.app.coverage().errors


def test_the_next_item_goes_on_with_the_same_pages() -> None:
    pages = FakePages()
    made = started(pages)
    pages.sent.append(beacon(made))
    made.play.app.drain()
    made.play.app.reset()
    pages.sent.append(beacon(made, "web:1:2"))
    assert [each.id for each in made.play.app.drain()] == ["web:1:2"]


def test_the_worst_of_several_processes_counts() -> None:
    good = LayerState(Layer.WEBVIEW, True, 3, True)
    bad = LayerState(Layer.WEBVIEW, False, 1, True, "gone")
    assert joined([good, bad]) == (LayerState(Layer.WEBVIEW, False, 4, True, "gone"),)
    assert joined([]) == ()


def test_a_page_found_after_typing_began_was_not_watched_from_its_beginning() -> None:
    pages = FakePages()
    made = started(pages)
    made.play.app.typing_begins()
    now = made.clock.wall()
    pages.found = (("https://old.example/", now - 9), ("https://new.example/find?q=x", now + 1))
    (gap,) = made.play.app.coverage().unwatched
    assert (gap.host, gap.detail, gap.at_s) == ("new.example", LATE, now + 1)
    made.play.app.leave()
    assert made.play.app.coverage().unwatched == (gap,)
    made.play.app.reset()
    assert made.play.app.coverage().unwatched == ()
