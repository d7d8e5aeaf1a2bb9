"""`leak-harness sample`: the sample app as an APK file, to try the scenarios and a device with.

Input: a flavour. Output: a file; its path on the last line of standard output. Needs the checkout,
because the app is built from its sources (once; later calls copy it out of the cache).
"""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from harness.errors import LabError, ScenarioError

APP = Path(__file__).resolve().parents[2] / "scenarios" / "apps" / "clinic"


@click.command("sample")
@click.argument("flavour", type=click.Choice(["leaky", "fixed"]), default="leaky")
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write.  [default: clinic-FLAVOUR.apk]",
)
def command(flavour: str, output: Path | None) -> None:
    """Write the sample clinic app as an APK.

    leaky hands the search word to its analytics SDKs once consent is given; fixed does not.

        leak-harness sample leaky && pytest scenarios/clinic --leak-app clinic-leaky.apk
    """
    from harness.virtual.apk import build_app

    if not APP.is_dir():
        raise LabError(
            "the sample app's sources are not here",
            where=str(APP),
            action="run this from a checkout of the project",
        )
    target = output or Path(f"clinic-{flavour}.apk")
    built = build_app(APP, flavour)
    try:
        shutil.copyfile(built, target)
    except OSError as error:
        raise ScenarioError(
            "--output: this file cannot be written",
            where=str(target),
            seen=error.strerror or str(error),
            action="name another file: --output FILE",
        ) from error
    click.echo(target)
