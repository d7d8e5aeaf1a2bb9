"""What happened in an item, in the order of time: its steps with what was sent between them.

Input: an item. Output: `Entry` values. Exchanges without a term that follow one another are folded
into one entry, so that those with a term stand out. A page has a limit of rows; beyond it the
number is told, and the HAR file has all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from harness.detection.engine import Engine
from harness.report.html.exchanges import Row, Rows
from harness.report.run import Happened, ReportedItem, Sent

FULL_ROWS = 150
"""Exchanges of one item that are told in full."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step, or another event: `outcome` is `ok`, `failed`, `warned`, `skipped` or empty."""

    after_s: float
    name: str
    detail: str = ""
    outcome: str = ""
    place: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Folded:
    """Exchanges that are told in brief; `with_term` of them carry one, `left` are not listed."""

    rows: tuple[Row, ...]
    count: int
    with_term: int
    left: int


Entry = Step | Row | Folded


@dataclass(slots=True)
class Allowance:
    """How many rows the page may still have; shared by its items."""

    rows: int
    anchors: dict[tuple[int, str], str] = field(default_factory=dict)
    """Item and exchange -> where in the page it is told in full."""


def timeline(
    item: ReportedItem, number: int, engine: Engine | None, allowance: Allowance
) -> tuple[Entry, ...]:
    """All entries of one item; `number` is its place in the run."""
    began_s = _began_s(item)
    judgement = item.report.judgement
    marks = {each.exchange: "permitted" for each in judgement.allowed}
    marks |= {each.exchange: "finding" for each in judgement.findings}
    rows = Rows(engine, marks, began_s)
    full = 0
    found: list[tuple[float, int, Step | tuple[Sent, str]]] = [
        (step.after_s + began_s, 0, step) for step in steps(item, began_s)
    ]
    for place, sent in enumerate(item.exchanges):
        anchor = ""
        if sent.scan.sightings and full < FULL_ROWS:
            full += 1
            anchor = f"x{number}-{place}"
            allowance.anchors[number, sent.exchange.id] = anchor
        found.append((sent.exchange.started_s, 1, (sent, anchor)))
    found.sort(key=itemgetter(0, 1))
    return tuple(_entries(found, rows, allowance))


def _entries(found: list[Any], rows: Rows, allowance: Allowance) -> Iterator[Entry]:
    for brief, group in groupby(found, lambda each: each[1] == 1 and not each[2][1]):
        if brief:
            yield _folded([sent for _, _, (sent, _) in group], rows, allowance)
            continue
        for _, kind, value in group:
            yield value if kind == 0 else rows.row(*value)


def _folded(group: list[Sent], rows: Rows, allowance: Allowance) -> Folded:
    shown = group[: max(allowance.rows, 0)]
    allowance.rows -= len(shown)
    with_term = sum(bool(each.scan.sightings) for each in group)
    return Folded(tuple(map(rows.row, shown)), len(group), with_term, len(group) - len(shown))


def _began_s(item: ReportedItem) -> float:
    if item.started_s is not None:
        return item.started_s
    first = next(iter(item.exchanges), None)
    return first.exchange.started_s if first else 0.0


def steps(item: ReportedItem, began_s: float) -> Iterator[Step]:
    """Steps as they began, with how they ended, and the events between them."""
    ends = {
        each.fields.get("number"): each.fields
        for each in item.events
        if each.event == "StepFinished"
    }
    for each in item.events:
        after_s, fields = each.at_s - began_s, each.fields
        if each.event == "StepStarted":
            end = ends.get(fields.get("number"), {})
            yield Step(
                after_s,
                str(fields.get("kind", "")),
                "  ".join(filter(None, (str(fields.get("label", "")), str(end.get("detail", ""))))),
                str(end.get("outcome", "failed")),
                str(fields.get("place", "")),
                min(int(fields.get("depth", 0)), 5),
            )
        elif each.event in _TOLD:
            yield Step(after_s, each.event, _told(each))


_TOLD = {
    "AppLaunched": ("package", "strategy"),
    "TextTyped": ("arrived", "method"),
    "ConsentGiven": ("answer", "by"),
    "FlushStarted": ("kind",),
    "FlushFinished": ("waited_s",),
    "Marked": ("name",),
    "AppCrashed": ("detail",),
}
"""Events that are told, with the fields of theirs that people want to know."""


def _told(event: Happened) -> str:
    values = (event.fields.get(name) for name in _TOLD[event.event])
    texts = (f"{each:.1f} s" if isinstance(each, float) else str(each) for each in values if each)
    return ", ".join(texts)
