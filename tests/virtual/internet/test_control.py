from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from harness.errors import LabError, ScenarioError
from harness.virtual.internet import switch_answers
from harness.virtual.internet.control import as_error, control_path
from tests.virtual.internet.running import Running


def test_nobody_there(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="does not answer"):
        switch_answers(tmp_path / "witness.jsonl", [])


def test_wrong_folders_are_reported_before_anybody_is_asked(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="no such folder"):
        switch_answers(tmp_path / "witness.jsonl", [tmp_path / "nowhere"])


def test_a_path_too_long_for_a_socket_is_no_obstacle(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 100) / ("e" * 100)
    deep.mkdir(parents=True)
    net = Running(deep, [])
    try:
        switch_answers(net.record, [])
        assert net.events("answers")
    finally:
        net.close()


@pytest.mark.parametrize("line", ["nonsense", "{}", '{"dirs": 5, "live": false}', "[]"])
def test_what_is_no_command_is_refused(net: Running, line: str) -> None:
    said = _ask(control_path(net.record), line)
    assert said["error"]["what"].startswith("not a command")


def test_a_wrong_folder_changes_nothing(net: Running, tmp_path: Path) -> None:
    said = _ask(control_path(net.record), json.dumps({"dirs": [str(tmp_path / "x")], "live": True}))
    assert said["error"]["where"] == str(tmp_path / "x")
    assert isinstance(as_error(said["error"]), ScenarioError)
    assert net.ask("GET", "api.clinic.example", "/find?q=1")[0].status == 200


def _ask(path: Path, line: str) -> dict[str, dict[str, str]]:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        connection.connect(str(path))
        connection.sendall(line.encode() + b"\n")
        answer: dict[str, dict[str, str]] = json.loads(connection.makefile().readline())
        return answer
