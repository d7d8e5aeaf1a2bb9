"""Looking for the pages of a process; real ones are watched in tests/webview/test_on_virtual."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import pytest

from harness.device.adb import Adb
from harness.device.facts import ShellResult
from harness.device.web_pages import watch_pages
from harness.errors import LabError
from tests.fakes.clock import FakeClock
from tests.virtual.web.conftest import eventually
from tests.webview.browser import FakeBrowser

LINE = "0: 00000002 00000000 00010000 0001 01 31338 @webview_devtools_remote_5021\n"


class FakeAdb:
    """A device whose forwards lead to a port of this machine."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.open: list[str] = []

    def shell(self, command: object) -> ShellResult:
        return ShellResult(LINE, "", 0)

    @contextmanager
    def forwarded(self, remote: str) -> Iterator[int]:
        self.open.append(remote)
        try:
            yield self._port
        finally:
            self.open.remove(remote)
            raise LabError("the device is gone")


def test_the_forward_lives_as_long_as_the_pages_are_watched() -> None:
    browser = FakeBrowser()
    adb = FakeAdb(browser.port)
    assert watch_pages(cast(Adb, adb), 1, FakeClock()) is None
    pages = watch_pages(cast(Adb, adb), 5021, FakeClock())
    assert pages is not None
    assert adb.open == ["localabstract:webview_devtools_remote_5021"]
    eventually(lambda: browser.commands)
    assert (pages.exchanges(), pages.gaps(), pages.ended, pages.watched) == ((), (), "", 0)
    assert pages.quiet_for_s() == 0
    pages.close()
    assert adb.open == []
    browser.close()


def test_devtools_that_do_not_answer_leave_no_forward() -> None:
    browser = FakeBrowser(version=b"")
    adb = FakeAdb(browser.port)
    with pytest.raises(LabError):
        watch_pages(cast(Adb, adb), 5021, FakeClock())
    assert adb.open == []
    browser.close()
