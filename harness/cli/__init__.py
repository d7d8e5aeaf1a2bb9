"""`leak-harness`: the command line. One file per command; only the command run pays its imports."""

from __future__ import annotations

from importlib import import_module

import click

from harness import __version__
from harness.errors import BugError, HarnessError, nearest

COMMANDS = {
    "demo": "Run the embedded sample app from consent to verdict.",
    "sample": "Write the sample app as an APK, to try scenarios and devices with.",
    "scan": "Search recorded traffic (HAR files) for terms; no device needed.",
    "virtual": "Start, stop and list virtual Android devices.",
    "runs": "List, show and prune stored runs.",
    "report": "Write a stored run as HTML, SARIF, HAR, Markdown or CSV.",
    "evidence": "Write a stored run as a bundle that others can check without trusting you.",
    "verify": "Check that an evidence bundle is as it was written.",
    "diff": "What changed between two stored runs, or since an approved baseline.",
    "baseline": "Approve what a run showed, so that the next one is compared with it.",
    "replay": "Judge a stored run again with today's engine and catalogue; no device needed.",
    "doctor": "Check this machine and a device, with the remedy for what fails.",
}
"""Command name -> one-line help; the command itself is `harness.cli.<name>.command`."""

EXIT_USAGE = 2


class _Lazy(click.Group):
    """Loads a command's module only when it is run, so that `--help` and `scan` stay quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"harness.cli.{cmd_name}").command
        if not isinstance(command, click.Command):
            raise BugError(f"harness.cli.{cmd_name}.command is not a click command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS:
            hint = nearest(args[0], COMMANDS)
            suffix = f" Did you mean {hint!r}?" if hint else ""
            raise click.UsageError(f"No such command {args[0]!r}.{suffix}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="leak-harness")
def cli() -> None:
    """Which parties receive what people type into an Android app?

    Start with `leak-harness demo`. Suites run with plain `pytest scenarios/`.
    Test apps that you own or may test, with test accounts.
    """


def main() -> None:
    """Entry point: harness errors become one clear message and exit code 2, never a traceback."""
    try:
        cli.main(prog_name="leak-harness")
    except HarnessError as error:
        click.echo(f"leak-harness: {error}", err=True)
        raise SystemExit(EXIT_USAGE) from None
