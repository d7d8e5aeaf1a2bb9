"""What the commands about stored runs share: where the store is, which run, how things are written.

Input: options as people give them. Output: an open store, a baseline from whatever names one.
Refuses what is neither a run nor a file.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from harness.baseline.approved import Baseline
from harness.baseline.approved_file import read_baseline
from harness.baseline.observing import observed
from harness.baseline.store import DEFAULT, Store
from harness.errors import LabError, ScenarioError
from harness.findings.finding import Verdict
from harness.folders import whole_file

F = TypeVar("F", bound=Callable[..., object])

EXIT_CODES = {Verdict.PASS: 0, Verdict.LEAK: 1, Verdict.INCONCLUSIVE: 3}
"""Exit codes of `diff` and `replay`; 2 is for what cannot be used."""

COLOURS = {Verdict.LEAK: "red", Verdict.INCONCLUSIVE: "yellow", Verdict.PASS: "green"}


def store_option(command: F) -> F:
    """`--store`, for every command that reads runs."""
    return click.option(
        "--store",
        "location",
        default=DEFAULT,
        envvar="LEAK_STORE",
        show_default=True,
        metavar="FILE|URL",
        help="Where runs are kept.",
    )(command)


def package_option(command: F) -> F:
    """`--app`, where a run may have tested several."""
    return click.option(
        "--app", "package", default="", metavar="PACKAGE", help="The app, if there are several."
    )(command)


@contextmanager
def opened(location: str) -> Iterator[Store]:
    """The store, which must be there.

    Raises:
        ScenarioError: it is not.
    """
    if location == "none":
        raise ScenarioError(
            "no runs are kept here",
            where="LEAK_STORE",
            seen="none",
            action="name the store: --store FILE",
        )
    with Store.open(location, create=False) as store:
        yield store


def is_file(name: str) -> bool:
    """Whether an argument names a baseline's file rather than a run."""
    return name.endswith((".yaml", ".yml")) or Path(name).is_file()


def side(store: Store, name: str, package: str = "") -> Baseline:
    """What a run or a baseline's file shows."""
    if is_file(name):
        return read_baseline(Path(name))
    return observed(store.reader, store.reader.find(name), package)


def write_json(value: Any, target: str) -> None:
    """To a file (0600), or to standard output for `-`."""
    write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", target)


def write_text(text: str, target: str) -> None:
    """The same for any text."""
    write_pieces((text,), target)


def write_pieces(pieces: Iterable[str], target: str) -> None:
    """The same for a text that comes piece by piece: a file is written whole or stays as it was.

    Raises:
        LabError: the file cannot be written.
    """
    data = (piece.encode("utf-8", "backslashreplace") for piece in pieces)
    if target == "-":
        for each in data:
            sys.stdout.buffer.write(each)
        sys.stdout.buffer.flush()
        return
    path = Path(target).resolve()
    if path.exists() and not path.is_file():  # a device or a pipe takes what comes
        with _told(target), path.open("wb") as file:
            file.writelines(data)
        return
    with _told(target), whole_file(path) as file:
        file.writelines(data)


@contextmanager
def _told(target: str) -> Iterator[None]:
    """The system's refusal as an error of ours."""
    try:
        yield
    except OSError as error:
        raise LabError(
            "the result cannot be written", where=target, seen=error.strerror or str(error)
        ) from error
