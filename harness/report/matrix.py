"""Releases and states of consent as a table: where a word stayed, and where it went to whom. Pure.

Input: items of a run. Output: lines of text, a row for each release in the order of the items, a
column for each state of consent that was played. A cell holds the gravest verdict of its items; a
leak's recipients are named below. Refuses to fill a cell that nothing was played for.
"""

from __future__ import annotations

from collections.abc import Sequence

from harness.findings.finding import Verdict
from harness.report.model import ItemReport, overall
from harness.report.plain import plain
from harness.report.wording import Style, undressed

STATES = ("none", "accepted", "rejected", "revoked")
EMPTY = "-"
_CELL = len("inconclusive")


def matrix_lines(items: Sequence[ItemReport], *, style: Style = undressed) -> tuple[str, ...]:
    """The table, then a line for each cell with a leak."""
    releases = list(dict.fromkeys(map(_release, items)))
    played = {item.consent for item in items}
    states = [*(each for each in STATES if each in played), *sorted(played - set(STATES))]
    width = max(map(len, ("release", *releases)))
    heads = "  ".join(f"{plain(each):<{_CELL}}" for each in states)
    lines = [style(f"  {'release':<{width}}  {heads}".rstrip(), "head")]
    told: list[str] = []
    for release in releases:
        cells = []
        for state in states:
            those = [each for each in items if (_release(each), each.consent) == (release, state)]
            verdict = overall([each.verdict for each in those]) if those else None
            word = verdict.value if verdict else EMPTY
            cells.append(style(word, word) + " " * (_CELL - len(word)))
            if verdict is Verdict.LEAK:
                told.append(f"  {release}, {plain(state)}: got by {', '.join(_recipients(those))}")
        lines.append(f"  {release:<{width}}  {'  '.join(cells)}".rstrip())
    return (*lines, *told)


def _release(item: ItemReport) -> str:
    return (plain(item.app.version_name) if item.app else "") or "unknown"


def _recipients(items: Sequence[ItemReport]) -> list[str]:
    """Companies with their hosts, where the company is known; by name."""
    found = {
        (plain(each.recipient.company), plain(each.recipient.host))
        for item in items
        for each in item.judgement.findings
    }
    return [f"{company} ({host})" if company else host for company, host in sorted(found)]
