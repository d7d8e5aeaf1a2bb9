"""What a session does about other runs: keep its own, compare with earlier ones.

Input: the settings, results as they come, the verdict at the end. Output: rows in the store, a
reviewer for the conductor, and at the end the comparison of the whole run, as JSON for the report
and as lines for the terminal. Refuses, before a device starts, a store or a baseline that cannot be
used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from harness.baseline.approved import Severity
from harness.baseline.changes import compare
from harness.baseline.comparing import comparison_json, lines
from harness.baseline.observing import observed
from harness.baseline.review import NONE, References, Reviewer, project_folder
from harness.errors import HarnessError
from harness.findings.finding import Verdict
from harness.report.model import ItemReport
from harness.run.lab import Result
from harness.settings import Settings
from harness.storage import Storage, named_from
from harness.traffic.redaction import Redactor


class Regression:
    """See the module's docstring.

    Attributes:
        changes: per package the comparison's JSON; None where there is nothing to compare with.
        verdict: what the comparison of the whole run demands beyond its items.

    Raises:
        HarnessError: the store or the baseline cannot be used.
    """

    def __init__(
        self, settings: Settings, run: str, redactor: Redactor, *, root: Path, worker: str = ""
    ) -> None:
        self.run = run
        self.changes: dict[str, Any] = {}
        self.verdict = Verdict.PASS
        self._quiet = settings.baseline == NONE
        self._lines: list[str] = []
        self._trouble = ""
        self.storage: Storage | None = None
        if settings.store:
            self.storage = Storage(settings.store, run, redactor, root=root, worker=worker)
        reader = self.storage.store.reader if self.storage else None
        try:
            folder = project_folder(root)
            self._references = References(settings.baseline, folder, reader, run)
        except HarnessError:
            self.close()
            raise
        self.reviewer = Reviewer(self._references, lambda file: named_from(root, file))

    @property
    def failed(self) -> bool:
        """Whether something could not be kept or compared."""
        return bool(self._trouble or (self.storage and self.storage.failure))

    def put(self, result: Result) -> None:
        """Keep one item."""
        if self.storage is not None:
            self.storage.put(result)

    def end(self, unrun: Iterable[ItemReport] = (), verdict: Verdict | None = None) -> None:
        """Keep what is left; with a verdict the run is whole, is compared and complete."""
        if self.storage is None:
            return
        try:
            for report in unrun:
                self.storage.put_unrun(report)
            if verdict is not None:
                self._compare(self.storage)
                verdict = max(verdict, self.verdict, key=lambda each: each.rank)
        except HarnessError as error:
            self._trouble = str(error)
        finally:
            self.storage.end((), verdict, self.changes or None)

    def close(self) -> None:
        if self.storage is not None:
            self.storage.end()

    def told(self) -> Iterator[str]:
        """For the end of the terminal's output."""
        yield from self._lines
        if self._trouble:
            yield f"NOT COMPARED: {self._trouble}"
        if self.storage is not None:
            yield self.storage.told
            yield from self.storage.next_steps

    def _compare(self, storage: Storage) -> None:
        """The whole run with what its apps are compared with."""
        reader = storage.store.reader
        run = reader.find(self.run)
        for package in sorted({app.package for app in run.apps}):
            before = self._references.of(package)
            if before is None:
                self.changes[package] = None
                if not self._quiet:
                    how = storage.command("baseline", "approve")
                    self._lines.append(
                        f"no baseline yet for {package}, so nothing to compare with; approve this"
                        f" run: {how}"
                    )
                continue
            now = observed(reader, run, package)
            found = compare(before, now)
            self.changes[package] = comparison_json(before, now, found)
            first, *rest = lines(before, now, found)
            self._lines += ["", f"compared: {first}", *rest]
            demanded = [each.severity for each in found.changes]
            worst = max(demanded, key=lambda each: each.rank, default=Severity.NOTE)
            self.verdict = max(self.verdict, worst.verdict, key=lambda each: each.rank)
