"""Makes `docs/verdict.md` out of the verdict table, so that the page and the code cannot differ.

Input: the table. Output: Markdown; `python -m harness.report.verdict_page` prints it.
"""

from __future__ import annotations

import sys

from harness.findings.verdict import TABLE, Row

_HEAD = """# What the verdict means

Made from the table in `harness/findings/verdict.py` by
`python -m harness.report.verdict_page > docs/verdict.md`; do not edit.

The rows are looked at from top to bottom, and all that hold are reported. The gravest result is the
verdict: a leak outweighs whatever the run could not see, and whatever it could not see outweighs a
pass. A pass is what is left when no row asks for more: "nothing found, and here is where we
looked". A leak on any attempt stands, whatever later attempts say. A term that was sent while a
later item ran is judged for the item that typed it. What the first party passes on from its own
servers can never be seen from the device.

The column "key" is the `row` of a reason in `report.json`.
"""


def page() -> str:
    """The whole page."""
    lines = ["| key | situation | result |", "|---|---|---|", *map(_line, TABLE)]
    last = "| `pass` | otherwise | pass: nothing found, and where the run looked |"
    return "\n".join([_HEAD, *lines, last]) + "\n"


def _line(row: Row) -> str:
    cells = (f"`{row.key}`", row.situation, row.result)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    sys.stdout.write(page())
