"""The shape of the package: imports point one way, sole users, twins, sizes.

The rules are the architecture; a change that breaks one is a change of the architecture.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "harness"
MAX_LINES = 300

LEVELS: tuple[tuple[str, ...], ...] = (
    ("harness.clock", "harness.errors"),
    ("harness.folders",),
    ("harness.traffic.exchange", "harness.detection.sighting", "harness.device.hierarchy"),
    ("harness.attribution.recipient", "harness.device.selectors", "harness.device.facts"),
    ("harness.findings.hosts",),
    (
        "harness.findings.finding",
        "harness.findings.expectations",
        "harness.findings.coverage",
        "harness.findings.acceptance",
    ),
    ("harness.agent.messages", "harness.agent.events", "harness.settings", "harness.outcomes"),
    ("harness.detection",),
    ("harness.attribution",),
    ("harness.findings", "harness.scenario"),
    ("harness.traffic",),
    ("harness.report", "harness.agent", "harness.webview"),
    ("harness.baseline",),
    ("harness.device",),
    ("harness.run",),
    ("harness.collect", "harness.storage"),
    ("harness.regression",),
    ("harness.results",),
    ("harness.fixtures",),
    ("harness.plugin",),
    ("harness.cli",),
)
"""Low to high; the longest prefix that fits a module is its place. A module imports its own room
and lower levels. `harness.virtual` stands beside: see `VIRTUAL_MAY` and `MAY_IMPORT_VIRTUAL`."""

VIRTUAL_MAY = (
    "harness.clock", "harness.errors", "harness.virtual", "harness.device", "harness.traffic",
    "harness.detection.sighting", "harness.findings.coverage",
)  # fmt: skip
"""What the embedded device may use: values, time, and the contract of the registry it fills."""

MAY_IMPORT_VIRTUAL = {
    "harness.device.providers", "harness.cli.demo", "harness.cli.virtual", "harness.cli.doctor",
    "harness.cli.sample",
}  # fmt: skip
"""The registry, and the commands that are about the embedded device."""

SOLE_USERS = {
    "frida": ("harness.agent", "harness.virtual", "harness.cli.doctor"),
    "adbutils": ("harness.device", "harness.virtual"),
    "yaml": (
        "harness.scenario.document", "harness.attribution.catalogue", "harness.virtual.internet",
        "harness.baseline.approval", "harness.baseline.approved_file",
        "harness.virtual.apk",
    ),
    "time": ("harness.clock", "harness.virtual"),
    "subprocess": (
        "harness.device", "harness.virtual", "harness.agent.bundle", "harness.cli.doctor",
        "harness.cli.signing",
    ),
    "pytest": (
        "harness.settings", "harness.outcomes", "harness.collect", "harness.fixtures",
        "harness.results", "harness.plugin",
    ),
}  # fmt: skip
"""Module of others -> who may import it."""

NO_TWIN: dict[str, str] = {
    "harness.baseline.schema": "Alembic compares it with the steps in test_migrating.py",
    "harness.baseline.migrations": "test_migrating.py takes all the steps on both databases",
    "harness.detection.decoders": "one table of reference encoders, decoders/test_decoders.py",
}
"""Module or room -> why it has no test file of its own name."""


@cache
def modules() -> dict[str, Path]:
    """Every module of the package by its dotted name, packages by theirs."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        if "node_modules" in path.parts:
            continue
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(modules()[name].read_text(encoding="utf-8"))


@cache
def imports(name: str) -> frozenset[str]:
    """What a module imports anywhere in it, type checking included."""
    found: set[str] = set()
    package = name if modules()[name].name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parents, *([node.module] if node.module else [])])
            inner = {f"{base}.{alias.name}" for alias in node.names}
            found |= {each if each in modules() else base for each in inner}
    return frozenset(found)


def within(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(prefix + ".")


def level(name: str) -> int | None:
    """The level of a module of ours, None for packages that hold levels apart."""
    fits = [
        (len(prefix), at) for at, row in enumerate(LEVELS) for prefix in row if within(name, prefix)
    ]
    return max(fits)[1] if fits else None


def room(name: str) -> str:
    return ".".join(name.split(".")[:2])


def ours() -> list[str]:
    return [name for name in modules() if name != "harness" and not within(name, "harness.virtual")]


@pytest.mark.parametrize("name", ours())
def test_imports_point_down(name: str) -> None:
    own = level(name)
    assert own is not None, f"{name} has no place in LEVELS"
    upward = {
        other: level(other)
        for other in imports(name)
        if within(other, "harness") and other != "harness" and not within(other, "harness.virtual")
        if room(other) != room(name) and (level(other) or 0) >= own
    }
    assert not upward, f"{name} (level {own}) imports upward or sideways: {upward}"


def test_nobody_but_the_registry_knows_the_virtual_device() -> None:
    users = {name for name in ours() for other in imports(name) if within(other, "harness.virtual")}
    assert users <= MAY_IMPORT_VIRTUAL


def test_the_virtual_device_knows_only_values_and_its_contract() -> None:
    strangers = {
        (name, other)
        for name in modules()
        if within(name, "harness.virtual")
        for other in imports(name)
        if within(other, "harness") and other != "harness"
        if not any(within(other, allowed) for allowed in VIRTUAL_MAY)
    }
    assert not strangers


@pytest.mark.parametrize("foreign", sorted(SOLE_USERS))
def test_sole_users(foreign: str) -> None:
    users = {name for name in modules() for other in imports(name) if within(other, foreign)}
    allowed = SOLE_USERS[foreign]
    assert not {name for name in users if not any(within(name, each) for each in allowed)}


@pytest.mark.parametrize("name", sorted(modules()))
def test_sizes_and_head(name: str) -> None:
    text = modules()[name].read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MAX_LINES
    if text.strip():
        assert ast.get_docstring(tree(name)), f"{name} does not say what it is for"


def test_names_say_something() -> None:
    empty = {"utils", "helpers", "common", "misc", "manager", "base"}
    assert not {name for name in modules() if name.rpartition(".")[2] in empty}


def behaves(name: str) -> bool:
    """Whether a module does anything: values, contracts and tables alone need no test."""
    return any(
        not all(_is_mute(statement) for statement in node.body)
        for node in ast.walk(tree(name))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def _is_mute(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def with_behaviour() -> list[str]:
    return sorted(
        name for name, path in modules().items() if path.name != "__init__.py" and behaves(name)
    )


@pytest.mark.parametrize("name", with_behaviour())
def test_every_module_has_a_twin(name: str) -> None:
    path = modules()[name]
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    twin = ROOT.joinpath("tests", *parts[:-1], f"test_{parts[-1].strip('_')}.py")
    excused = any(within(name, known) for known in NO_TWIN)
    assert twin.is_file() or excused, f"no {twin.relative_to(ROOT)}"


def test_every_module_can_be_imported_alone() -> None:
    """One process that imports each in an own name space of modules would hide cycles; so each
    package's modules are imported in turn, first into an empty interpreter."""
    rooms = sorted({room(name) for name in modules() if name.count(".") == 2})
    for each in rooms:
        names = [name for name in modules() if within(name, each)]
        code = "import importlib, sys\nfor name in sys.argv[1:]: importlib.import_module(name)"
        done = subprocess.run(
            [sys.executable, "-c", code, *names],
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=False,
        )
        assert done.returncode == 0, f"{each}: {done.stderr[-800:]}"
