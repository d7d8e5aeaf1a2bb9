"""Maintenance: `python -m harness.virtual.toolchain fetch|lock|has|node|npm`.

`fetch` fills the cache (all sets by default) and compiles what can be compiled beforehand; with a
full cache it does nothing. `lock` resolves the sets of `sets.py` anew, downloads every artifact and
writes `artifacts.lock.json`; its diff is for review. `node` and `npm` run the programs in use.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from harness.errors import HarnessError, LabError

from . import maven
from .cache import file_sha256, scratch
from .coordinate import Coordinate
from .fetching import fetch_sets, progress_bars
from .lock import LOCK_PATH, Lock, Pinned, load_lock, render_lock
from .runtimes import java, node, npm
from .sets import RECIPES, SetRecipe


@click.group()
def main() -> None:
    """The toolchain of the embedded Android device."""


@main.command()
@click.argument("set_names", nargs=-1)
def fetch(set_names: tuple[str, ...]) -> None:
    """Fill the cache with SET_NAMES (default: all of them)."""
    fetch_sets(set_names)


_PROGRAMS = {"java": java, "node": node}


@main.command()
@click.argument("program", type=click.Choice(sorted(_PROGRAMS)))
def has(program: str) -> None:
    """Exit 0 if there is a fitting PROGRAM (java, node), 1 if not."""
    try:
        _PROGRAMS[program]()
    except LabError:
        sys.exit(1)


_FORWARD = {"ignore_unknown_options": True, "help_option_names": []}


@main.command(name="node", context_settings=_FORWARD)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def run_node(arguments: tuple[str, ...]) -> None:
    """Run the Node.js in use with ARGUMENTS."""
    _become([str(node()), *arguments])


@main.command(name="npm", context_settings=_FORWARD)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def run_npm(arguments: tuple[str, ...]) -> None:
    """Run the npm of the Node.js in use with ARGUMENTS."""
    _become([*npm(), *arguments])


def _become(argv: list[str]) -> None:
    # Scripts that npm starts look for node on PATH.
    os.environ["PATH"] = os.pathsep.join([str(node().parent), os.environ.get("PATH", os.defpath)])
    os.execv(argv[0], argv)


@main.command()
@click.option("--fresh", is_flag=True, help="Download also what the old lock already pins.")
def lock(fresh: bool) -> None:
    """Resolve all sets again and write the lock file."""
    # A released Maven artifact never changes, so what was pinned once stays as it is.
    known = {} if fresh else {item.coordinate: item for item in _old_lock().pinned}
    with scratch() as folder, progress_bars() as progress:
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


if __name__ == "__main__":
    try:
        main()
    except HarnessError as error:
        click.echo(f"{error}", err=True)
        sys.exit(2)
