"""A run through the virtual device in a process of its own, and what is there when it has ended.

Frida's ordinary device manager would leave a helper running from a folder in TMPDIR; adb's server
would keep forwards for as long as it lives. The kernel's list of processes and adb's own list of
forwards are the reference.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.agent.portal import running_from

pytestmark = [pytest.mark.device, pytest.mark.xdist_group("agent-on-android")]

LIMIT_S = 300
ROOT = Path(__file__).parents[2]

RUN = """
import os
import subprocess
from pathlib import Path
from harness.agent.session import AgentSession
from harness.clock import SystemClock
from harness.device.adb import binary
from harness.device.launch import launch
from harness.device.providers import DeviceRequest, open_device
from harness.errors import LabError
from harness.virtual.apk import build_app

PACKAGE = "org.example.sender"
environment = dict(os.environ)
clock = SystemClock()
provided = open_device(DeviceRequest("virtual"), clock)

def forwards():
    argv = [str(binary()), "-P", str(provided.adb_port), "forward", "--list"]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    return done.stdout.count("tcp:27042")

try:
    provided.device.install(build_app(Path("tests/agent/app"), "plain"))
    launched = launch(provided.device, PACKAGE, agents=AgentSession, clock=clock)
    print("attached", launched.session.report().errors, forwards())
    launched.session.close()
    print("detached", forwards())
    try:
        AgentSession.attach(
            provided.serial, 1, process="none", adb_port=provided.adb_port, clock=clock, timeout_s=1
        )
    except LabError as error:
        print(error.what, forwards())
    pid = provided.device.pid_of(PACKAGE)
    again = AgentSession.attach(
        provided.serial, pid, process=PACKAGE, adb_port=provided.adb_port, clock=clock, timeout_s=60
    )
    print("attached", again.report().errors, forwards())
    again.close()
    print("detached", forwards(), provided.device.pid_of(PACKAGE) == pid)
finally:
    provided.close()
assert dict(os.environ) == environment
"""


def test_nothing_is_left(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", RUN],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines() == [
        "attached () 1",
        "detached 0",
        "Frida cannot attach to the process 0",
        "attached () 1",
        "detached 0 True",
    ]
    assert ran.stderr == ""
    assert running_from(tmp_path) == []
    assert list(tmp_path.rglob("frida-*")) == []
    assert list(tmp_path.rglob("idun*")) == []
