"""`python -m tests.bench [NAME...]`: run benchmarks, print them against their goals, keep them.

A benchmark is a module of this folder with `run() -> dict[str, Any]`; the dict is JSON and may hold
`figures` as `tests.bench.figures` makes them, which are printed as a table. Output:
`bench-results/<UTC>.json` with the facts of the machine, and the table. A missed goal is told and
is no error, since a busy machine misses goals too; a benchmark that breaks is one (exit code 1),
after the others have run.
"""

from __future__ import annotations

import ast
import importlib
import json
import logging
import os
import platform
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from tests.bench import figures

FOLDER = Path(__file__).parent
RESULTS = FOLDER.parents[1] / "bench-results"

log = logging.getLogger("bench")


def modules(folder: Path = FOLDER) -> tuple[str, ...]:
    """Names of the modules that can be run, without importing any."""
    return tuple(path.stem for path in sorted(folder.glob("[!_]*.py")) if _can_run(path))


def _can_run(path: Path) -> bool:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return any(isinstance(node, ast.FunctionDef) and node.name == "run" for node in tree.body)


def machine() -> dict[str, Any]:
    """What a reader must know of the machine to judge a figure."""
    lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    memory = {
        name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)
    }
    return {
        "cores": len(os.sched_getaffinity(0)),
        "memory_mb": memory["MemTotal"] // 1024,
        "available_mb": memory["MemAvailable"] // 1024,
        "load_average": [round(load, 2) for load in os.getloadavg()],
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def measure(names: Sequence[str], package: str = "tests.bench") -> dict[str, Any]:
    """Run the modules one after another; of one that breaks, `error` says how."""
    done: dict[str, Any] = {}
    for name in names:
        click.echo(f"measuring: {name}", err=True)
        before = os.getloadavg()[0]
        try:
            said = importlib.import_module(f"{package}.{name}").run()
        except Exception as error:
            log.exception("the benchmark %s broke", name)
            said = {"error": f"{type(error).__name__}: {error}"}
        said["load_average_before_after"] = [round(before, 2), round(os.getloadavg()[0], 2)]
        done[name] = said
    return done


def write(results: dict[str, Any], facts: dict[str, Any], folder: Path) -> Path:
    """Keep the results under the time of this moment; the file."""
    now = datetime.now(UTC)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{now:%Y%m%dT%H%M%SZ}.json"
    document = {"at": now.isoformat(timespec="seconds"), "machine": facts, "results": results}
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")
    return path


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--output", type=click.Path(file_okay=False, path_type=Path), default=RESULTS, help="Folder."
)
def main(names: tuple[str, ...], output: Path) -> None:
    """Run the benchmarks NAME..., or all, and print them against their goals."""
    known = modules()
    unknown = sorted(set(names) - set(known))
    if unknown:
        raise click.UsageError(f"no benchmark {', '.join(unknown)}; there are: {', '.join(known)}")
    # Devices are stopped by `finally` blocks, which a plain SIGTERM would skip.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    facts = machine()
    results = measure(names or known)
    path = write(results, facts, output)
    for name, said in results.items():
        click.echo(figures.table(name, said))
    click.echo(f"machine: {facts}")
    missed = [f"{name}: {one}" for name, said in results.items() for one in figures.missed(said)]
    click.echo(f"goals missed: {'; '.join(missed) or 'none'}")
    click.echo(f"written: {os.path.relpath(path)}")
    if any("error" in said for said in results.values()):
        sys.exit(1)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    main()
