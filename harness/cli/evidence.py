"""`leak-harness evidence RUN FILE.zip`: everything needed to check a run without trusting us.

Input: a run of the store. Output: a zip file with reports, exchanges, steps, pictures, scenarios
and a manifest that chains them by sha256; its digest on the last line. Exit code 2: no such run,
the file is there already, it cannot be signed.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from harness.cli.evidence_parts import about, parts
from harness.cli.reported import of_store
from harness.cli.signing import signature
from harness.cli.storing import opened, store_option
from harness.report.evidence.bundle import write_bundle


@click.command("evidence")
@click.argument("run", metavar="RUN")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@store_option
@click.option(
    "--sign",
    "key",
    metavar="KEY",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Sign it with this private key of OpenSSH's, by ssh-keygen.",
)
@click.option(
    "--project",
    metavar="DIR",
    default=Path(),
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the scenario files lie.  [default: here]",
)
def command(run: str, file: Path, location: str, key: Path | None, project: Path) -> None:
    """Write RUN as an evidence bundle to FILE, which must not be there yet.

    Tell the digest on the last line to those who get the bundle by another way (or sign it): with
    it they see that nothing was changed. `leak-harness verify FILE`, or verify.py in it, checks it.
    """
    with opened(location) as store:
        info = store.reader.find(run)
        sign = partial(signature, key) if key is not None else None
        reported = of_store(store.reader, info)
        pieces = parts(store.reader, info, reported, project)
        digest = write_bundle(pieces, about(info, reported), file, sign)
    state = "redacted" if info.redacted else "NOT redacted: it holds what was sent, secrets too"
    click.echo(f"written: {file} ({reported.verdict.value}, {state})")
    if not info.complete:
        click.echo("the run was never finished, so it is no pass")
    click.echo(f"digest: {digest}")
