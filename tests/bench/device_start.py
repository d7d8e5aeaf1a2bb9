"""From the command `leak-harness virtual start` to a device that has booted, and its end.

Cold means: new processes throughout, with the downloads and compiled parts in the cache, as after
`make setup`. Output: the whole command, its parts by what it says on the way, and the stop.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections import defaultdict
from functools import partial
from pathlib import Path
from typing import Any

from harness.virtual.daemon import stop_device
from tests.bench.device_rig import timed
from tests.bench.figures import Figure, at_most, result

RUNS = 5
COMMAND = str(Path(sys.executable).with_name("leak-harness"))


def run() -> dict[str, Any]:
    """See the module's docstring."""
    totals: list[float] = []
    stops: list[float] = []
    parts: dict[str, list[float]] = defaultdict(list)
    for _ in range(RUNS):
        serial, total_s, said = _started()
        totals.append(total_s)
        for what, taken_s in said.items():
            parts[what].append(taken_s)
        stops.append(timed(partial(stop_device, serial)))
    figures = [
        Figure("virtual start, until booted", "s", tuple(totals), at_most(12)),
        *(Figure(f"  {what}", "s", tuple(values)) for what, values in parts.items()),
        Figure("virtual stop, until nothing runs", "s", tuple(stops)),
    ]
    return result(figures)


def _started() -> tuple[str, float, dict[str, float]]:
    """Serial, seconds of the whole, and of each part under what was said at its begin."""
    started = time.perf_counter()
    moments = [("command and daemon", started)]
    with subprocess.Popen(
        [COMMAND, "virtual", "start"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        for line in process.stderr:
            moments.append((line.strip(), time.perf_counter()))
        serial = process.stdout.read().strip()
    ended = time.perf_counter()
    if process.returncode or not serial:
        raise RuntimeError(f"virtual start: exit {process.returncode}: {moments[-1][0]}")
    ends = [moment for _, moment in moments[1:]] + [ended]
    parts = {
        what: end - begin
        for (what, begin), end in zip(moments, ends, strict=True)
        if not what.startswith("ready")
    }
    return serial, ended - started, parts
