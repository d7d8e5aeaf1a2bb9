"""How long one search takes from start to verdict: the clinic's scenario with consent given.

Output: wall time of an item whose app starts from a warm process, and of one where none waits. The
flush window (the time the app is given to send what it queued, a setting of the scenario) is told
apart, and so are the kinds of steps. A run with another verdict than the known one breaks the
benchmark: its time would mean nothing.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.cli.demo import SCENARIOS, conductor_for
from harness.findings.finding import Verdict
from harness.run.conductor import Conductor
from harness.run.matrix import cells
from harness.scenario.model import Scenario
from harness.scenario.reader import Given, read_scenario
from tests.bench.device_rig import Rig, clinic_device
from tests.bench.figures import Figure, at_most, result

WARM_RUNS = 6
COLD_RUNS = 3
FLOW = SCENARIOS / "clinic" / "accepted.flow.yaml"


@dataclass(slots=True)
class Times:
    """Seconds of several items; `steps` by kind, one value per item."""

    walls: list[float] = field(default_factory=list)
    flushes: list[float] = field(default_factory=list)
    steps: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def without_flush(self) -> tuple[float, ...]:
        return tuple(wall - flush for wall, flush in zip(self.walls, self.flushes, strict=True))


def run() -> dict[str, Any]:
    """See the module's docstring."""
    scenario = read_scenario(FLOW.read_text(encoding="utf-8"), FLOW, Given(display=FLOW.name))
    with clinic_device() as rig, tempfile.TemporaryDirectory(prefix="leak-bench-") as output:
        conductor = conductor_for(rig.provided, [scenario], Path(output), rig.clock)
        warm = _times(conductor, scenario, "warm", WARM_RUNS, rig.wait_for_spare)
        cold = _times(conductor, scenario, "cold", COLD_RUNS, _left(conductor, rig))
        conductor.finish()
    return result(
        [
            Figure("item without flush, warm process", "s", warm.without_flush(), at_most(5)),
            Figure("item without flush, empty pool", "s", cold.without_flush()),
            Figure("flush window", "s", (*warm.flushes, *cold.flushes)),
            Figure("item, warm process", "s", tuple(warm.walls)),
            Figure("item, empty pool", "s", tuple(cold.walls)),
        ],
        warm_steps_median_s=_medians(warm),
        cold_steps_median_s=_medians(cold),
    )


def _left(conductor: Conductor, rig: Rig) -> Callable[[], None]:
    """Before a cold item: no process, and no agent in one that is about to go."""

    def leave() -> None:
        conductor.finish()
        rig.empty_pool()

    return leave


def _times(
    conductor: Conductor, scenario: Scenario, name: str, runs: int, before: Callable[[], None]
) -> Times:
    chosen = cells(scenario)
    times = Times()
    for number in range(runs):
        before()
        started = time.perf_counter()
        done = conductor.run(f"{name}-{number}", scenario, chosen[number % len(chosen)])
        times.walls.append(time.perf_counter() - started)
        if done.judgement.verdict is not Verdict.LEAK:
            raise RuntimeError(f"{name}: {done.judgement.verdict}: {done.judgement}")
        _read(done.folder / "events.jsonl", times)
    return times


def _read(log: Path, times: Times) -> None:
    """Add what the item's own events tell."""
    begun: dict[int, float] = {}
    item_s = 0.0
    kinds: dict[str, float] = defaultdict(float)
    for line in log.read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        match event["event"]:
            case "ItemStarted":
                item_s = event["at_s"]
            case "StepStarted":
                begun[event["number"]] = event["at_s"]
            case "StepFinished":
                kinds[event["kind"]] += event["at_s"] - begun[event["number"]]
            case "FlushStarted":
                kinds["(all before the flush)"] = event["at_s"] - item_s
            case "FlushFinished":
                times.flushes.append(event["waited_s"])
    for kind, taken_s in kinds.items():
        times.steps[kind].append(taken_s)


def _medians(times: Times) -> dict[str, float]:
    return {kind: round(statistics.median(values), 3) for kind, values in times.steps.items()}
