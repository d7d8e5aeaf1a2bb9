"""Pages that misbehave: app and device stay usable."""

from __future__ import annotations

import time

import pytest

from .conftest import PACKAGE, WebDevice, eventually

pytestmark = [pytest.mark.device, pytest.mark.xdist_group("virtual-web")]

HOME = "https://page.example/"
BAD = "https://bad.example"
LOOK_LIMIT_S = 60.0


@pytest.fixture
def bad(web_device: WebDevice) -> WebDevice:
    web_device.clear_logs()
    return web_device


def usable(device: WebDevice) -> None:
    """The next page is shown, found and tapped."""
    device.load(HOME)
    device.tap("mark")
    device.wait_log("console LOG at 125 725 …")


@pytest.mark.parametrize("fresh", [True, False], ids=["first-of-its-view", "after-another"])
def test_a_page_that_never_finishes(bad: WebDevice, fresh: bool) -> None:
    """Nor is it finished when the empty page of a new view, or the one before, has stopped."""
    if fresh:
        bad.adb.text("shell", f"am force-stop {PACKAGE}")
    bad.command("load", f"{BAD}/slow")
    bad.wait_log(f"started {BAD}/slow")
    bad.wait_text("schon da")
    assert f"finished {BAD}/slow" not in bad.logs()
    usable(bad)


def test_a_redirect_in_a_circle(bad: WebDevice) -> None:
    bad.command("load", f"{BAD}/circle")
    bad.wait_log("error -9 net::ERR_TOO_MANY_REDIRECTS …")
    usable(bad)


def test_boxes_without_end(bad: WebDevice) -> None:
    bad.command("load", f"{BAD}/alerts")
    for number in range(3):
        bad.wait_text(f"Box {number}")
        bad.tap("android:id/button1")
    bad.wait_text("Box 3")
    bad.adb.text("shell", "input keyevent BACK")  # the box's, not the page's
    bad.wait_text("Box 4")
    usable(bad)


def test_a_page_that_does_nothing_else_any_more(bad: WebDevice) -> None:
    bad.load(f"{BAD}/busy")
    started = time.monotonic()
    assert bad.png().startswith(b"\x89PNG")
    bad.dump()
    assert time.monotonic() - started < LOOK_LIMIT_S
    usable(bad)


def test_a_renderer_that_crashes(bad: WebDevice) -> None:
    bad.load(HOME)
    bad.command("load", "chrome://crash")
    bad.wait_log("gone true")
    usable(bad)


def test_a_page_that_closes_itself(bad: WebDevice) -> None:
    bad.command("load", f"{BAD}/close")
    bad.wait_log(f"started {BAD}/close")
    usable(bad)


def test_a_browser_that_ends(bad: WebDevice) -> None:
    bad.load(HOME)
    for pid in bad.browsers():
        bad.kill(pid)
    eventually(lambda: bad.browsers() == [])
    assert bad.png().startswith(b"\x89PNG")
    bad.adb.text("shell", f"am force-stop {PACKAGE}")
    usable(bad)
