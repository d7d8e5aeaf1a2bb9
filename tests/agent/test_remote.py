"""Calls into the agent: each ends."""

from __future__ import annotations

import threading

import frida
import pytest

from harness.agent.remote import Remote
from harness.errors import LabError


class FakeExports:
    def __init__(self) -> None:
        self.release = threading.Event()

    def double(self, number: int) -> int:
        return number * 2

    def refuse(self) -> None:
        raise frida.RPCException(
            "Error", "no text field has the focus", "no text field has the focus"
        )

    def gone(self) -> None:
        raise frida.InvalidOperationError("script has been destroyed")

    def bug(self) -> None:
        raise ZeroDivisionError

    def hang(self) -> None:
        self.release.wait()


def test_answers() -> None:
    assert Remote(FakeExports(), "app").call("double", 4, timeout_s=5) == 8


@pytest.mark.parametrize(
    ("function", "seen"), [("refuse", "no text field has the focus"), ("gone", "destroyed")]
)
def test_failures_are_the_labs(function: str, seen: str) -> None:
    with pytest.raises(LabError) as caught:
        Remote(FakeExports(), "org.app (pid 1)").call(function, timeout_s=5)
    assert seen in caught.value.seen
    assert caught.value.where == "org.app (pid 1)"


def test_our_own_bugs_stay_bugs() -> None:
    with pytest.raises(ZeroDivisionError):
        Remote(FakeExports(), "app").call("bug", timeout_s=5)


def test_a_hanging_app_does_not_hang_us() -> None:
    exports = FakeExports()
    with pytest.raises(LabError, match="hang failed") as caught:
        Remote(exports, "app").call("hang", timeout_s=0.05)
    assert "no answer" in caught.value.seen
    exports.release.set()
