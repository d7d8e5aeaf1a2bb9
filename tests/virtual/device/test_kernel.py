"""Files under /proc that clients look into."""

from __future__ import annotations

import os
import re
import sys

import pytest

from tests.virtual.fakes.shell import ShellRig


@pytest.mark.skipif(sys.platform != "linux", reason="they are those of the machine's own /proc")
def test_the_machine_shows_through(rig: ShellRig) -> None:
    assert re.match(r"cpu +\d+ \d+ \d+ \d+", rig("cat /proc/stat").out)
    assert "MemTotal:" in rig("cat /proc/meminfo").out
    assert "processor" in rig("grep processor /proc/cpuinfo").out
    cores = rig("ls /sys/devices/system/cpu").out.split()
    assert cores == sorted(f"cpu{n}" for n in range(os.cpu_count() or 1))
    assert rig("cat /sys/devices/system/cpu/cpu0/online").out == "1\n"


def test_the_device_names_itself(rig: ShellRig) -> None:
    assert "virtual" in rig("cat /proc/version").out
    assert rig("cat /proc/net/unix").out.startswith("Num ")
    assert rig("echo x > /proc/version").code != 0
