"""Switching the answers of a running virtual internet, from any process of this user.

Input: the record file of that internet (its control socket lies beside it) and answer folders.
Output: nothing; when it returns, the switch is in force. The folders are read here first, so that
a mistake in them is reported by the process that made it.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from harness.errors import HarnessError, LabError, ScenarioError
from harness.virtual.internet.answers import read_answers

TIMEOUT_S = 10.0
_NAME = "internet.ctl"


def control_path(record: Path) -> Path:
    """The Unix socket that belongs to a record file."""
    return record.with_name(_NAME)


def switch_answers(record: Path, dirs: Sequence[Path], live: bool = False) -> None:
    """Answer from `dirs` (the first one's entries come first) from now on.

    Raises:
        ScenarioError: a folder or file is wrong.
        LabError: the virtual internet does not answer.
    """
    folders = [folder.resolve() for folder in dirs]
    read_answers(folders)
    command = json.dumps({"dirs": [str(folder) for folder in folders], "live": live})
    said = _ask(control_path(record), command.encode() + b"\n")
    if "error" in said:
        raise as_error(said["error"])


def _ask(path: Path, command: bytes) -> dict[str, Any]:
    try:
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(TIMEOUT_S)
                # a Unix socket's path must be short, a folder's need not be
                connection.connect(f"/proc/self/fd/{folder}/{path.name}")
                connection.sendall(command)
                answer = connection.makefile("rb").readline()
        finally:
            os.close(folder)
        said = json.loads(answer)
    except (OSError, ValueError) as error:
        raise LabError(
            "the virtual internet does not answer",
            where=str(path),
            seen=str(error),
            action="stop the virtual device and start it again",
        ) from error
    return dict(said)


def as_error(fields: dict[str, Any]) -> HarnessError:
    """An error that crossed the process boundary, as an exception."""
    known = {name: str(fields.get(name, "")) for name in ("where", "seen", "expected", "action")}
    kind = ScenarioError if known["where"] else LabError
    return kind(str(fields.get("what", "unknown error")), **known)
