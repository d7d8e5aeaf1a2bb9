"""The run store with a million exchanges: how fast they go in, what a diff takes, how large it is.

Two runs of half a million exchanges each go into a SQLite file, as a long suite writes them: items
of 5,000 exchanges with headers, bodies of which many repeat, stacks, and one sending in a hundred
that carries a term. `LEAK_BENCH_EXCHANGES` makes it smaller for a look.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from harness.baseline.changes import compare
from harness.baseline.model import AppVersion, ItemRecord
from harness.baseline.observing import observed
from harness.baseline.store import Store
from harness.baseline.versions import about
from harness.findings.facts import ScannedExchange
from harness.findings.verdict import judge
from harness.traffic.exchange import Body, Request, Response, Stack
from harness.traffic.redaction import Redactor
from tests.bench.figures import Figure, at_least, at_most, result
from tests.findings.building import PACKAGE, TERM, TYPED_S, control, exchange, facts, silent
from tests.report.items import report, tracked

PER_ITEM = 5000
HEADERS = (
    ("Content-Type", "application/json"),
    ("User-Agent", "Dalvik/2.1.0 (Linux; U; Android 14; Pixel 7 Build/UQ1A.240205.002)"),
    ("Accept-Encoding", "gzip"),
    ("Connection", "Keep-Alive"),
)
ANSWER = Response(200, (("Content-Type", "application/json"),), Body.of(b'{"status":"ok"}'))


def run() -> dict[str, Any]:
    total = int(os.environ.get("LEAK_BENCH_EXCHANGES", "1000000"))
    with tempfile.TemporaryDirectory(prefix="leak-bench-") as folder:
        path = Path(folder) / "runs.db"
        plain = _filled(path, "plain", total // 2, enabled=False, leaky=False)
        redacted = _filled(path, "redacted", total - total // 2, enabled=True, leaky=True)
        size_mb = path.stat().st_size / 1e6
        with Store.open(str(path), create=False) as store:
            diffs = [_diff(store) for _ in range(3)]
            count = sum(run.items for run in store.reader.runs())
    return result(
        [
            Figure("insert, as it is", "exchanges/s", (plain[0],), at_least(5000)),
            Figure("insert, redacted", "exchanges/s", (redacted[0],), at_least(5000)),
            Figure("CPU per exchange, as it is", "µs", (plain[1],)),
            Figure("CPU per exchange, redacted", "µs", (redacted[1],)),
            Figure("diff of the two runs", "s", tuple(diffs), at_most(2)),
            Figure("file", "MB", (size_mb,)),
            Figure("file per exchange", "bytes", (size_mb * 1e6 / total,)),
        ],
        exchanges=total,
        items=count,
    )


def _filled(
    path: Path, name: str, count: int, *, enabled: bool, leaky: bool
) -> tuple[float, float]:
    """Write a run: exchanges per second, and µs of CPU per exchange, without their making."""
    spent_s = busy_s = 0.0
    with Store.open(str(path)) as store:
        writer = store.writer(name, Redactor(b"k" * 32, keep=[TERM], enabled=enabled))
        writer.start(1.0 + leaky, about("bench"))
        for number, size in enumerate(_sizes(count)):
            record = _item(number, size, leaky)
            began_s, began_busy_s = time.perf_counter(), time.process_time()
            writer.put(record)
            spent_s += time.perf_counter() - began_s
            busy_s += time.process_time() - began_busy_s
        writer.finish(2.0 + leaky, judge(facts()).verdict)
    return count / spent_s, busy_s / count * 1e6


def _sizes(count: int) -> Iterator[int]:
    while count > 0:
        yield min(PER_ITEM, count)
        count -= PER_ITEM


def _item(number: int, size: int, leaky: bool) -> ItemRecord:
    judged = tuple(_exchange(number, each, leaky) for each in range(size - 1))
    of = facts(*judged)
    name = f"search.yaml::search[{number}]"
    app = AppVersion(PACKAGE, "2.0" if leaky else "1.0")
    return ItemRecord(name, report(of, name), scenario=f"{number}.yaml", facts=of, app=app)


def _exchange(item: int, number: int, leaky: bool) -> ScannedExchange:
    name, at_s = f"{item}-{number}", TYPED_S + number / 1000
    if number % 100 == 0:
        found = tracked(at_s=at_s, name=name) if leaky else control(name=name)
        return replace(found, exchange=replace(found.exchange, response=ANSWER))
    body = f'{{"event":"view","page":"p{number % 50}","session":"s-{item}","n":{number % 200}}}'
    what = exchange(f"h{number % 40}.clinic.example", at_s=at_s, name=name, response=ANSWER)
    request = Request("POST", f"{what.request.url}?n={number}", HEADERS, Body.of(body.encode()))
    frames = tuple(f"org.example.clinic.Page{number % 30}.load(Page.java:{n})" for n in range(12))
    return silent(replace(what, request=request, stack=Stack(frames)))


def _diff(store: Store) -> float:
    began_s = time.perf_counter()
    before, now = (
        observed(store.reader, store.reader.find(name)) for name in ("plain", "redacted")
    )
    found = compare(before, now)
    assert found.changes, "the second run has a new recipient"
    return time.perf_counter() - began_s
