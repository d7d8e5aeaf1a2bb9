"""`leak-harness virtual`: start, stop and list embedded Android devices.

`start` prints the serial on the last line of standard output, progress on standard error. The
user's adb server is not touched: `adb connect SERIAL` makes the device known to any server.
"""

from __future__ import annotations

from pathlib import Path

import click

from harness.folders import usable_folder
from harness.virtual.daemon import list_devices, start_device, stop_device
from harness.virtual.host.guard.support import REMEDY, warning
from harness.virtual.internet import LIVE_WARNING


@click.group(name="virtual")
def command() -> None:
    """Start, stop and list virtual Android devices."""


@command.command()
@click.option("--port", type=click.IntRange(1, 65535), help="TCP port of its adbd on 127.0.0.1.")
@click.option(
    "--apk",
    "apks",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Install this APK; may be repeated.",
)
@click.option(
    "--internet",
    default="default",
    show_default=True,
    help="What the apps' requests are answered with: default, a folder of answers, or live.",
)
@click.option(
    "--work-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep packages, files and settings here; without it they go with the device.",
)
@click.option("--locale", default="de-DE", show_default=True, help="Language of the device.")
def start(
    port: int | None, apks: tuple[Path, ...], internet: str, work_dir: Path | None, locale: str
) -> None:
    """Start a device and print its serial when it has booted."""
    if internet == "live":
        click.echo(f"WARNING: {LIVE_WARNING}", err=True)
    elif internet != "default" and not Path(internet).is_dir():
        raise click.UsageError(f"--internet: there is no folder {internet!r}")
    if work_dir is not None:
        usable_folder(work_dir, "--work-dir")
    device = start_device(
        port=port,
        apks=apks,
        internet=internet,
        work_dir=work_dir,
        locale=locale,
        progress=lambda text: click.echo(text, err=True),
    )
    if device.uncontained:
        click.echo(f"WARNING: {warning(device.uncontained)}", err=True)
        click.echo(f"do: {REMEDY}", err=True)
    click.echo(f"ready; make it known with: adb connect {device.serial}", err=True)
    click.echo(device.serial)


@command.command()
@click.argument("serial", required=False)
@click.option("--all", "owned", is_flag=True, help="Those of running test runs, too.")
def stop(serial: str | None, owned: bool) -> None:
    """Stop a device, or all that `virtual start` started; returns when their processes are gone.

    Devices of running test runs end with their run: they are named and left alone without --all.
    """
    for stopped in stop_device(serial, owned=owned):
        click.echo(stopped)
    for device in list_devices() if serial is None else ():
        owner = f"in use by process {device.owner_pid}, and ends with it"
        click.echo(f"left alone: {device.serial}, {owner}; --all stops it, too", err=True)


@command.command(name="list")
def list_() -> None:
    """List the running devices: serial, process id, folder, and who started it."""
    for device in list_devices():
        owner = f"process {device.owner_pid}" if device.owner_pid else "virtual start"
        click.echo(f"{device.serial}\t{device.pid}\t{device.work_dir}\t{owner}")
