"""The connection to DevTools: calls, answers, events, and every way in which it may end."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from harness.errors import LabError
from harness.webview.cdp import Connection
from tests.virtual.web.conftest import eventually
from tests.webview.browser import FakeBrowser


def answer(command: dict[str, Any]) -> dict[str, Any]:
    if command["method"] == "No.such":
        return {"error": {"message": "'No.such' wasn't found"}}
    return {"result": {"echo": command.get("params")}}


@pytest.fixture
def browser() -> Iterator[FakeBrowser]:
    made = FakeBrowser(answer)
    yield made
    made.close()


def test_answers_find_their_calls_and_events_their_session(browser: FakeBrowser) -> None:
    events: list[Any] = []
    answers: list[Any] = []
    connection = Connection(browser.port, lambda *event: events.append(event))
    connection.start()
    connection.send("A.b", {"x": "é"}, "s1", lambda *both: answers.append(both))
    connection.send("No.such", then=lambda *both: answers.append(both))
    eventually(lambda: len(answers) == 2)
    assert answers[0] == ({"echo": {"x": "é"}}, {})
    assert answers[1][1]["message"] == "'No.such' wasn't found"
    assert browser.commands[0]["sessionId"] == "s1"
    assert "sessionId" not in browser.commands[1]
    browser.say("Network.x", "s1", large="y" * 300_000)
    eventually(lambda: events)
    session, method, params = events[0]
    assert (session, method, len(params["large"])) == ("s1", "Network.x", 300_000)
    assert connection.closed == ""
    connection.close()
    connection.close()
    assert connection.closed == "closed"


def test_a_browser_that_goes_away_is_told(browser: FakeBrowser) -> None:
    connection = Connection(browser.port, lambda *event: None)
    connection.start()
    connection.send("A.b")
    eventually(lambda: browser.commands)
    browser.hang_up()
    eventually(lambda: connection.closed)
    connection.send("A.b")
    assert connection.closed != "closed"
    connection.close()


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(LabError, match="DevTools do not answer"):
        Connection(port, lambda *event: None)


@pytest.mark.parametrize("version", [b"{}", b"no JSON", b""])
def test_something_else_there(version: bytes) -> None:
    browser = FakeBrowser(version=version)
    with pytest.raises(LabError, match="DevTools do not answer"):
        Connection(browser.port, lambda *event: None)
    browser.close()
