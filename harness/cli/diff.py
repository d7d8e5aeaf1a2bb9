"""`leak-harness diff A B`: who gets what in run B that did not in A (a run or a baseline's file).

Input: two stored runs, or the file of an approved baseline and a run. Output: lines for people,
JSON or Markdown. Exit code: 0 nothing worse, 1 somebody new gets a term (or worse), 2 usage or
unreadable input, 3 run B could not see enough to tell.
"""

from __future__ import annotations

import sys

import click

from harness.baseline.approval import check_app
from harness.baseline.changes import compare
from harness.baseline.comparing import comparison_json, lines, markdown
from harness.cli.storing import (
    COLOURS,
    EXIT_CODES,
    is_file,
    opened,
    package_option,
    side,
    store_option,
    write_json,
    write_text,
)


@click.command("diff")
@click.argument("before", metavar="RUN_A|FILE")
@click.argument("now", metavar="RUN_B", default="latest")
@store_option
@package_option
@click.option("--json", "json_file", metavar="FILE", help="Write JSON there; - for stdout.")
@click.option("--markdown", "markdown_file", metavar="FILE", help="The same as Markdown.")
def command(
    before: str,
    now: str,
    location: str,
    package: str,
    json_file: str | None,
    markdown_file: str | None,
) -> None:
    """What changed from RUN_A (or an approved baseline's FILE) to RUN_B.

    RUN is an id of `leak-harness runs list`, the beginning of one, `latest` or `latest~1`.
    Recipients that appear are told wherever they appear; recipients that disappear only where the
    same scenarios were run again and could see. Worse than before: exit code 1.
    """
    if json_file == "-" and markdown_file == "-":
        raise click.UsageError("only one of --json and --markdown can go to standard output")
    if is_file(now):
        raise click.UsageError("the second one is a run; a baseline's file comes first")
    with opened(location) as store:
        former = side(store, before, package)
        if is_file(before):
            package = package or former.app.package
        latter = side(store, now, package or former.app.package)
        check_app(former, latter.app.package)
    found = compare(former, latter)
    verdict = found.severity.verdict
    if "-" not in (json_file, markdown_file):
        head, *rest = lines(former, latter, found)
        click.secho(head, fg=COLOURS[verdict], bold=True)
        for line in rest:
            click.echo(line)
    if json_file:
        write_json(comparison_json(former, latter, found), json_file)
    if markdown_file:
        write_text(markdown(former, latter, found), markdown_file)
    sys.exit(EXIT_CODES[verdict])
