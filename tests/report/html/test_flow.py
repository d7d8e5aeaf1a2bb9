"""The drawing: three columns, bands between them, never larger than a page."""

from __future__ import annotations

from harness.report.grouping import received
from harness.report.html.flow import MAX_BOXES, STEP, TOP, drawing
from tests.report.items import leaking, passing


def test_nothing_received_is_no_drawing() -> None:
    assert drawing(received([passing()]), "own") is None


def test_a_box_per_term_sdk_and_recipient() -> None:
    found = drawing(received([leaking("cancer"), leaking("covid")]), "own")
    assert found is not None
    assert [box.title for box in found.boxes] == [
        "cancer", "covid", "Mixpanel", "api-js.mixpanel.com",
    ]  # fmt: skip
    assert found.boxes[-1].under == "Mixpanel, Inc."
    assert len(found.bands) == 3
    assert max(band.weight for band in found.bands) == 18
    assert found.height == TOP + 2 * STEP


def test_many_terms_end_in_one_box() -> None:
    found = drawing(received([leaking(f"term{n}") for n in range(40)]), "own")
    assert found is not None
    assert found.height == TOP + MAX_BOXES * STEP
    more = [box.more for box in found.boxes if box.more]
    assert more == [40 - (MAX_BOXES - 1)]
    assert all(0 <= box.y < found.height for box in found.boxes)


def test_long_names_are_cut() -> None:
    found = drawing(received([leaking("x" * 90)]), "own")
    assert found is not None
    assert found.boxes[0].title == "x" * 25 + "…"
