"""The virtual internet as the device's daemon runs it: one child process with one life cycle.

Input: answer folders, the record file, a folder for the authority. Output: what an app process
needs to be told (`NetworkSettings`). Refused: wrong answer files, before anything starts. The child
ends with the daemon, also when that is killed: it watches the pipe on its standard input.
"""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from harness.errors import LabError
from harness.virtual.host.model import NetworkSettings
from harness.virtual.internet.answers import read_answers
from harness.virtual.internet.authority import Authority, authority
from harness.virtual.internet.control import as_error, control_path, switch_answers

START_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 3.0

LIVE_WARNING = (
    "the virtual internet is LIVE: what the app sends, typed terms included, goes to the real "
    "recipients"
)


class Internet:
    """One virtual internet. `stop` may be called at any time and never raises.

    Args:
        dirs: answer folders, the first one's entries come first.
        record: the witness record to append to; the control socket and a log lie beside it.
        confdir: folder of the private authority, reused when it exists.
        live: let everything out instead of answering; print `LIVE_WARNING` then.
    """

    def __init__(
        self, dirs: Sequence[Path], record: Path, confdir: Path, *, live: bool = False
    ) -> None:
        self._dirs = [folder.resolve() for folder in dirs]
        self.record = record.resolve()
        self._confdir = confdir.resolve()
        self._live = live
        self._process: Process | None = None
        self._authority: Authority | None = None

    @property
    def ca_pem(self) -> Path:
        """Certificate of the authority that signs every site's."""
        if self._authority is None:
            raise LabError("the virtual internet has not been started")
        return self._authority.ca_pem

    @property
    def alive(self) -> bool:
        """Whether it runs; once False after `start`, the record is no longer complete."""
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int:
        """Process id of the child, 0 before the start."""
        return self._process.pid if self._process else 0

    async def start(self) -> NetworkSettings:
        """Bring it up.

        Raises:
            ScenarioError: an answer file is wrong.
            LabError: the child does not come up.
        """
        await asyncio.to_thread(read_answers, self._dirs)
        self.record.parent.mkdir(parents=True, exist_ok=True)
        self._authority = await asyncio.to_thread(authority, self._confdir)
        log = self.record.with_suffix(".log")
        with log.open("ab") as errors:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "harness.virtual.internet.child",
                json.dumps(self._settings()),
                stdin=PIPE,
                stdout=PIPE,
                stderr=errors,
                start_new_session=True,
            )
        try:
            said = await asyncio.wait_for(self._first_line(self._process), START_TIMEOUT_S)
        except TimeoutError:
            said = {"error": {"what": "the virtual internet did not come up in time"}}
        if "port" not in said:
            await self.stop()
            fields = said.get("error") or {"what": "the virtual internet ended at its start"}
            raise as_error({"seen": _tail(log), **fields})
        return NetworkSettings(
            socks_port=int(said["port"]),
            trust_store=self._authority.trust_store,
            trust_store_password=self._authority.password,
        )

    def _settings(self) -> dict[str, Any]:
        return {
            "confdir": str(self._confdir),
            "record": str(self.record),
            "control": str(control_path(self.record)),
            "dirs": [str(folder) for folder in self._dirs],
            "live": self._live,
        }

    @staticmethod
    async def _first_line(process: Process) -> dict[str, Any]:
        assert process.stdout is not None
        line = await process.stdout.readline()
        try:
            return dict(json.loads(line))
        except ValueError:
            return {}

    async def set_answers(self, dirs: Sequence[Path], live: bool = False) -> None:
        """Switch while it runs; see `control.switch_answers`, which any process may call."""
        await asyncio.to_thread(switch_answers, self.record, dirs, live)

    async def stop(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), STOP_TIMEOUT_S)
        except TimeoutError:
            process.kill()
            await process.wait()


def _tail(log: Path) -> str:
    return log.read_text(errors="replace").strip()[-400:] if log.exists() else ""
