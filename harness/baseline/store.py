"""The run store: every run that was made, in a SQLite file or a PostgreSQL database.

Input: where it is. Output: `Store`, whose `reader` gives runs (see `baseline.reading`) and whose
`writer` takes one (see `baseline.writing`). Refuses what `open_database` refuses.
"""

from __future__ import annotations

from types import TracebackType
from typing import Self

from harness.baseline.database import Database, open_database
from harness.baseline.reading import RunReader
from harness.baseline.writing import RunWriter
from harness.traffic.redaction import Redactor

DEFAULT = ".leak/runs.db"
"""Where runs are kept unless somebody says otherwise, from the folder one works in."""


class Store:
    """An open store; close it, or use it as a context."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.reader = RunReader(database)

    @classmethod
    def open(cls, location: str = DEFAULT, *, create: bool = True) -> Store:
        """Raises what `open_database` raises."""
        return cls(open_database(location, create=create))

    @property
    def name(self) -> str:
        """Where it is, without a password."""
        return self.database.name

    def writer(self, run: str, redactor: Redactor) -> RunWriter:
        """For one run, under one redactor."""
        return RunWriter(self.database, run, redactor)

    def close(self) -> None:
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
