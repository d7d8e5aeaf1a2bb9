"""What a benchmark says: figures with their goals, and the table a person reads.

Input: measured values. Output: JSON for `bench-results/`, lines for the terminal. A figure is
judged by its median; a goal that is missed is told like one that is met. Nothing here measures.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from rich.console import Console
from rich.table import Table

MET, MISSED = "met", "MISSED"


@dataclass(frozen=True, slots=True)
class Goal:
    """What the median should be: at most (`max`) or at least (`min`) `limit`."""

    kind: Literal["max", "min"]
    limit: float

    def met(self, value: float) -> bool:
        return value <= self.limit if self.kind == "max" else value >= self.limit

    def __str__(self) -> str:
        return f"{'≤' if self.kind == 'max' else '≥'} {self.limit:g}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured several times.

    Attributes:
        name: what was measured.
        unit: of the values and the goal.
        values: in the order in which they were measured; at least one.
        goal: None where the project promises nothing.
        note: how it was measured, where the name does not say it.
    """

    name: str
    unit: str
    values: tuple[float, ...]
    goal: Goal | None = None
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        median = statistics.median(self.values)
        return {
            "name": self.name,
            "unit": self.unit,
            "min": min(self.values),
            "median": median,
            "max": max(self.values),
            "values": list(self.values),
            "goal": str(self.goal) if self.goal else None,
            "met": self.goal.met(median) if self.goal else None,
            "note": self.note,
        }


def at_most(limit: float) -> Goal:
    return Goal("max", limit)


def at_least(limit: float) -> Goal:
    return Goal("min", limit)


def result(figures: list[Figure], **facts: Any) -> dict[str, Any]:
    """What a module's `run` returns: `figures`, and anything else worth keeping."""
    return {"figures": [figure.to_json() for figure in figures], **facts}


def table(name: str, said: Mapping[str, Any]) -> str:
    """One module's result for the terminal: its figures, then its other facts."""
    made = Table(title=name, title_justify="left", box=None, pad_edge=False)
    made.add_column("figure")
    for column in ("min", "median", "max", "unit", "runs", "goal", ""):
        made.add_column(column, justify="left" if column in ("unit", "") else "right")
    for figure in said.get("figures", ()):
        made.add_row(*_row(figure))
    console = Console(width=118, color_system=None)
    with console.capture() as capture:
        if made.row_count:
            console.print(made)
        for key, value in said.items():
            if key != "figures":
                console.print(f"  {key}: {value}", markup=False, highlight=False)
    return capture.get()


def missed(said: Mapping[str, Any]) -> list[str]:
    """Names of the figures whose goal was missed."""
    return [figure["name"] for figure in said.get("figures", ()) if figure.get("met") is False]


def _row(figure: Mapping[str, Any]) -> tuple[str, ...]:
    numbers = (f"{figure[key]:.{_digits(figure[key])}f}" for key in ("min", "median", "max"))
    judged = {True: MET, False: MISSED, None: ""}[figure["met"]]
    runs = str(len(figure["values"]))
    return (figure["name"], *numbers, figure["unit"], runs, figure["goal"] or "-", judged)


def _digits(value: float) -> int:
    return 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
