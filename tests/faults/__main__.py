"""`python -m tests.faults`: play all faults and pairs, and write what became of them to the docs.

Exit code 1 if any of them passed.
"""

from __future__ import annotations

import sys
from collections import Counter
from itertools import permutations
from pathlib import Path

from harness.findings.finding import Verdict
from tests.faults.sendings import FAULTS
from tests.faults.stream import STREAMS, verdict_of
from tests.faults.test_pairs import LIKELY, PAIRED

DOCS = Path(__file__).parents[2] / "docs" / "faults.md"
HEAD = """\
# What tries to make it lie

Made by `make faults`; do not edit. Each row is a run that leaks, in {streams} recorded streams
({names}), with one thing broken about how it was observed, judged or sent. Exchanges, ledger,
engine, catalogue and verdict table are the real ones. None may pass.

**{singles} single faults in {streams} streams, {pairs} ordered pairs of the {likely} most likely in
{paired} streams: {passed} wrong passes.**

| fault | leak | inconclusive | pass |
|---|---|---|---|
"""
TAIL = """
What the harness cannot see, and therefore passes:

- a word that is split over two requests (its beginning is noted), and an exchange that the agent
  loses without a trace where there is no witness: both pinned by `tests/faults/test_single.py`,
- what a server passes on, what is sent days later, and what is hidden in pictures or sound.
"""


def played(name: str, *faults: str) -> Verdict:
    stream = STREAMS[name]
    for fault in faults:
        stream = FAULTS[fault](stream)
    return verdict_of(stream)


def page() -> tuple[str, int]:
    """The text of `docs/faults.md`, and how many passed."""
    rows = {fault: Counter(played(name, fault) for name in STREAMS) for fault in sorted(FAULTS)}
    pairs = list(permutations(LIKELY, 2))
    found = Counter(played(name, *pair) for pair in pairs for name in PAIRED)
    passed = sum(row[Verdict.PASS] for row in rows.values()) + found[Verdict.PASS]
    head = HEAD.format(
        streams=len(STREAMS),
        names=", ".join(STREAMS),
        singles=len(FAULTS),
        pairs=len(pairs),
        likely=len(LIKELY),
        paired=len(PAIRED),
        passed=passed,
    )
    columns = (Verdict.LEAK, Verdict.INCONCLUSIVE, Verdict.PASS)
    lines = [
        f"| {' | '.join((fault, *(str(row[each] or '') for each in columns)))} |\n"
        for fault, row in rows.items()
    ]
    return head + "".join(lines) + TAIL, passed


def main() -> int:
    text, passed = page()
    DOCS.write_text(text, encoding="utf-8")
    print(text)
    return 1 if passed else 0


if __name__ == "__main__":
    sys.exit(main())
