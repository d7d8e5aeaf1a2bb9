"""`leak-harness sample`: a sample app as an APK file, to try the scenarios and a device with.

Input: an app and a flavour. Output: a file; its path on the last line of standard output. Needs the
checkout, because the app is built from its sources (once; later calls copy it out of the cache).
"""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from harness.errors import LabError, ScenarioError

APPS = Path(__file__).resolve().parents[2] / "scenarios" / "apps"


@click.command("sample")
@click.argument("flavour", type=click.Choice(["leaky", "fixed", "hidden"]), default="leaky")
@click.option(
    "--app",
    type=click.Choice(["clinic", "booking"]),
    default="clinic",
    show_default=True,
    help="A native app with analytics SDKs, or one that is a web page in a shell.",
)
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write.  [default: APP-FLAVOUR.apk]",
)
def command(flavour: str, app: str, output: Path | None) -> None:
    """Write a sample app as an APK.

    leaky hands the search word to others once consent is given, fixed does not; hidden (of booking
    only) does it in disguise.

    \b
        leak-harness sample leaky && pytest scenarios/clinic --leak-app clinic-leaky.apk
        leak-harness sample leaky --app booking &&
            pytest scenarios/incident-2021 --leak-app booking-leaky.apk
    """
    from harness.virtual.apk import build_app

    folder = APPS / app
    if not folder.is_dir():
        raise LabError(
            "the sample app's sources are not here",
            where=str(folder),
            action="run this from a checkout of the project",
        )
    target = output or Path(f"{app}-{flavour}.apk")
    built = build_app(folder, flavour)
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
