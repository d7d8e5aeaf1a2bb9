"""`leak-harness baseline approve RUN`: write down what a run showed, for the next one.

Input: a stored run. Output: one reviewable YAML file per app. Refuses runs that say too little
(incomplete, inconclusive), and a file of another app. Approving makes no leak a pass: a finding is
accepted only by name (`--accept HOST`), with an owner, a reason and an end.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import click

from harness.baseline.approval import (
    FOLDER,
    accepted,
    carried_over,
    file_for,
    write_baseline,
)
from harness.baseline.approved import Accepted, Baseline
from harness.baseline.approved_file import read_baseline
from harness.baseline.model import RunInfo
from harness.baseline.observing import observed
from harness.cli.storing import opened, package_option, store_option
from harness.clock import SystemClock
from harness.errors import ScenarioError
from harness.findings.finding import Verdict
from harness.report.plain import plain


@click.group("baseline")
def command() -> None:
    """Approve what a run showed, so that the next one is compared with it."""


@command.command("approve")
@click.argument("run", default="latest")
@store_option
@package_option
@click.option("--why", default="", metavar="TEXT", help="Reason, for the file.")
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=f"The file; without it {FOLDER}/PACKAGE.yaml.",
)
@click.option(
    "--accept",
    "hosts",
    multiple=True,
    metavar="HOST",
    help="Accept the findings at this host, exactly as they are; needs the next three.",
)
@click.option("--owner", default="", metavar="WHO", help="With --accept: who answers for it.")
@click.option("--until", default="", metavar="DATE", help="With --accept: last day, YYYY-MM-DD.")
def approve(
    run: str,
    location: str,
    package: str,
    why: str,
    output: Path | None,
    hosts: tuple[str, ...],
    owner: str,
    until: str,
) -> None:
    """Write RUN down as what is known of the app: recipients, data, encodings, live layers.

    A finding of RUN is written as `leak: true` and stays a leak. It is accepted only with --accept,
    --owner, --why and --until (or by the same words in the file), and only in the very form it has.
    """
    how = _acceptance(hosts, owner, why, until)
    with opened(location) as store:
        info = store.reader.find(run)
        _refuse_blind(info)
        packages = sorted({app.package for app in info.apps if package in ("", app.package)})
        if output and len(packages) > 1:
            raise click.UsageError("the run tested several apps: name one with --app, or no file")
        found = [observed(store.reader, info, each) for each in packages or [package]]
    today = datetime.fromtimestamp(SystemClock().wall(), UTC).date()
    writing = [
        _complete(replace(each, approved=today, why=why), output, hosts, how) for each in found
    ]
    for baseline, path in writing:
        write_baseline(baseline, path)
        _tell(baseline, path)


def _acceptance(hosts: tuple[str, ...], owner: str, why: str, until: str) -> Accepted | None:
    if not hosts:
        if owner or until:
            raise click.UsageError("--owner and --until belong to --accept HOST")
        return None
    missing = [
        f"--{name}"
        for name, text in (("owner", owner), ("why", why), ("until", until))
        if not text.strip()
    ]
    if missing:
        raise click.UsageError(f"--accept needs {' and '.join(missing)}, too")
    try:
        return Accepted(owner.strip(), why.strip(), date.fromisoformat(until))
    except ValueError:
        raise click.UsageError(f"--until {until!r} is not a day, YYYY-MM-DD") from None


def _refuse_blind(run: RunInfo) -> None:
    """A run that did not see everything is no measure for the next one."""
    if run.complete and run.verdict is not Verdict.INCONCLUSIVE:
        return
    raise ScenarioError(
        "this run cannot be approved",
        where=f"run {run.id}",
        seen="it was never finished" if not run.complete else "it is inconclusive",
        expected="a complete run that is a pass or a leak",
        action="run the scenarios again; `leak-harness runs show RUN` says what was blind",
    )


def _complete(
    new: Baseline, output: Path | None, hosts: tuple[str, ...], how: Accepted | None
) -> tuple[Baseline, Path]:
    """With what people wrote into the former file, and what they accept now."""
    path = output or file_for(Path(FOLDER), new.app.package)
    if path.exists():
        new = carried_over(new, read_baseline(path))
    if how is not None:
        new = accepted(new, hosts, how)
    return new, path


def _tell(baseline: Baseline, path: Path) -> None:
    app = f"{plain(baseline.app.package)} {plain(baseline.app.label)}"
    click.echo(f"written: {path} ({app}, {len(baseline.entries)} recipients of terms)")
    for cell in baseline.blind_in:
        click.echo(f"  left out, because it could not see: {plain(str(cell))}")
    for entry in baseline.entries:
        if entry.leak and entry.accept is None:
            click.echo(f"  still a leak: {plain(entry.who)} (accept it with --accept, or mend it)")
        elif entry.accept is not None:
            until = entry.accept.until
            click.echo(f"  accepted until {until}: {plain(entry.who)} ({entry.accept.owner})")
