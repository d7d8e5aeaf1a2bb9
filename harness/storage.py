"""One process's way into the run store, for the time of a session.

Input: results of the conductor as they come. Output: rows in the store, each item as soon as it is
judged, under one run that all processes of the session share. A store that fails in the middle
(a full disk) spoils no verdict: what could not be written is tried again at the end, and `failure`
says what became of it. Refuses, when it is opened, a store that cannot be used.
"""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from harness.agent.bundle import agent_digest
from harness.baseline.model import AppVersion, ItemRecord
from harness.baseline.store import DEFAULT, Store
from harness.baseline.versions import about
from harness.clock import Clock, SystemClock
from harness.device.facts import AppInfo
from harness.errors import HarnessError
from harness.findings.finding import Verdict
from harness.report.model import ItemReport
from harness.run.lab import Result
from harness.run.reporting import item_report
from harness.traffic.redaction import Redactor


class Storage:
    """See the module's docstring.

    Args:
        run: id of the run; see `baseline.writing.new_run_id`.
        root: folder that scenario files are named from, so that no path of a machine is kept.
        worker: name of this process within the run, empty when there is one only.

    Attributes:
        failure: why something of the run is not in the store; empty when all of it is.

    Raises:
        HarnessError: the store cannot be used.
    """

    def __init__(
        self,
        location: str,
        run: str,
        redactor: Redactor,
        *,
        root: Path,
        worker: str = "",
        origin: str = "pytest",
        clock: Clock | None = None,
    ) -> None:
        self.run = run
        self.failure = ""
        self._root = root
        self._worker = worker
        self._clock = clock or SystemClock()
        self._unwritten: dict[str, ItemRecord] = {}
        self.store = Store.open(location)
        self._writer = self.store.writer(run, redactor)
        self._writer.start(self._clock.wall(), about(origin, agent_digest()))

    @property
    def told(self) -> str:
        """What people are told at the end."""
        if self.failure:
            return f"NOT STORED: {self.failure}"
        return f"stored: run {self.run} in {self.store.name}"

    @property
    def next_steps(self) -> tuple[str, ...]:
        """How people get a page of the run; nothing where it is not all kept."""
        if self.failure:
            return ()
        return (f"as a page: {self.command('report')} -o report.html",)

    def command(self, *words: str) -> str:
        """A command on this run, as people can copy it into a shell."""
        found = Path(self.store.name).absolute() == Path(DEFAULT).absolute()
        where = () if found else ("--store", self.store.name)
        return shlex.join(["leak-harness", *words, self.run, *where])

    def put(self, result: Result) -> None:
        """Keep one item, or keep it anew."""
        self._put(record_of(result, self._root, self._worker))

    def put_unrun(self, report: ItemReport) -> None:
        """Keep an item that could not be played."""
        place = named_from(self._root, report.file)
        digest = file_digest(Path(report.file))
        self._put(ItemRecord(report.id, report, 1, self._worker, place, digest))

    def end(
        self,
        unrun: Iterable[ItemReport] = (),
        verdict: Verdict | None = None,
        changes: dict[str, Any] | None = None,
    ) -> None:
        """Keep what is left and close; with a verdict the run is complete, if all is kept."""
        for report in unrun:
            self.put_unrun(report)
        self._retry()
        try:
            if verdict is not None and not self.failure:
                self._writer.finish(self._clock.wall(), verdict, changes)
        except HarnessError as error:
            self.failure = str(error)
        finally:
            self.store.close()

    def _put(self, record: ItemRecord) -> None:
        try:
            self._writer.put(record)
            self._unwritten.pop(record.name, None)
        except HarnessError as error:
            self._unwritten[record.name] = record
            self.failure = str(error)

    def _retry(self) -> None:
        waiting = tuple(self._unwritten.values())
        if waiting:
            self.failure = ""
        for record in waiting:
            self._put(record)


def record_of(result: Result, root: Path, worker: str) -> ItemRecord:
    """A result as the store takes it; an attempt is an item of its own."""
    attempt = re.search(r"#(\d+)$", result.id.removeprefix(result.test))
    return ItemRecord(
        name=result.id,
        report=item_report([result]),
        attempt=int(attempt.group(1)) if attempt else 1,
        worker=worker,
        scenario=named_from(root, result.file),
        scenario_sha256=file_digest(Path(result.file)),
        title=result.name,
        closed_as=result.first,
        app=_app(result.app),
        facts=result.facts,
        folder=result.folder,
    )


def _app(info: AppInfo | None) -> AppVersion | None:
    if info is None:
        return None
    return AppVersion(info.package, info.version_name, info.version_code, info.sha256, info.signer)


def named_from(root: Path, file: str) -> str:
    """`scenarios/search.flow.yaml`; of a file elsewhere the name alone."""
    path = Path(file)
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return path.name


@cache
def file_digest(path: Path) -> str:
    """Hex sha256 of a scenario's file; empty when it is none (a scenario made by Python code)."""
    if not path.is_file():
        return ""
    return hashlib.sha256(path.read_bytes()).hexdigest()
