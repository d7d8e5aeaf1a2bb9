from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from harness.errors import LabError, ScenarioError
from harness.virtual.internet import switch_answers
from harness.virtual.internet.control import control_path
from tests.virtual.internet.running import Running


def test_switches_while_running_and_says_so(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for path, status in ((first, 201), (second, 202)):
        path.mkdir()
        (path / "t.example.yaml").write_text(f"- {{status: {status}}}\n")
    net = Running(tmp_path, [first])
    try:
        assert net.ask("GET", "t.example", "/")[0].status == 201
        switch_answers(net.record, [second])
        assert net.ask("GET", "t.example", "/")[0].status == 202
        net.wait(net.internet.set_answers([]))
        assert net.ask("GET", "t.example", "/")[0].status == 200
        assert [line["dirs"] for line in net.events("answers")] == [[str(second)], []]
        (second / "t.example.yaml").write_text("- {staus: 1}\n")
        with pytest.raises(ScenarioError, match="unknown key 'staus'"):
            switch_answers(net.record, [second])
        assert net.ask("GET", "t.example", "/")[0].status == 200
    finally:
        net.close()
    assert not net.internet.alive
    with pytest.raises(LabError, match="does not answer"):
        switch_answers(net.record, [])


def test_wrong_answers_stop_the_start(folder: Path, tmp_path: Path) -> None:
    (folder / "t.example.yaml").write_text("- {status: nonsense}\n")
    with pytest.raises(ScenarioError, match="wrong type") as caught:
        Running(tmp_path, [folder])
    assert caught.value.where.endswith("t.example.yaml:1:12")


def test_a_record_that_cannot_be_written_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "witness.jsonl").mkdir()
    with pytest.raises(LabError, match="cannot start"):
        Running(tmp_path, [])


def test_stops_fast_and_leaves_only_its_files(tmp_path: Path) -> None:
    net = Running(tmp_path, [])
    pid, started = net.internet.pid, time.monotonic()
    net.close()
    assert time.monotonic() - started < 3
    assert not Path(f"/proc/{pid}").exists()
    assert not control_path(net.record).exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["ca", "witness.jsonl", "witness.log"]


_OWNER = """\
import asyncio, sys
from pathlib import Path
from harness.virtual.internet import Internet

async def main():
    folder = Path(sys.argv[1])
    internet = Internet([], folder / "witness.jsonl", folder / "ca")
    await internet.start()
    print(internet.pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_ends_with_its_owner_however_that_ends(tmp_path: Path, end: signal.Signals) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", _OWNER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    with owner:
        assert owner.stdout is not None
        child = int(owner.stdout.readline())
        os.kill(child, 0)
        owner.send_signal(end)
        owner.wait(10)
    deadline = time.monotonic() + 10
    while _running(child):
        assert time.monotonic() < deadline, "the virtual internet outlived its owner"
        time.sleep(0.05)


def _running(pid: int) -> bool:
    try:
        return "(zombie)" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False
