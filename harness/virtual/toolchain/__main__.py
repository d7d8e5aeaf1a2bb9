"""Maintenance: `python -m harness.virtual.toolchain fetch [SET ...]` and `... lock`.

`fetch` fills the cache (all sets by default) and compiles what can be compiled beforehand; with a
full cache it does nothing. `lock` resolves the sets of `sets.py` anew, downloads every artifact and
writes `artifacts.lock.json`; its diff is for review.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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

from harness.errors import HarnessError

from . import maven
from .artifacts import artifacts, missing
from .cache import file_sha256, scratch
from .compiler import android_for_modules
from .coordinate import Coordinate
from .lock import LOCK_PATH, Lock, Pinned, load_lock, render_lock
from .sets import RECIPES, SetRecipe


@click.group()
def main() -> None:
    """The toolchain of the embedded Android device."""


@main.command()
@click.argument("set_names", nargs=-1)
def fetch(set_names: tuple[str, ...]) -> None:
    """Fill the cache with SET_NAMES (default: all of them)."""
    names = set_names or tuple(load_lock().sets)
    for name in names:
        if missing([name]):
            with _bars() as progress:
                artifacts(name, progress=progress)
    if "android-api" in names:
        android_for_modules()


@main.command()
@click.option("--fresh", is_flag=True, help="Download also what the old lock already pins.")
def lock(fresh: bool) -> None:
    """Resolve all sets again and write the lock file."""
    # A released Maven artifact never changes, so what was pinned once stays as it is.
    known = {} if fresh else {item.coordinate: item for item in _old_lock().pinned}
    with scratch() as folder, _bars() as progress:
        repository = maven.Repository(folder)
        sets: dict[str, tuple[Pinned, ...]] = {}
        for recipe in RECIPES:
            closure = _closure(repository, recipe)
            for coordinate in closure:
                if coordinate not in known:
                    known[coordinate] = _pin(repository, coordinate, folder, progress)
            sets[recipe.name] = tuple(known[coordinate] for coordinate in closure)
    made = Lock(sets)
    LOCK_PATH.write_text(render_lock(made), encoding="utf-8")
    click.echo(f"{LOCK_PATH}: {len(made.pinned)} artifacts in {len(sets)} sets")


def _old_lock() -> Lock:
    return load_lock() if LOCK_PATH.is_file() else Lock({})


def _closure(repository: maven.Repository, recipe: SetRecipe) -> list[Coordinate]:
    roots = [Coordinate.parse(root) for root in recipe.roots]
    found = repository.closure(roots, transitive=recipe.transitive)
    return [coordinate for coordinate in found if not recipe.excludes(coordinate.project)]


def _pin(
    repository: maven.Repository, coordinate: Coordinate, folder: Path, progress: maven.Progress
) -> Pinned:
    path = repository.fetch(coordinate, folder, progress)
    license_name = repository.license_of(coordinate)
    return Pinned(coordinate, file_sha256(path), path.stat().st_size, license_name)


@contextmanager
def _bars() -> Iterator[maven.Progress]:
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


if __name__ == "__main__":
    try:
        main()
    except HarnessError as error:
        click.echo(f"{error}", err=True)
        sys.exit(2)
