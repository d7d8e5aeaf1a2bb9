"""How long the commands take that a scenario consists of, on a device with the app in front.

Output: dump, screenshot, tap until the screen shows its effect, app starts from a warm process and
from none, agent into a new process. Commands go through the harness' own adb client. The first run
of each is kept, though code runs slower then: a scenario runs most things once.
"""

from __future__ import annotations

from typing import Any

from harness.agent.session import AgentSession
from harness.device import gate
from harness.device.selectors import Selector
from tests.bench.device_rig import (
    PACKAGE,
    Rig,
    clinic_device,
    milliseconds,
    repeated,
    timed,
)
from tests.bench.figures import Figure, at_most, result

QUICK_RUNS = 15
START_RUNS = 5
COLD_RUNS = 3
EFFECT_TIMEOUT_S = 5.0
DUMP = ["uiautomator", "dump", "/data/local/tmp/bench.xml"]


def run() -> dict[str, Any]:
    """See the module's docstring."""
    with clinic_device() as rig:
        return result([*_starts(rig), *_commands(rig), _agent(rig)])


def _starts(rig: Rig) -> list[Figure]:
    def stopped_and_warm() -> None:
        rig.device.force_stop(PACKAGE)
        rig.wait_for_spare()

    warm = repeated(START_RUNS, rig.start, before=stopped_and_warm)
    rig.device.force_stop(PACKAGE)
    cold = repeated(COLD_RUNS, rig.start, before=rig.empty_pool)
    note = "am start -W, which returns after the first frame"
    return [
        Figure("am start -W, warm process", "s", warm, at_most(0.6), note),
        Figure("am start -W, empty pool", "s", cold, at_most(6), note),
    ]


def _commands(rig: Rig) -> list[Figure]:
    rig.fresh_start()
    rig.wait_for_spare()  # what boots beside the measurement would disturb it
    device = rig.device
    nothing = repeated(QUICK_RUNS, lambda: device.shell(["true"]))
    dumps = repeated(QUICK_RUNS, lambda: _succeed(rig, DUMP))
    trees = repeated(QUICK_RUNS, device.hierarchy)
    pictures = repeated(QUICK_RUNS, device.screenshot)
    return [
        Figure("adb shell true", "ms", milliseconds(nothing)),
        Figure("uiautomator dump, screen at rest", "ms", milliseconds(dumps), at_most(300)),
        Figure("dump, pulled and parsed", "ms", milliseconds(trees), note="Device.hierarchy"),
        Figure("screencap -p", "ms", milliseconds(pictures), at_most(800), "PNG read as well"),
        *_taps(rig),
    ]


def _taps(rig: Rig) -> list[Figure]:
    """Tap into the search field; the effect is the keyboard, which BACK takes away again."""
    x, y = rig.screen.find(Selector(id="search_field"), 10).bounds.centre
    device = rig.device
    taps: list[float] = []

    def tap_and_see() -> None:
        taps.append(timed(lambda: device.tap(x, y)))
        _until(rig, shown=True)

    def away() -> None:
        if device.keyboard_shown():
            device.back()
            _until(rig, shown=False)

    seen = repeated(QUICK_RUNS, tap_and_see, before=away)

    def tapped() -> None:
        away()
        device.tap(x, y)

    changing = repeated(QUICK_RUNS, lambda: _succeed(rig, DUMP), before=tapped)
    return [
        Figure(
            "uiautomator dump, right after a tap",
            "ms",
            milliseconds(changing),
            at_most(300),
            "the device waits until the screen rests",
        ),
        Figure(
            "tap until its effect is seen",
            "ms",
            milliseconds(seen),
            at_most(150),
            "input tap into a field, then dumpsys input_method until the keyboard is shown",
        ),
        Figure("input tap, the command", "ms", milliseconds(tuple(taps))),
    ]


def _until(rig: Rig, *, shown: bool) -> None:
    started = rig.clock.now()
    while rig.device.keyboard_shown() is not shown:  # no pause: it would be measured
        if rig.clock.now() - started > EFFECT_TIMEOUT_S:
            raise TimeoutError(f"the keyboard is not {'shown' if shown else 'hidden'}")


def _agent(rig: Rig) -> Figure:
    taken = []
    for _ in range(START_RUNS):
        rig.device.force_stop(PACKAGE)
        rig.wait_for_spare()
        pid = gate.start_activity(rig.device, PACKAGE, rig.clock, debug=True)
        started = rig.clock.now()
        session = AgentSession.attach(
            rig.device.serial,
            pid,
            process=PACKAGE,
            adb_port=rig.provided.adb_port,
            clock=rig.clock,
            timeout_s=60,
        )
        taken.append(rig.clock.now() - started)
        session.close()
    rig.device.force_stop(PACKAGE)
    note = "into a process that waits before its first line; until the hooks are in force"
    return Figure("agent attached and hooks installed", "s", tuple(taken), note=note)


def _succeed(rig: Rig, command: list[str]) -> None:
    done = rig.device.shell(command)
    if not done.ok or "dumped to" not in done.stdout:
        raise RuntimeError(f"{' '.join(command)}: {done.stdout} {done.stderr}")
