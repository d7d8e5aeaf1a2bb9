"""A machine whose kernel takes no filter says so: at the start, in doctor, in every verdict."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from harness.traffic.witness import WitnessRecord
from harness.virtual.daemon import list_devices, stop_device

ROOT = Path(__file__).parents[3]
CLI = (sys.executable, "-c", "from harness.cli import main; main()")
BLINDED = (sys.executable, "-m", "tests.virtual.containment.blinded")
REASON = "Operation not permitted"


def blinded(*words: str) -> tuple[str, str, int]:
    done = subprocess.run(
        [*BLINDED, *CLI, *words], capture_output=True, text=True, cwd=ROOT, check=False, timeout=200
    )
    return done.stdout, done.stderr, done.returncode


def test_doctor_says_so() -> None:
    said, _, code = blinded("doctor", "--json")
    (check,) = [c for c in json.loads(said)["checks"] if c["name"] == "containment"]
    assert check["state"] == "fail"
    assert REASON in check["seen"]
    assert "seccomp" in check["remedy"]
    assert code == 1


@pytest.mark.device
@pytest.mark.xdist_group("virtual-host")
def test_a_device_says_so() -> None:
    said, errors, code = blinded("virtual", "start")
    assert code == 0, errors
    serial = said.splitlines()[-1]
    try:
        assert "WARNING: programs and native code of apps are not contained" in errors
        assert REASON in errors
        (device,) = [each for each in list_devices() if each.serial == serial]
        assert device.uncontained == REASON
        witness = WitnessRecord(device.record)
        witness.poll()
        assert "are not contained on this machine" in witness.uncontained()
        assert device.record.read_text().count("uncontained") == 1
    finally:
        stop_device(serial)
