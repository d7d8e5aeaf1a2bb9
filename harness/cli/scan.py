"""`leak-harness scan`: search recorded traffic for terms; no device needed.

Input: HAR or mitmproxy flow files and terms. Output: what was found, on stdout or as JSON. Exit
code: 0 nothing found in what was read, 1 leak, 2 usage or unreadable input, 3 inconclusive.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import reduce
from pathlib import Path

import click

from harness.cli import scan_differential, scan_output
from harness.cli.scanner import FileResult, Scanner, Task
from harness.cli.scanning import scan_file
from harness.detection.differential import Comparison
from harness.detection.explain import explain
from harness.detection.salting import Evidence, explaining
from harness.errors import HarnessError
from harness.findings.finding import Verdict
from harness.findings.hosts import ExpectationError, checked_host
from harness.findings.scan_verdict import Judged, ScanJudgement, judge_scan
from harness.traffic.captures import read_capture
from harness.traffic.exchange import Exchange

EXIT_CODES = {Verdict.PASS: 0, Verdict.LEAK: 1, Verdict.INCONCLUSIVE: 3}
EXIT_UNREADABLE = 2
PROGRESS_BYTES = 4 << 20


@click.command("scan")
@click.argument("captures", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--term", "terms", multiple=True, help="A typed term; give it for each one.")
@click.option(
    "--first-party", multiple=True, metavar="DOMAIN", help="A domain of the app's own maker."
)
@click.option(
    "--control", multiple=True, metavar="HOST", help="A host that must have received the terms."
)
@click.option("--json", "json_file", metavar="FILE", help="Write the result there; - for stdout.")
@click.option("--salt", multiple=True, help="A value that may be mixed into digests of a term.")
@click.option(
    "--min-prefix",
    default=4,
    show_default=True,
    type=click.IntRange(1),
    help="Shortest beginning of a term that is looked for.",
)
@click.option(
    "--jobs",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Processes that share a large HAR file.",
)
@click.option(
    "--explain", "explained", type=click.IntRange(1), help="Replay sighting N step by step."
)
@click.option(
    "--differential",
    is_flag=True,
    help="Compare three recordings: A and A again with --term-a, B with --term-b.",
)
@click.option("--term-a", help="With --differential: the term typed in both A recordings.")
@click.option("--term-b", help="With --differential: the term typed in B.")
def command(
    captures: tuple[Path, ...],
    terms: tuple[str, ...],
    first_party: tuple[str, ...],
    control: tuple[str, ...],
    json_file: str | None,
    salt: tuple[str, ...],
    min_prefix: int,
    jobs: int,
    explained: int | None,
    differential: bool,
    term_a: str | None,
    term_b: str | None,
) -> None:
    """Search recorded traffic (HAR 1.2, mitmproxy flows, gzipped or not) for typed terms.

    A term at a host that is not of the first party is a leak (exit code 1). Nothing found: 0, or
    3 when a request body could not be read or a control host did not get the term. 2: wrong usage,
    or a file that could not be read to its end; what was found until then is told all the same.
    """
    wanted = _terms(terms, differential, term_a, term_b, captures)
    parties, control = _hosts(first_party, "--first-party"), _hosts(control, "--control")
    task = Task(wanted, min_prefix, salt, parties)
    results = _scan_all(captures, task, jobs)
    judgement = judge_scan(
        [entry for result in results for entry in result.entries],
        terms=wanted,
        controls=control,
        faults=sum(len(result.faults) for result in results),
        count=sum(result.count for result in results),
    )
    comparison: Comparison | None = None
    if differential and not any(result.error for result in results):
        comparison = scan_differential.compare_files(captures)
        judgement = scan_differential.judged(judgement, comparison, task)
    failed = [result for result in results if result.error is not None]
    if failed and judgement.verdict is Verdict.PASS:
        judgement = replace(
            judgement,
            verdict=Verdict.INCONCLUSIVE,
            reasons=tuple(scan_output.one_line(result) for result in failed),
        )
    if not failed or any(result.count for result in results):
        _tell(judgement, results, comparison, wanted, to_stderr=json_file == "-")
    if explained is not None:
        _explain(judgement, explained, task, results, to_stderr=json_file == "-")
    if json_file is not None:
        _write(json_file, scan_output.document(judgement, results, comparison))
    for result in failed:
        click.echo(f"leak-harness: {scan_output.one_line(result)}", err=True)
    sys.exit(EXIT_UNREADABLE if failed else EXIT_CODES[judgement.verdict])


def _terms(
    terms: tuple[str, ...],
    differential: bool,
    term_a: str | None,
    term_b: str | None,
    captures: tuple[Path, ...],
) -> tuple[str, ...]:
    """The terms to look for, or a usage error."""
    if differential:
        if term_a is None or term_b is None or len(captures) != 3:
            raise click.UsageError(
                "--differential needs three recordings (A, A again, B), --term-a and --term-b"
            )
        if term_a == term_b:
            raise click.UsageError("--term-a and --term-b are the same; nothing can follow them")
        terms = (*terms, term_a, term_b)
    elif term_a is not None or term_b is not None:
        raise click.UsageError("--term-a and --term-b belong to --differential; use --term")
    if not terms:
        raise click.UsageError("Missing option '--term': what was typed?")
    if not all(term.strip() for term in terms):
        raise click.UsageError("a term must have at least one visible character")
    letters = [term for term in terms if len(term.strip()) == 1 and term.strip().isascii()]
    if letters:
        raise click.UsageError(
            f"the term {letters[0]!r} is a single letter, which is found everywhere; give a word"
        )
    return tuple(dict.fromkeys(terms))


def _hosts(given: tuple[str, ...], option: str) -> tuple[str, ...]:
    """Hosts in their canonical form; a URL or a public suffix would cover nobody or strangers."""
    try:
        return tuple(checked_host(host, option) for host in given)
    except ExpectationError as error:
        raise click.UsageError(str(error)) from error


def _scan_all(captures: tuple[Path, ...], task: Task, jobs: int) -> list[FileResult]:
    """Every file; once more if an identifier of one explains a digest of another."""
    results = [_scan(path, task, jobs) for path in captures]
    if len(results) < 2:
        return results
    late = explaining(task.terms, reduce(Evidence.with_, (each.evidence for each in results)))
    if not late:
        return results
    known = replace(task, salts=(*task.salts, *late))
    return [_scan(path, known, jobs) for path in captures]


def _scan(path: Path, task: Task, jobs: int) -> FileResult:
    with _progress(path) as advanced:
        return scan_file(path, task, jobs=jobs, advanced=advanced)


@contextmanager
def _progress(path: Path) -> Iterator[Callable[[int], None] | None]:
    """A bar on stderr for long files, when somebody is watching."""
    size = path.stat().st_size if path.is_file() else 0
    if size < PROGRESS_BYTES or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(path.name), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("scan", total=size)
        yield lambda read: progress.update(bar, completed=read)


def _tell(
    judgement: ScanJudgement,
    results: list[FileResult],
    comparison: Comparison | None,
    terms: tuple[str, ...],
    *,
    to_stderr: bool,
) -> None:
    colour = False if os.environ.get("NO_COLOR") else None
    entries = sum(result.count for result in results)
    head = scan_output.headline(judgement, entries)
    styled = click.style(head, fg=scan_output.COLOURS[judgement.verdict], bold=True)
    click.echo(styled, err=to_stderr, color=colour)
    for line in (*scan_output.lines(judgement, comparison), *scan_output.short_terms(terms)):
        click.echo(line, err=to_stderr, color=colour)
    for result in results:
        for fault in result.faults:
            click.echo(f"  entry {fault.index} of {result.path}: {fault.reason}", err=to_stderr)


def _explain(
    judgement: ScanJudgement,
    number: int,
    task: Task,
    results: list[FileResult],
    *,
    to_stderr: bool,
) -> None:
    """Replay a sighting from its file, with all salts that explained anything in it."""
    if number > len(judgement.sightings):
        raise click.UsageError(
            f"--explain {number}: there are {len(judgement.sightings)} sightings"
        )
    item = judgement.sightings[number - 1]
    salts = [salt for each in results if str(each.path) == item.entry.file for salt in each.salts]
    click.echo(f"sighting {number}, step by step:", err=to_stderr)
    for line in _replay(item, replace(task, salts=(*task.salts, *salts))):
        click.echo(f"  {line}", err=to_stderr)


def _replay(item: Judged, task: Task) -> Iterator[str]:
    engine = Scanner(task).engine
    for entry in read_capture(Path(item.entry.file)):
        if not isinstance(entry, Exchange) or entry.index != item.entry.index:
            continue
        for sighting, match in engine.found(entry):
            if sighting == item.sighting:
                yield from explain(sighting, match)
                return
    yield "it is not there any more: was the file changed since it was scanned?"


def _write(target: str, written: dict[str, object]) -> None:
    text = json.dumps(written, ensure_ascii=False, indent=2)
    if target == "-":
        sys.stdout.write(text + "\n")
        return
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text + "\n")
    except OSError as error:
        raise HarnessError(
            f"cannot write the result: {(error.strerror or str(error)).lower()}", where=target
        ) from error
