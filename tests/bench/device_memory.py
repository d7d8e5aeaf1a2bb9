"""How much memory devices take: proportional set size (PSS), which counts shared pages once.

Source: `Pss` in `/proc/PID/smaps_rollup` (proc(5)). A device is its daemon with all processes under
it, the virtual internet included; the adb server is not part of it. Output: a booted device by
process, one with the app running, and four devices at once.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from harness.clock import SystemClock
from harness.device.providers import DeviceRequest, open_device
from harness.virtual.daemon.processes import descendants
from tests.bench.device_rig import PACKAGE, Rig, clinic_device
from tests.bench.figures import Figure, at_most, result

DEVICES = 4
RUNS = 3


def run() -> dict[str, Any]:
    """See the module's docstring."""
    one = _one()
    four_idle, four_busy = _four()
    return result(
        [
            *one,
            Figure(f"{DEVICES} devices, booted", "MB", four_idle, at_most(2500)),
            Figure(f"{DEVICES} devices, each with the app", "MB", four_busy, at_most(2500)),
        ]
    )


def pss_mb(pid: int) -> float:
    """PSS of one process in MB (10^6 bytes); 0 when it has ended."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    line = next(line for line in text.splitlines() if line.startswith("Pss:"))
    return int(line.split()[1]) * 1024 / 1e6


def device_mb(rig: Rig) -> float:
    return sum(pss_mb(pid) for pid in (rig.daemon_pid, *descendants(rig.daemon_pid)))


def _one() -> list[Figure]:
    idle, warm, daemon, rest, app, busy = [], [], [], [], [], []
    for _ in range(RUNS):
        with clinic_device() as rig:
            rig.wait_for_spare()
            spares = rig.virtual_machines()
            idle.append(device_mb(rig))
            warm.append(sum(map(pss_mb, spares)) / len(spares))
            daemon.append(pss_mb(rig.daemon_pid))
            rest.append(idle[-1] - daemon[-1] - sum(map(pss_mb, spares)))
            rig.fresh_start()
            rig.wait_for_spare()
            app.append(pss_mb(_app_pid(rig)))
            busy.append(device_mb(rig))
    return [
        Figure("one device, booted", "MB", tuple(idle)),
        Figure("  its warm process", "MB", tuple(warm)),
        Figure("  its daemon (adbd, shell, Frida)", "MB", tuple(daemon)),
        Figure("  its virtual internet and others", "MB", tuple(rest)),
        Figure("app process", "MB", tuple(app), note="the clinic, consent refused, idle"),
        Figure("one device with the app and a warm process", "MB", tuple(busy)),
    ]


def _app_pid(rig: Rig) -> int:
    pid = rig.device.pid_of(PACKAGE)
    if pid is None:
        raise RuntimeError("the app does not run")
    return pid


def _four() -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Sum over the devices, booted and with the app in each; one run, since it is a long one."""
    with ExitStack() as stack:
        first = stack.enter_context(clinic_device())
        rigs = [first]
        for _ in range(DEVICES - 1):
            output = stack.enter_context(tempfile.TemporaryDirectory(prefix="leak-bench-"))
            request = DeviceRequest("virtual", output_dir=Path(output))
            provided = stack.enter_context(closing(open_device(request, SystemClock())))
            provided.device.install(first.apk)
            rigs.append(Rig(provided, first.apk))
        for rig in rigs:
            rig.wait_for_spare()
        idle = sum(map(device_mb, rigs))
        for rig in rigs:
            rig.fresh_start()
            rig.wait_for_spare()
        return (idle,), (sum(map(device_mb, rigs)),)
