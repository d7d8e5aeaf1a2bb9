"""Rewording of the devtools' JSON; Chromium's answers are as recorded from version 147, Android's
form is that of a phone's `chrome://inspect` (Android 14, System WebView 121)."""

from __future__ import annotations

import json

import pytest

from harness.virtual.web.listing import parse_head, reworded

PORT = 33271
REQUEST = b"GET /json/version HTTP/1.1\r\nHost: localhost:9222\r\nAccept-Encoding: gzip\r\nX-A: b"
VERSION = {
    "Browser": "HeadlessChrome/147.0.7727.0",
    "Protocol-Version": "1.3",
    "User-Agent": "Mozilla/5.0 (Linux; Android 14; wv)",
    "V8-Version": "14.7.173",
    "WebKit-Version": "537.36 (@ce01)",
    "webSocketDebuggerUrl": f"ws://127.0.0.1:{PORT}/devtools/browser/9b6d74db",
}
PAGE = {
    "description": "",
    "devtoolsFrontendUrl": f"https://x.example/inspector.html?ws=127.0.0.1:{PORT}/devtools/page/8A",
    "id": "8A",
    "title": "Praxis",
    "type": "page",
    "url": "https://page.example/",
    "webSocketDebuggerUrl": f"ws://127.0.0.1:{PORT}/devtools/page/8A",
}
BLANK = {**PAGE, "id": "9B", "url": "about:blank"}
WORKER = {**PAGE, "id": "W", "type": "worker"}


def body(said: object) -> bytes:
    return json.dumps(said).encode()


def test_the_version_is_a_web_views() -> None:
    head = parse_head(REQUEST)
    said = json.loads(reworded(head, body(VERSION), PORT, "org.example.clinic", {}))
    assert next(iter(said)) == "Android-Package"
    assert said["Android-Package"] == "org.example.clinic"
    assert said["Browser"] == "Chrome/147.0.7727.0"
    assert said["webSocketDebuggerUrl"] == "ws://localhost:9222/devtools/browser"


def test_the_list_has_pages_with_their_views() -> None:
    views = {"8A": {"attached": True, "empty": False, "width": 822}}
    said = json.loads(reworded(parse_head(REQUEST), body([PAGE, BLANK, WORKER]), PORT, "p", views))
    assert [entry["id"] for entry in said] == ["8A", "W"], "a page without content is not listed"
    assert said[0]["webSocketDebuggerUrl"] == "ws://localhost:9222/devtools/page/8A"
    assert said[0]["devtoolsFrontendUrl"].endswith("?ws=localhost:9222/devtools/page/8A")
    described = json.loads(said[0]["description"])
    assert set(described) == {
        *("attached", "empty", "height", "never_attached", "screenX", "screenY"),
        *("visible", "width"),
    }
    assert (described["attached"], described["width"]) == (True, 822)
    assert said[1]["description"] == ""


def test_other_answers_stay() -> None:
    assert (
        reworded(parse_head(REQUEST), b"Target is closing", PORT, "p", {}) == b"Target is closing"
    )


def test_what_chromium_is_asked() -> None:
    sent = parse_head(REQUEST).bytes_for(PORT, "/devtools/browser/secret")
    assert sent == b"GET /json/version HTTP/1.1\r\nHost: 127.0.0.1:33271\r\nX-A: b\r\n\r\n"
    upgrade = b"GET /devtools/browser HTTP/1.1\r\nOrigin: http://x\r\nUpgrade: websocket"
    sent = parse_head(upgrade).bytes_for(PORT, "/devtools/browser/secret")
    assert sent.startswith(b"GET /devtools/browser/secret HTTP/1.1\r\n")
    assert b"Origin" not in sent


@pytest.mark.parametrize("wrong", [b"", b"GET /", b"GET / HTTP/2", b"\x00\x01"])
def test_what_is_no_request(wrong: bytes) -> None:
    with pytest.raises(ValueError, match="not an HTTP request"):
        parse_head(wrong)
