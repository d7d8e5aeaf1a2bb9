"""Every way in which a page sends, held against what the proxy saw.

The proxy of the virtual internet knows neither the harness nor DevTools. What the DevTools do not
tell is listed here and, by the same names, in `docs/capture.md`.
"""

from __future__ import annotations

import pytest

from harness.clock import SystemClock
from harness.device.adb import AdbServer
from harness.traffic.exchange import Exchange, Kind
from harness.traffic.matching import pair
from harness.traffic.witness import WitnessRecord
from harness.webview.capture import PageCapture
from harness.webview.sockets import socket_of
from tests.virtual.web.conftest import WebDevice, eventually

pytestmark = [pytest.mark.device, pytest.mark.xdist_group("virtual-web")]

HOSTS = ("conform.example", "third.example")
LAST = {
    "in-service-worker", "in-nested", "in-shared", "from-module", "r3", "preflighted", "updated",
}  # fmt: skip
"""Of each chain of the page the request that comes last."""

AT_UNLOAD = {
    "unload-keepalive-same", "unload-beacon-same", "unload-keepalive", "unload-beacon",
    "unload-image", "unload-hop", "unload-landed",
}  # fmt: skip
NOT_TOLD = ["GET sw.js"]
"""The browser's own look for a newer service worker, of which there are two."""


def name(exchange: Exchange) -> str:
    return exchange.request.url.partition(".example/")[2].partition("?")[0]


def test_every_way_of_a_page(web_device: WebDevice) -> None:
    web_device.load("https://page.example/")
    record = WitnessRecord(web_device.machine.record)
    adb = AdbServer(web_device.adb.server_port).device(web_device.machine.serial)

    def witnessed() -> list[Exchange]:
        record.poll()
        return [each for each in record.exchanges() if each.host in HOSTS]

    def told() -> list[Exchange]:
        return [each for each in capture.exchanges() if each.host in HOSTS]

    with adb.forwarded(socket_of(web_device.pid())) as port:
        capture = PageCapture(port, SystemClock())
        eventually(lambda: capture.watched > 0)
        web_device.load("https://conform.example/")
        eventually(lambda: {name(each) for each in witnessed()} >= LAST)
        web_device.load("https://page.example/")
        eventually(lambda: {name(each) for each in witnessed()} >= AT_UNLOAD)
        eventually(lambda: {name(each) for each in told()} >= AT_UNLOAD)
        capture.close()

    assert capture.gaps() == ()
    there = [each for each in witnessed() if name(each) != "socket" or each.kind is Kind.WEBSOCKET]
    pairs = pair(told(), there)
    told_ids, there_ids = {hook.id for hook, _ in pairs}, {witness.id for _, witness in pairs}
    missed = sorted(
        f"{each.request.method} {name(each)}" for each in there if each.id not in there_ids
    )
    assert missed == NOT_TOLD
    assert len(missed) < 0.02 * len(there), "98 of 100 are told, with whole bodies"
    twice = [each.request.url for each in told() if each.id not in told_ids]
    assert twice == [], "nothing is told twice"
