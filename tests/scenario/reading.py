"""Short ways to read scenario text in tests."""

from __future__ import annotations

from pathlib import Path

from harness.scenario.model import Scenario, Step
from harness.scenario.reader import Given, read_scenario

HEADER = "appId: org.example.clinic\nterms: [hépatite]\n"


def no_files(path: Path) -> str:
    raise FileNotFoundError(2, "No such file or directory", str(path))


def read(text: str, given: Given | None = None, files: dict[str, str] | None = None) -> Scenario:
    """Read `text` as `a.flow.yaml`; `files` are what else there is, by name."""

    def load(path: Path) -> str:
        return (files or {})[str(path)] if str(path) in (files or {}) else no_files(path)

    return read_scenario(text, Path("a.flow.yaml"), given, load=load)


def steps(text: str, given: Given | None = None) -> tuple[Step, ...]:
    return read(f"{HEADER}---\n{text}\n", given).steps


def one(text: str) -> Step:
    return steps(text)[0]
