"""What pages send, as their DevTools tell it, against the witness; a real Chromium in between.

The witness is the proxy of the virtual internet: it knows neither the harness nor DevTools.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from harness.clock import SystemClock
from harness.device.adb import AdbServer
from harness.traffic.exchange import Exchange, Kind, Layer
from harness.traffic.matching import pair
from harness.traffic.witness import WitnessRecord
from harness.webview.capture import PageCapture
from harness.webview.sockets import LIST_COMMAND, socket_of, watchable
from tests.virtual.web.conftest import WebDevice, eventually

pytestmark = [pytest.mark.device, pytest.mark.xdist_group("virtual-web")]

TERM = "hépatite"
SCRIPT = """
(function () {
  const term = 'hépatite';
  fetch('https://t.example/json', {method: 'POST', body: JSON.stringify({q: term})});
  const xhr = new XMLHttpRequest();
  xhr.open('POST', 'https://t.example/xhr'); xhr.send('q=' + term);
  new Image().src = 'https://t.example/pixel?dl=' + encodeURIComponent(location + '?q=' + term);
  navigator.sendBeacon('https://t.example/beacon', term);
  fetch('https://t.example/blob', {method: 'POST', body: new Blob([term])});
  fetch('https://t.example/large', {method: 'POST', body: term + 'x'.repeat(1048576)});
  const socket = new WebSocket('wss://t.example/socket');
  socket.onopen = () => { socket.send(term); socket.send(new TextEncoder().encode(term)); };
  const code = "fetch('https://t.example/worker?q=' + encodeURIComponent('hépatite'))";
  new Worker(URL.createObjectURL(new Blob([code])));
  return 'sent';
})()
"""
PATHS = ("json", "xhr", "pixel", "beacon", "blob", "large", "socket", "worker")


@pytest.fixture
def capture(web_device: WebDevice) -> Iterator[PageCapture]:
    web_device.load("https://page.example/")
    adb = AdbServer(web_device.adb.server_port).device(web_device.machine.serial)
    pid = web_device.pid()
    assert pid in watchable(adb.shell(LIST_COMMAND).stdout)
    with adb.forwarded(socket_of(pid)) as port:
        made = PageCapture(port, SystemClock())
        eventually(lambda: made.watched > 0)
        yield made
        made.close()


def carrying(exchanges: tuple[Exchange, ...]) -> dict[str, int]:
    """Path of t.example to how many requests or messages to it hold the term in any way."""
    found: dict[str, int] = {}
    for each in exchanges:
        name = each.request.url.partition("t.example/")[2].partition("?")[0]
        said = each.request.url.encode() + each.request.body.data
        if name in PATHS and (TERM.encode() in said or b"h%C3%A9patite" in said):
            found[name] = found.get(name, 0) + 1
    return found


def test_every_way_of_a_page_is_seen_with_its_body(
    capture: PageCapture, web_device: WebDevice
) -> None:
    record = WitnessRecord(web_device.machine.record)
    assert json.loads(web_device.evaluate(SCRIPT)) == "sent"
    expected = dict.fromkeys(PATHS, 1) | {"socket": 2}

    def witnessed() -> tuple[Exchange, ...]:
        record.poll()
        return record.exchanges()

    eventually(lambda: carrying(witnessed()) == expected)
    eventually(lambda: carrying(capture.exchanges()) == expected)
    assert capture.gaps() == ()
    assert capture.ended == ""
    seen = [each for each in capture.exchanges() if each.kind is Kind.HTTP]
    there = [each for each in witnessed() if each.host == "t.example" and each.kind is Kind.HTTP]
    matched = {witness.id for _, witness in pair(seen, there)}
    missed = [each.request.url for each in there if each.id not in matched]
    assert missed in ([], ["https://t.example/socket"]), "the handshake is no request of the page"
    assert all(each.seen_by == (Layer.WEBVIEW,) for each in seen)
    (posted,) = (each for each in seen if each.request.url.endswith("/json"))
    assert posted.response is not None
    assert posted.response.status == 200
    assert posted.stack.frames
    assert capture.quiet_for_s() < 60


def test_a_form_and_the_page_that_answers_it(capture: PageCapture, web_device: WebDevice) -> None:
    web_device.evaluate(
        "document.getElementById('q').value = 'hépatite'; document.forms[0].submit()"
    )
    find = "https://page.example/find?q=h%C3%A9patite"
    eventually(lambda: any(each.request.url == find for each in capture.exchanges()))
