"""How fast `scan` is, and how much memory it needs.

Bulk traffic (2,000 tracker-like requests, 400 of them with the term) through HAR reading, matching
and attribution on one core, with one term and with a hundred; a 1 GB file; two processes on one
file; TrackHAR on the same bulk. Ratios are taken within one run: the machine may be busy.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from harness.cli.scanner import Task
from harness.cli.scanning import scan_file
from tests.bench import trackhar
from tests.bench.bulk import Labelled, bulk, har_text
from tests.bench.figures import Figure, at_least, at_most, result

TERM = "hépatite"
ROUNDS = 3
LARGE_BYTES = 1 << 30
SHARED_ENTRIES = 20_000


def run() -> dict[str, Any]:
    rows = list(bulk(TERM))
    many_terms = (TERM, *(f"Suchwort{number}heit" for number in range(99)))
    with tempfile.TemporaryDirectory(prefix="leak-bench-") as folder:
        path = Path(folder) / "bulk.har"
        path.write_text(har_text([row.entry for row in rows]), "utf-8")
        one = [throughput(path, (TERM,), rows) for _ in range(ROUNDS)]
        many = [throughput(path, many_terms, rows) for _ in range(ROUNDS)]
    rates = tuple(round(len(rows) / seconds) for seconds, _, _ in one)
    share = min(seconds for seconds, _, _ in one) / min(seconds for seconds, _, _ in many)
    _, found, alarms = one[0]
    figures = [
        Figure(
            "bulk, one core",
            "requests/s",
            rates,
            at_least(2000),
            "CPU time; HAR read and terms prepared too",
        ),
        Figure("bulk, speed with 100 terms", "of 1 term's", (round(share, 2),), at_least(0.5)),
        Figure("bulk, found", "of 400", (found,), at_least(400)),
        Figure("bulk, false alarms", "", (alarms,), at_most(0)),
    ]
    theirs = trackhar.answer([row.entry for row in rows], TERM)
    if theirs.found:
        hits = sum(hit for hit, row in zip(theirs.found, rows, strict=True) if row.term)
        figures.append(Figure("TrackHAR, bulk found", "of 400", (hits,)))
        figures.append(Figure("TrackHAR, bulk", "requests/s", (round(len(rows) / theirs.seconds),)))
    with tempfile.TemporaryDirectory(prefix="leak-bench-") as folder:
        figures += shared(Path(folder))
        figures += large(Path(folder))
    return result(figures, trackhar=theirs.why)


def throughput(path: Path, terms: tuple[str, ...], rows: list[Labelled]) -> tuple[float, int, int]:
    """(CPU seconds, leaky requests found, clean ones reported) for the whole file."""
    scan_file(path, Task(terms))  # imports, and the catalogue
    before = time.process_time()
    outcome = scan_file(path, Task(terms))
    seconds = time.process_time() - before
    hit = {entry.index for entry in outcome.entries if entry.scan.sightings}
    found = sum(index in hit for index, row in enumerate(rows) if row.term)
    return seconds, found, len(hit) - found


def shared(folder: Path) -> list[Figure]:
    """Two processes against one on a file of 60 MB."""
    path = folder / "shared.har"
    path.write_text(har_text([row.entry for row in bulk(TERM, SHARED_ENTRIES)]), "utf-8")
    alone, _ = command(path, "--jobs", "1")
    together, _ = command(path, "--jobs", "2")
    cores = len(os.sched_getaffinity(0))
    note = f"{cores} cores; the ratio needs both of them idle"
    path.unlink()
    return [
        Figure("two processes", "times one", (round(alone / together, 2),), at_least(1.8), note)
    ]


def large(folder: Path) -> list[Figure]:
    """Peak memory and rate on a HAR of 1 GB, most of it answers."""
    path = folder / "large.har"
    size = _write_large(path)
    seconds, peak_mb = command(path)
    path.unlink()
    return [
        Figure("1 GB file, peak memory", "MB", (peak_mb,), at_most(500)),
        Figure("1 GB file, rate", "MB/s", (round(size / seconds / 1e6, 1),)),
    ]


def _write_large(path: Path) -> int:
    """A document of `LARGE_BYTES`: bulk requests whose answers are scripts of 256 kB."""
    script = "function f(a,b){return a.slice(0,b)+'/assets/img/sprite.svg?x=1&y=2'}\n" * 3700
    entries = [row.entry for row in bulk(TERM, 64)]
    for entry in entries:
        entry["response"]["content"] = {"size": len(script), "text": script}
    block = ",".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
    with path.open("w", encoding="utf-8") as file:
        file.write('{"log":{"version":"1.2","creator":{"name":"bench","version":"1"},"entries":[')
        while True:
            file.write(block)
            if file.tell() >= LARGE_BYTES:
                break
            file.write(",")
        file.write("]}}")
    return path.stat().st_size


def command(path: Path, *options: str) -> tuple[float, float]:
    """(wall seconds, peak resident MB) of `leak-harness scan` on a file."""
    script = "import sys; from harness.cli import main; main()"
    argv = [sys.executable, "-c", script, "scan", str(path), "--term", TERM, *options]
    before = time.monotonic()
    process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 1:
        raise RuntimeError(f"scan ended with {process.returncode}, not with the leak it should see")
    return time.monotonic() - before, round(_megabytes(usage), 1)


def _megabytes(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss / 1024
