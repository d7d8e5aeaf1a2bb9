"""`leak-harness report RUN`: a stored run, written for people and for other programs.

Input: a run of the store, or a file that `runs export` wrote. Output: one of `FORMATS`. Exit code:
0 when it was written, whatever its verdict is; 2 for usage or unreadable input, and then nothing
that was there before is overwritten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import click

from harness.baseline.recorded import read_recording
from harness.cli.reported import of_recording, of_store
from harness.cli.storing import opened, store_option, write_pieces
from harness.errors import BugError
from harness.report.run import ReportedRun


@dataclass(frozen=True, slots=True)
class Format:
    """A format; `module` has `document(run) -> Iterator[str]`."""

    module: str
    what: str


FORMATS = {
    "md": Format("markdown", "Markdown, for a pull request or a ticket"),
    "sarif": Format("sarif", "SARIF 2.1.0, for code scanning and CI servers"),
    "har": Format("har", "HTTP Archive 1.2: every exchange, for traffic tools and for `scan`"),
    "csv": Format("recipients", "a table of everybody who got something, for spreadsheets"),
}
"""Name (also the suffix of its files) -> format; a new one is a row and a module."""

DEFAULT = "md"


@click.command("report")
@click.argument("run", metavar="RUN|RECORDING", default="latest")
@store_option
@click.option(
    "--format",
    "name",
    type=click.Choice(tuple(FORMATS)),
    help=f"{', '.join(FORMATS)}; by the suffix of --output, else {DEFAULT}.",
)
@click.option("--output", metavar="FILE", default="-", help="Write it there (0600); - for stdout.")
def command(run: str, location: str, name: str | None, output: str) -> None:
    """Write RUN, an id of `leak-harness runs list` or `latest`, in a format for others to read.

    A RECORDING that `leak-harness runs export` wrote is taken as well. Redaction is that of the
    store: what was taken out there is in no report.
    """
    suffix = Path(output).suffix.removeprefix(".").lower()
    chosen = name or (suffix if suffix in FORMATS else DEFAULT)
    with _run(run, location) as found:
        write_pieces(_writer(chosen)(found), output)
    if output != "-":
        click.echo(f"written: {output} ({chosen}, {found.verdict.value})")


@contextmanager
def _run(name: str, location: str) -> Iterator[ReportedRun]:
    path = Path(name)
    if path.is_file() or path.suffix in (".jsonl", ".zst"):
        yield of_recording(read_recording(path))
        return
    with opened(location) as store:
        yield of_store(store.reader, store.reader.find(name))


def _writer(name: str) -> Callable[[ReportedRun], Iterator[str]]:
    """Only the format that is asked for pays its imports."""
    document = getattr(import_module(f"harness.report.{FORMATS[name].module}"), "document", None)
    if not callable(document):
        raise BugError(f"harness.report.{FORMATS[name].module} has no document()")

    def write(run: ReportedRun) -> Iterator[str]:
        yield from document(run)

    return write
