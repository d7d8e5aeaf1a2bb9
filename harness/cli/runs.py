"""`leak-harness runs`: list, show and prune the runs that are stored.

Input: the store. Output: lines for people, or JSON. `prune` takes whole runs out, oldest first,
under a rule that is told before anything goes. Exit code 2: no store, no such run.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from harness.baseline.model import ItemInfo, RunInfo
from harness.baseline.pruning import DAY_S, Retention, expired, remove
from harness.baseline.recorded import stored_run, write_recording
from harness.baseline.store import Store
from harness.cli.storing import COLOURS, opened, store_option, write_json
from harness.clock import SystemClock
from harness.report import wording
from harness.report.plain import plain


@click.group("runs")
def command() -> None:
    """List, show and prune stored runs."""


@command.command("list")
@store_option
@click.option("--app", "package", default="", metavar="PACKAGE", help="Only runs of this app.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1), help="How many.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_(location: str, package: str, limit: int, as_json: bool) -> None:
    """The newest runs: id, verdict, app, number of items."""
    with opened(location) as store:
        runs = store.reader.runs(package, limit)
    if as_json:
        write_json([_run_json(run) for run in runs], "-")
        return
    for run in runs:
        click.secho(f"{run.verdict.value:<12}", fg=COLOURS[run.verdict], nl=False)
        click.echo(f"  {run.id}  {when(run.started_s)}  {_apps(run)}, {_items(run)}{_state(run)}")
    if not runs:
        click.echo("no runs are stored")


@command.command("show")
@click.argument("run", default="latest")
@store_option
@click.option("--json", "as_json", is_flag=True, help="The run's report.json.")
@click.option("--contacts", is_flag=True, help="Everybody the app talked to, with versions.")
def show(run: str, location: str, as_json: bool, contacts: bool) -> None:
    """One run: its items, who got what, what was blind."""
    with opened(location) as store:
        info = store.reader.find(run)
        if as_json:
            added = {"run": info.id, "complete": info.complete, "baseline": info.changes}
            write_json(store.reader.document(info.id) | added, "-")
            return
        _show(store, info)
        if contacts:
            for app in dict.fromkeys(app.package for app in info.apps):
                _show_history(store, app)


@command.command("prune")
@store_option
@click.option("--keep", default=50, show_default=True, type=click.IntRange(0), help="Runs per app.")
@click.option(
    "--older-than",
    "days",
    default=90.0,
    show_default=True,
    type=click.FloatRange(0),
    help="Days; a younger run is never taken out.",
)
@click.option("--run", "named", multiple=True, metavar="RUN", help="Take out this run, whatever.")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
def prune(location: str, keep: int, days: float, named: tuple[str, ...], dry_run: bool) -> None:
    """Take out runs that are older than --older-than days and not among the last --keep."""
    with opened(location) as store:
        if named:
            going = tuple(store.reader.find(name).id for name in named)
        else:
            rule = Retention(keep, days * DAY_S)
            going = expired(store.reader.runs(), rule, SystemClock().wall())
        for run in going:
            click.echo(f"{'would go' if dry_run else 'gone'}: {run}")
        gone = 0 if dry_run or not going else remove(store.database, going)
    click.echo(f"{len(going)} runs, {gone} contents that nothing else needed")


@command.command("export")
@click.argument("run")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@store_option
def export(run: str, file: Path, location: str) -> None:
    """Write RUN to FILE (.jsonl or .jsonl.zst), to be kept and replayed anywhere."""
    with opened(location) as store:
        recorded = stored_run(store.reader, store.reader.find(run))
    write_recording(recorded, file)
    redacted = "redacted" if recorded.redacted else "NOT redacted"
    click.echo(f"written: {file} ({len(recorded.items)} items, {redacted})")


def when(at_s: float) -> str:
    """`2026-11-25 07:46 UTC`."""
    return f"{datetime.fromtimestamp(at_s, UTC):%Y-%m-%d %H:%M} UTC"


def _apps(run: RunInfo) -> str:
    names = [f"{plain(app.package)} {plain(app.label)}" for app in run.apps]
    return ", ".join(dict.fromkeys(names)) or "no app"


def _items(run: RunInfo) -> str:
    return f"{run.items} {'item' if run.items == 1 else 'items'}"


def _state(run: RunInfo) -> str:
    return "" if run.complete else "  INCOMPLETE (still going on, or killed)"


def _run_json(run: RunInfo) -> dict[str, object]:
    return {
        "id": run.id,
        "started_s": run.started_s,
        "finished_s": run.finished_s,
        "complete": run.complete,
        "verdict": run.verdict.value,
        "items": run.items,
        "redacted": run.redacted,
        "apps": [asdict(app) for app in run.apps],
    }


def _show(store: Store, run: RunInfo) -> None:
    click.echo(f"run {run.id}, {when(run.started_s)}, {_apps(run)}{_state(run)}")
    about = run.about
    redacted = "redacted" if run.redacted else "NOT redacted"
    click.echo(f"leak-harness {about.harness}, engine {about.engine[:12]}, {redacted}")
    items = store.reader.items(run.id)
    reports = [store.reader.report(item) for item in items]
    for line in wording.summary(reports, style=_styled):
        click.echo(line)
    _show_missing(items)
    if run.changes:
        click.echo(f"\ncompared: {json.dumps(_counts(run.changes), ensure_ascii=False)}")


def _show_missing(items: tuple[ItemInfo, ...]) -> None:
    for item in items:
        if item.closed_as is not item.verdict:
            click.echo(f"  {plain(item.name)}: closed as {item.closed_as}, {item.verdict} since")


def _counts(changes: object) -> dict[str, int]:
    """How many changes of each kind, over all apps."""
    counts: dict[str, int] = {}
    for found in changes.values() if isinstance(changes, dict) else ():
        for each in (found or {}).get("changes", ()):
            counts[each["change"]] = counts.get(each["change"], 0) + 1
    return counts


def _show_history(store: Store, package: str) -> None:
    click.echo(f"\nwho {plain(package)} talked to, over all stored runs")
    for seen in store.reader.history(package):
        recipient = seen.recipient
        known = ", ".join(filter(None, (recipient.company, recipient.sdk)))
        got = "GOT A TERM" if seen.got_term and recipient.party.value != "first" else ""
        row = (plain(recipient.host), plain(known), f"{seen.first_version}..{seen.last_version}")
        click.echo(f"  {row[0]:<40} {row[1]:<24} {row[2]:<16} {seen.runs:>3} runs  {got}".rstrip())


def _styled(text: str, role: str) -> str:
    colours = {"leak": "red", "inconclusive": "yellow", "pass": "green"}
    return click.style(text, fg=colours.get(role), bold=role == "head")
