"""Fetching whole sets beforehand, with progress on the terminal.

Input: names of sets. Output: a filled cache; what is there already costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TransferSpeedColumn,
)

from . import maven
from .compiler import android_for_modules
from .lock import load_lock
from .store import artifacts, missing


def fetch_sets(set_names: tuple[str, ...]) -> None:
    """Fetch what is missing of the named sets (none: of all), showing progress."""
    names = set_names or tuple(load_lock().sets)
    for name in names:
        if missing([name]):
            with progress_bars() as progress:
                artifacts(name, progress=progress)
    if "android-api" in names:
        android_for_modules()


@contextmanager
def progress_bars() -> Iterator[maven.Progress]:
    """Progress bars on a terminal; elsewhere one line a file."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    tasks: dict[str, TaskID] = {}
    with Progress(
        *columns, TransferSpeedColumn(), console=console, disable=not console.is_terminal
    ) as bars:

        def progress(name: str, had: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=total or None)
                if not console.is_terminal:
                    click.echo(f"fetching {name}, {total / 1e6:.1f} MB", err=True)
            bars.update(tasks[name], completed=had, visible=had != total)

        yield progress
