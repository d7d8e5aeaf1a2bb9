"""`leak-harness replay RUN|RECORDING`: judge a stored run again, without any device.

Input: a run of the store, or files that `runs export` wrote. Output: verdicts then and now, with
what came and went. Exit code by today's verdict: 0 pass, 1 leak, 2 usage or unreadable input,
3 inconclusive.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from harness.baseline.recorded import RecordedRun, read_recording, stored_run
from harness.baseline.replaying import Replay, replay
from harness.cli.storing import COLOURS, EXIT_CODES, opened, store_option, write_json
from harness.report.document import item_json
from harness.report.model import overall
from harness.report.plain import plain
from harness.traffic.redaction import Redactor

SCHEMA = 1


@click.command("replay")
@click.argument("runs", metavar="RUN|RECORDING...", nargs=-1, required=True)
@store_option
@click.option("--json", "json_file", metavar="FILE", help="Write the result there; - for stdout.")
def command(runs: tuple[str, ...], location: str, json_file: str | None) -> None:
    """Judge stored runs again with today's engine, catalogue and verdict table.

    Each RUN is an id of `leak-harness runs list` (or `latest`) or a RECORDING that `leak-harness
    runs export` wrote. A changed verdict is explained. Recordings that are to be replayed for long
    are made with --leak-keep-secrets: what redaction took out, a newer engine cannot search.
    """
    done = [replay(_recorded(name, location)) for name in runs]
    for each in done:
        _tell(each, to_stderr=json_file == "-")
    if json_file is not None:
        write_json(_json(done), json_file)
    sys.exit(EXIT_CODES[overall([each.verdict for each in done])])


def _recorded(name: str, location: str) -> RecordedRun:
    path = Path(name)
    if path.is_file() or path.suffix in (".jsonl", ".zst"):
        return read_recording(path)
    with opened(location) as store:
        return stored_run(store.reader, store.reader.find(name))


def _tell(done: Replay, *, to_stderr: bool) -> None:
    changed = sum(each.then.verdict is not each.now.verdict for each in done.items)
    count = len(done.items)
    head = f"{done.verdict.value.upper()}: {plain(done.run.source)}, {count} items"
    head += f", {changed} with another verdict" if changed else ", verdicts as before"
    click.secho(head, fg=COLOURS[done.verdict], bold=True, err=to_stderr)
    click.echo(f"  {done.cause}", err=to_stderr)
    if not done.run.complete:
        click.echo("  the run was never finished, so it is no pass", err=to_stderr)
    for each in done.items:
        then, now = each.then.verdict, each.now.verdict
        if then is now and not each.why:
            continue
        word = f"{then} -> {now}" if then is not now else f"{now}, for other reasons"
        click.echo(f"  {plain(each.item.name)}: {word}", err=to_stderr)
        for text in each.why:
            click.echo(f"    {plain(text)}", err=to_stderr)
    if done.unsearched:
        click.echo(
            f"  {done.unsearched} requests could not be searched again: parts were taken out"
            " when they were stored",
            err=to_stderr,
        )


def _json(replays: list[Replay]) -> dict[str, Any]:
    as_it_is = Redactor(b"", enabled=False)
    return {
        "schema": SCHEMA,
        "verdict": overall([each.verdict for each in replays]).value,
        "runs": [
            {
                "run": done.run.id,
                "source": done.run.source,
                "complete": done.run.complete,
                "verdict": done.verdict.value,
                "cause": done.cause,
                "unsearched": done.unsearched,
                "scenarios": [
                    item_json(each.now, as_it_is)
                    | {
                        "id": each.item.name,
                        "then": each.then.verdict.value,
                        "changed": each.then.verdict is not each.now.verdict,
                        "why": list(each.why),
                    }
                    for each in done.items
                ],
            }
            for done in replays
        ],
    }
