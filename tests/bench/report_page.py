"""The HTML report of a run with 10,000 exchanges: how long it takes to write and to open, its size.

The exchanges are as apps send them (headers, a body, an answer, a stack of 30 frames); one in a
hundred carries a term. The page is opened in the real Chromium as a phone has it, from a file,
until its load event and the first picture of it. `LEAK_BENCH_EXCHANGES` makes it smaller.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from harness.detection.engine import Engine
from harness.findings.facts import ScannedExchange
from harness.report.html import document
from harness.report.run import ReportedRun
from harness.traffic.exchange import Body, Request, Response, Stack
from tests.bench.figures import Figure, at_most, result
from tests.findings.building import TERM, TYPED_S, exchange, facts, scanned
from tests.report.html.browser import browser
from tests.report.items import report
from tests.report.runs import item
from tests.report.runs import run as reported

ENGINE = Engine([TERM])
STACK = Stack(tuple(f"com.sdk.part{n}.Worker.step{n}(Worker.java:{n * 7})" for n in range(30)))
HEADERS = (
    ("Content-Type", "application/json"),
    ("User-Agent", "Dalvik/2.1.0 (Linux; U; Android 14; Pixel 7 Build/UQ1A.240205.002)"),
    ("Accept-Encoding", "gzip"),
)


def run() -> dict[str, Any]:
    count = int(os.environ.get("LEAK_BENCH_EXCHANGES", "10000"))
    of = large(count)
    with tempfile.TemporaryDirectory(prefix="leak-bench-") as folder, browser() as page:
        path = Path(folder) / "report.html"
        started = time.perf_counter()
        with path.open("w", encoding="utf-8") as file:
            file.writelines(document(of))
        written_s = time.perf_counter() - started
        opened = []
        for _ in range(3):
            started = time.perf_counter()
            page.open(path, width=412)
            page.picture(full=False)
            opened.append(time.perf_counter() - started)
        size_mb = path.stat().st_size / 1e6
    return result(
        [
            Figure("write the page", "s", (written_s,)),
            Figure("open the page", "s", tuple(opened), at_most(3)),
            Figure("page", "MB", (size_mb,), at_most(30)),
        ],
        exchanges=count,
    )


def large(count: int) -> ReportedRun:
    """A run of one item with so many exchanges."""
    sent = tuple(_sent(count))
    told = report(facts(*(each for each in sent if each.scan.sightings)))
    return reported(item(told, *sent))


def _sent(count: int) -> Iterator[ScannedExchange]:
    for number in range(count):
        word = TERM if number % 100 == 0 else "opened"
        body = f'{{"event":"{word}","n":{number},"props":{{"screen":"search","at":{number * 17}}}}}'
        what = replace(
            exchange(f"c{number % 40}.tracker.example", at_s=TYPED_S + number / 100),
            id=f"b{number}",
            request=Request(
                "POST",
                f"https://c{number % 40}.tracker.example/v2/track?seq={number}&sdk=android-7.1",
                HEADERS,
                Body.of(body.encode() * 4),
            ),
            response=Response(200, HEADERS, Body.of(b'{"status":"ok"}')),
            stack=STACK,
        )
        yield replace(scanned(what), scan=ENGINE.scan(what))
