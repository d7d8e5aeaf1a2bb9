"""An app process: what the app finds, wrong commands, memory, idleness."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from harness.virtual.host import (
    CommandFailed,
    IntentSpec,
)

from .conftest import (
    PACKAGE,
    Probe,
    eventually,
)

pytestmark = [pytest.mark.device, pytest.mark.xdist_group("virtual-host")]


def test_the_app_finds_a_phone(bound: Probe) -> None:
    logs = bound.logs()
    assert logs[:1] == ["class ProbeApp initialised"]
    assert "provider first: true" in logs
    assert "internet true, camera false" in logs
    assert "wifi true, validated true" in logs
    assert "installer com.android.vending" in logs
    assert "android_id 9774d56d682e549c" in logs
    assert "target 34" in logs
    assert "model Virtual Android, Europe/Berlin" in logs
    assert "locale de-DE" in logs


def test_a_broadcast_reaches_the_manifest_receiver(probe: Probe) -> None:
    intent = IntentSpec(action=f"{PACKAGE}.PING", extras={"word": "hi"})
    probe.run(probe.process.broadcast(intent))
    eventually(lambda: "ping hi" in probe.logs())
    assert not [line for line in probe.logs("System.err") if "Matching wrappers" in line]


def test_a_permission_granted_later(probe: Probe) -> None:
    probe.run(probe.process.set_permission("android.permission.CAMERA", True))
    probe.run(probe.process.set_permission("android.permission.CAMERA", False))


@pytest.mark.parametrize(
    ("command", "arguments", "kind"),
    [
        ("no_such_thing", {}, "unknown_command"),
        ("input_tap", {"x": "left"}, "bad_argument"),
        ("input_text", {}, "bad_argument"),
        ("bind", {}, "already_bound"),
    ],
)
def test_a_wrong_command_gets_an_answer(
    bound: Probe, command: str, arguments: dict[str, object], kind: str
) -> None:
    with pytest.raises(CommandFailed) as caught:
        bound.run(bound.process.call(command, arguments))
    assert caught.value.kind == kind
    assert bound.process.alive


def test_memory_is_counted(bound: Probe) -> None:
    memory = bound.run(bound.process.memory(collect=True))
    assert 10 << 20 < memory.heap_used_bytes < 256 << 20
    assert memory.resident_bytes < 700 << 20


def test_an_idle_app_costs_next_to_nothing(probe: Probe) -> None:
    probe.run(probe.process.home())
    window_s = 1.0

    def cpu_ticks() -> int:
        fields = Path(f"/proc/{probe.process.pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    def quiet_window() -> bool:
        """Whether the process used less than a tenth of a CPU for a while."""
        start = cpu_ticks()
        threading.Event().wait(window_s)
        return cpu_ticks() - start < 0.1 * window_s * os.sysconf("SC_CLK_TCK")

    eventually(quiet_window, timeout_s=20)
