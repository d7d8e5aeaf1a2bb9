"""How pages and workers are attached to, and what is told where that fails."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from harness.traffic.exchange import Body
from harness.webview.capture import PageCapture
from tests.fakes.clock import FakeClock
from tests.virtual.web.conftest import eventually
from tests.webview.browser import Answers, FakeBrowser, agrees
from tests.webview.test_pages import SENT, event


@contextmanager
def watching(answer: Answers = agrees) -> Iterator[tuple[FakeBrowser, PageCapture]]:
    browser = FakeBrowser(answer)
    capture = PageCapture(browser.port, FakeClock(), "7")
    try:
        yield browser, capture
    finally:
        capture.close()
        browser.close()


def attach(browser: FakeBrowser, session: str, kind: str, url: str = "https://p.example/") -> None:
    eventually(lambda: browser.commands)
    target = {"type": kind, "url": url, "targetId": session}
    browser.say("Target.attachedToTarget", sessionId=session, targetInfo=target)


def methods(browser: FakeBrowser, session: str) -> list[str]:
    return [each["method"] for each in browser.commands if each.get("sessionId", "") == session]


def test_a_target_is_watched_before_it_runs() -> None:
    with watching() as (browser, capture):
        attach(browser, "s1", "worker")
        eventually(lambda: capture.watched == 1)
        eventually(lambda: len(methods(browser, "s1")) == 7)
        assert methods(browser, "") == ["Target.setAutoAttach"]
        assert methods(browser, "s1") == [
            "Network.enable",
            "Debugger.setSkipAllPauses",
            "Debugger.enable",
            "Debugger.setSkipAllPauses",
            "Debugger.setAsyncCallStackDepth",
            "Target.setAutoAttach",
            "Runtime.runIfWaitingForDebugger",
        ]
        browser.say(SENT, "s1", **event("https://t.example/"))
        eventually(lambda: capture.exchanges())
        assert capture.gaps() == ()
        assert capture.quiet_for_s() == 0


def test_what_was_at_work_before_is_told_as_late() -> None:
    def answer(command: dict[str, Any]) -> dict[str, Any]:
        return {"result": {}}

    with watching(answer) as (browser, capture):
        eventually(lambda: browser.commands)
        for url, waiting in (("https://a.example/", False), ("https://b.example/", True)):
            target = {"type": "page", "url": url, "targetId": url}
            browser.say(
                "Target.attachedToTarget",
                sessionId=url,
                targetInfo=target,
                waitingForDebugger=waiting,
            )
        attach(browser, "s3", "page", "about:blank")
        eventually(lambda: capture.watched == 3)
        assert [url for url, _ in capture.late(0)] == ["https://a.example/"]
        assert capture.late(capture.late(0)[0][1] + 1) == ()


def test_other_targets_are_let_run() -> None:
    with watching() as (browser, capture):
        attach(browser, "s1", "tab")
        eventually(lambda: len(methods(browser, "s1")) == 2)
        assert "Network.enable" not in methods(browser, "s1")
        assert capture.watched == 0


def test_a_message_that_nobody_understands_ends_it_and_is_told() -> None:
    """Nothing that comes later is heard: that must not look like pages that are quiet."""
    with watching() as (browser, capture):
        eventually(lambda: browser.commands)
        browser.say("Target.attachedToTarget", sessionId="s1")
        eventually(lambda: capture.ended)
        assert capture.ended == "KeyError: 'targetInfo'"


def test_what_a_page_sends_while_it_is_left_is_told_by_the_browsers_own_door() -> None:
    with watching() as (browser, capture):
        attach(browser, "s1", "page")
        request = {"url": "https://t.example/beacon", "method": "POST", "headers": {}}
        browser.say("Fetch.requestPaused", "s1", requestId="job-1", request=request)
        eventually(lambda: capture.exchanges())
        eventually(lambda: "Fetch.continueRequest" in methods(browser, "s1"))
        (last,) = (each for each in browser.commands if each["method"] == "Fetch.continueRequest")
        assert last["params"] == {"requestId": "job-1"}
        assert capture.gaps() == ()


def test_a_browser_without_that_door_is_told() -> None:
    def answer(command: dict[str, Any]) -> dict[str, Any]:
        if command["method"] == "Fetch.enable":
            return {"error": {"message": "'Fetch.enable' wasn't found"}}
        return {"result": {}}

    with watching(answer) as (browser, capture):
        attach(browser, "s1", "page")
        eventually(lambda: capture.gaps())
        told = ("not seen: what a page (https://p.example/) sends while it is left",)
        assert capture.gaps() == told


def test_bodies_are_asked_for_at_once() -> None:
    def answer(command: dict[str, Any]) -> dict[str, Any]:
        if command["method"] != "Network.getRequestPostData":
            return {"result": {}}
        if command["params"]["requestId"] == "gone":
            return {"error": {"message": "No resource with given id was found"}}
        encoded = base64.b64encode(b"\x00large").decode()
        return {"result": {"postData": encoded, "base64Encoded": True}}

    with watching(answer) as (browser, capture):
        attach(browser, "s1", "page")
        eventually(lambda: capture.watched)
        for number in ("1", "gone"):
            sent = event("https://t.example/", number, hasPostData=True)
            browser.say(SENT, "s1", **sent)
        eventually(lambda: len(capture.exchanges()) == 2)
        eventually(lambda: capture.exchanges()[0].request.body == Body.of(b"\x00large"))
        assert capture.exchanges()[1].request.body.unread


def test_what_cannot_be_watched_is_told() -> None:
    def answer(command: dict[str, Any]) -> dict[str, Any]:
        refused = command["method"] == "Network.enable"
        return {"error": {"message": "not supported"}} if refused else {"result": {}}

    with watching(answer) as (browser, capture):
        attach(browser, "s1", "service_worker", "https://p.example/sw.js")
        eventually(lambda: capture.gaps())
        assert capture.gaps() == (
            "no network events of a service_worker (https://p.example/sw.js)",
        )
        browser.say(SENT, "s1")
        eventually(lambda: len(capture.gaps()) == 2)
        assert capture.gaps()[1] == "1 network events of pages could not be read"
        browser.hang_up()
        eventually(lambda: capture.ended)
