"""A store with three releases, and the command line over it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from click.testing import CliRunner, Result

from harness.baseline.store import Store
from harness.cli import cli
from harness.errors import HarnessError
from tests.baseline.runs import CLEAN, LEAKY, put_run, record


def three_releases(path: Path) -> str:
    """Runs `r1` (1.0, clean), `r2` (2.0, a new SDK), `r3` (3.0, fixed), and `r4`, killed."""
    with Store.open(str(path)) as store:
        put_run(store, "r1", record(CLEAN, "1.0"), at_s=1_760_000_000.0)
        put_run(store, "r2", record(LEAKY, "2.0"), at_s=1_760_000_100.0)
        put_run(store, "r3", record(CLEAN, "3.0"), at_s=1_760_000_200.0)
        put_run(store, "r4", record(CLEAN, "4.0"), at_s=1_760_000_300.0, finished=False)
    return str(path)


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def call(*arguments: str) -> Result:
    """The command as `main` ends it: an error of ours is its text and exit code 2."""
    result = CliRunner().invoke(cli, arguments)
    if isinstance(result.exception, HarnessError):
        result.exit_code = 2
        result.stdout_bytes += str(result.exception).encode()
    elif result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def said(result: Result) -> str:
    return result.stdout_bytes.decode() + result.stderr
