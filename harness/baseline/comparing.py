"""Comparisons as JSON, as Markdown and as lines for people.

Input: a `Comparison` and the two sides. Output: plain values and texts; everything from the app is
made safe (`harness.report.plain`), and for Markdown escaped. Refuses to say less than there is: a
comparison that could not see everything says where.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from harness.baseline.approved import Baseline, Severity
from harness.baseline.changes import Changed, Comparison
from harness.baseline.model import AppVersion
from harness.report.plain import plain

SCHEMA = 1
MARKS = {Severity.LEAK: "LEAK", Severity.INCONCLUSIVE: "BLIND", Severity.NOTE: "note"}


def comparison_json(before: Baseline, now: Baseline, found: Comparison) -> dict[str, Any]:
    """`{"schema": 1, "verdict": "pass" | "leak" | "inconclusive", "changes": [...], ...}`."""
    return {
        "schema": SCHEMA,
        "verdict": found.severity.verdict.value,
        "from": _side(before),
        "to": _side(now),
        "changes": [
            {
                **asdict(each),
                "change": each.change.value,
                "severity": each.severity.value,
            }
            for each in found.changes
        ],
        "new_scenarios": [str(cell) for cell in found.new_cells],
        "not_run": [str(cell) for cell in found.not_run],
        "blind": [str(cell) for cell in found.blind],
    }


def _side(baseline: Baseline) -> dict[str, Any]:
    approved = baseline.approved.isoformat() if baseline.approved else None
    return {
        "source": baseline.source,
        "run": baseline.run,
        "app": asdict(baseline.app),
        "approved": approved,
    }


def lines(before: Baseline, now: Baseline, found: Comparison) -> Iterator[str]:
    """For people; the first line says what is compared, the last ones what could not be."""
    yield f"{_name(before.app)} ({before.source}) -> {_name(now.app)} ({now.source})"
    yield from build_lines(before.app, now.app)
    for each in found.changes:
        yield f"  {MARKS[each.severity]:<5}  {plain(told(each))}"
    if not found.changes:
        yield "  nothing changed in what was compared"
    yield from _limits(found)


def build_lines(before: AppVersion, now: AppVersion) -> Iterator[str]:
    """What must be known of the two builds."""
    if before.sha256 and before.sha256 == now.sha256:
        yield "  the very same APK was run twice"
    if before.signer and now.signer and before.signer != now.signer:
        yield f"  note   the signer changed: {plain(before.signer)} -> {plain(now.signer)}"


def told(changed: Changed) -> str:
    """A change in one line."""
    consent = f" [consent {changed.consent}]" if changed.consent else ""
    name = changed.change.value.replace("-", " ")
    return f"{name} since {changed.since}: {changed.detail}{consent}"


def _limits(found: Comparison) -> Iterator[str]:
    for what, cells in (
        ("could not see everything, so nothing that is missing there is gone", found.blind),
        ("not in the baseline, so everything there is new", found.new_cells),
        ("not run now, so not compared", found.not_run),
    ):
        for cell in cells:
            yield f"  {plain(str(cell))}: {what}"


def markdown(before: Baseline, now: Baseline, found: Comparison) -> str:
    """For a pull request's comment."""
    verdict = found.severity.verdict.value
    rows = [
        f"### Recipients of typed terms: {_cell(_name(before.app))} → {_cell(_name(now.app))}",
        "",
        f"**{verdict}**: {len(found.changes)} changes, compared with {_cell(before.source)}.",
        "",
    ]
    if found.changes:
        rows += ["| severity | change | since | consent | recipient | what |", "|" + "---|" * 6]
        rows += [
            "| "
            + " | ".join(
                _cell(text)
                for text in (
                    each.severity.value,
                    each.change.value,
                    each.since,
                    each.consent,
                    each.host,
                    each.detail,
                )
            )
            + " |"
            for each in found.changes
        ]
    rows += ["", *(f"- {_cell(line.strip())}" for line in _limits(found))]
    return "\n".join(rows).rstrip() + "\n"


def _name(app: AppVersion) -> str:
    return f"{plain(app.package)} {plain(app.label)}"


def _cell(text: str) -> str:
    """Safe in a table and everywhere else in Markdown: no markup, no HTML, no mention."""
    return re.sub(r"([\\`*_{}\[\]<>()#+!|~@&])", r"\\\1", plain(text))
