"""Web views: from the start command to a drawn page, memory, typing, a dump of 500 nodes, capture.

One device with the probe app of the tests. The first start of a device is called cold: its browser
has not run since; the files may be in the system's cache. Times go through adb, as scenarios do.
"""

from __future__ import annotations

import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from harness.clock import SystemClock
from harness.device.adb import AdbServer
from harness.device.providers import DeviceRequest, open_device
from harness.virtual.apk import build_app
from harness.virtual.daemon import list_devices
from harness.webview.capture import PageCapture
from harness.webview.sockets import socket_of
from tests.bench.device_rig import Rig
from tests.bench.figures import Figure, at_least, at_most, result
from tests.virtual.conftest import Adb
from tests.virtual.web.conftest import APP, PACKAGE, WebDevice, eventually

HOME = "https://page.example/"
INTERNET = Path(__file__).parents[1] / "virtual" / "web" / "internet"
WARM_RUNS = 5
RUNS = 10
REQUESTS = 500
BURST = """(async () => {
  const jobs = [], began = performance.now();
  for (let i = 0; i < %d; i++) jobs.push(fetch('/told?' + i, {method: 'POST', body: 'x' + i}));
  await Promise.all(jobs);
  console.log('burst', Math.round(performance.now() - began));
})()"""


def run() -> dict[str, Any]:
    """See the module's docstring."""
    apk = build_app(APP, "plain")
    with tempfile.TemporaryDirectory(prefix="leak-bench-") as output:
        request = DeviceRequest("virtual", scenario_internet=(INTERNET,), output_dir=Path(output))
        with closing(open_device(request, SystemClock())) as provided:
            provided.device.install(apk)
            machine = next(each for each in list_devices() if each.serial == provided.serial)
            adb = Adb(provided.adb_port, provided.serial)
            return result(_figures(WebDevice(machine, adb), Rig(provided, apk)))


def _figures(device: WebDevice, rig: Rig) -> list[Figure]:
    rig.wait_for_spare()
    cold = _first_paint(device)
    warm = []
    for _ in range(WARM_RUNS):
        device.adb.text("shell", f"am force-stop {PACKAGE}")
        rig.wait_for_spare()
        warm.append(_first_paint(device))
    memory = _memory_mb(device)
    typing = _typing(device)
    device.load(HOME + "many")
    device.dump()
    dumps = [_timed_dump(device) for _ in range(RUNS)]
    note = "am start to the page in a screenshot"
    bare = _burst(device)
    watched, lost = _watched_burst(device)
    every = f"{REQUESTS} POSTs at once through the device's proxy"
    return [
        Figure("first paint, browser cold", "s", (cold,), at_most(1.2), note),
        Figure("first paint, browser warm", "s", tuple(warm), at_most(0.5), note),
        Figure("browser with one page", "MB", (memory,), at_most(300), "PSS of all its processes"),
        Figure("eight letters by keys, read back", "s", typing, at_most(1.0)),
        Figure("uiautomator dump, 500 nodes", "ms", tuple(dumps), at_most(400)),
        Figure("a page's requests, unwatched", "1/s", (bare,), None, every),
        Figure("a page's requests, watched", "1/s", (watched,), None, every),
        Figure(
            "watched against unwatched", "", (watched / bare,), at_least(0.9), "the proxy limits"
        ),
        Figure("of them not told", "", (lost,), at_most(0), "against the proxy's record"),
    ]


def _first_paint(device: WebDevice) -> float:
    """Until the page has finished and the screen with it has been drawn."""
    device.clear_logs()
    started = time.monotonic()
    device.command("load", HOME)
    device.wait_log(f"finished {HOME}")
    device.png()
    return time.monotonic() - started


def _memory_mb(device: WebDevice) -> float:
    total_kb = 0
    for pid in {*device.browsers(), *_children(device)}:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                total_kb += int(line.split()[1])
    return total_kb / 1024


def _children(device: WebDevice) -> set[int]:
    found: set[int] = set()
    for pid in device.browsers():
        for listing in Path(f"/proc/{pid}/task").glob("*/children"):
            found |= {int(word) for word in listing.read_text(encoding="ascii").split()}
    return found


def _typing(device: WebDevice) -> tuple[float, ...]:
    times = []
    for _ in range(3):
        device.load(HOME)
        device.tap("q")
        started = time.monotonic()
        device.adb.text("shell", "input text migraene")
        if device.node("q")["text"] != "migraene":
            raise RuntimeError("the text did not arrive")
        times.append(time.monotonic() - started)
    return tuple(times)


def _burst(device: WebDevice) -> float:
    """Requests a second, by the page's own clock."""
    device.load(HOME)
    device.clear_logs()
    device.command("eval", BURST % REQUESTS)
    device.wait_log("console LOG burst …")
    (line,) = (each for each in device.logs() if each.startswith("console LOG burst"))
    return REQUESTS / int(line.split()[3]) * 1000


def _watched_burst(device: WebDevice) -> tuple[float, int]:
    """The same, and how many of those that the proxy has were not told."""
    adb = AdbServer(device.adb.server_port).device(device.machine.serial)
    before = len(_told(device))
    with adb.forwarded(socket_of(device.pid())) as port:
        capture = PageCapture(port, SystemClock())
        eventually(lambda: capture.watched > 0)
        rate = _burst(device)
        there = _told(device)[before:]
        eventually(lambda: capture.quiet_for_s() > 1)
        told = {(each.request.url, each.request.body.data.decode()) for each in capture.exchanges()}
        capture.close()
    return rate, sum((url, f"x{url.partition('?')[2]}") not in told for url in there)


def _told(device: WebDevice) -> list[str]:
    return [each["url"] for each in device.events("request") if "/told?" in each["url"]]


def _timed_dump(device: WebDevice) -> float:
    started = time.monotonic()
    device.adb.text("shell", "uiautomator dump /data/local/tmp/bench.xml")
    return (time.monotonic() - started) * 1000
