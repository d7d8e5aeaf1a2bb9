"""Does beforehand what the embedded device would otherwise do at first use; part of `make setup`.

Fetches the pinned artifacts and, where there is none, a browser for web views; compiles the Java
parts, builds the sample apps and converts them. Everything lands in the cache, so running it again
costs little and nothing depends on it having run: whoever needs a result makes it if it is missing.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from harness.errors import HarnessError, LabError
from harness.virtual.apk import build_app, convert
from harness.virtual.apk.app import read_app
from harness.virtual.host.build import host_runtime
from harness.virtual.toolchain.chromium import chromium
from harness.virtual.toolchain.fetching import fetch_sets

SAMPLES = Path(__file__).parents[2] / "scenarios" / "apps"


def prepare() -> None:
    """Fill the cache; raises HarnessError when something cannot be had."""
    fetch_sets(())
    host_runtime()
    try:
        chromium()
    except LabError as error:
        # Everything but web pages goes on without it.
        click.echo(f"note: web pages cannot be shown. {error}", err=True)
    # An installed package has no checkout around it, and then no samples.
    for description in sorted(SAMPLES.glob("*/app.yaml")):
        for flavour in read_app(description.parent).flavours:
            click.echo(f"building {description.parent.name}, {flavour}", err=True)
            convert(build_app(description.parent, flavour))


if __name__ == "__main__":
    try:
        prepare()
    except HarnessError as error:
        click.echo(f"{error}", err=True)
        sys.exit(2)
