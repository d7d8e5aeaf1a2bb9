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
from harness.report.html.texts import LANGUAGES
from harness.report.run import ReportedRun


@dataclass(frozen=True, slots=True)
class Format:
    """A format; `module` has `document(run) -> Iterator[str]`, with a language if it is spoken."""

    module: str
    what: str
    spoken: bool = False


FORMATS = {
    "html": Format("html", "one page that needs nothing else, to be read and printed", True),
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
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    help="Of the HTML page; English when nothing is said.",
)
@click.option(
    "--output", "-o", metavar="FILE", default="-", help="Write it there (0600); - for stdout."
)
def command(run: str, location: str, name: str | None, language: str | None, output: str) -> None:
    """Write RUN, an id of `leak-harness runs list` or `latest`, in a format for others to read.

    A RECORDING that `leak-harness runs export` wrote is taken as well. Redaction is that of the
    store: what was taken out there is in no report.
    """
    suffix = Path(output).suffix.removeprefix(".").lower()
    if suffix and suffix not in FORMATS and not name:
        formats = ", ".join(FORMATS)
        raise click.UsageError(f"--output {output}: .{suffix} is none of {formats}; say --format")
    chosen = name or suffix or DEFAULT
    if language and not FORMATS[chosen].spoken:
        raise click.UsageError(f"--language is for {_spoken()}; {chosen} is the same in all")
    with _run(run, location) as found:
        write_pieces(_pieces(chosen, found, language), output)
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


def _pieces(name: str, run: ReportedRun, language: str | None) -> Iterator[str]:
    """Only the format that is asked for pays its imports."""
    module = f"harness.report.{FORMATS[name].module}"
    document: Callable[..., Iterator[str]] = import_module(module).document
    yield from document(run, language) if language else document(run)


def _spoken() -> str:
    return ", ".join(name for name, each in FORMATS.items() if each.spoken)
