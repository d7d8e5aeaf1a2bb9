"""Release by consent: what was played is in the table, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

from harness.report.matrix import matrix_lines
from harness.report.model import AppRecord, ItemReport
from tests.report.items import blind, leaking, passing


def played(item: ItemReport, version: str, consent: str) -> ItemReport:
    return replace(item, app=AppRecord("org.example", version), consent=consent)


def test_a_row_for_each_release_and_a_column_for_each_state() -> None:
    items = [
        played(passing(), "3.2.26", "none"),
        played(passing(), "3.2.26", "accepted"),
        played(leaking(), "3.2.26", "accepted"),
        played(leaking("cancer"), "3.2.26", "accepted"),
        played(passing(), "3.2.27", "accepted"),
        played(blind(), "3.2.27", "revoked"),
    ]
    assert "\n".join(matrix_lines(items)) == (
        "  release  none          accepted      revoked\n"
        "  3.2.26   pass          leak          -\n"
        "  3.2.27   -             pass          inconclusive\n"
        "  3.2.26, accepted: got by Mixpanel, Inc. (api-js.mixpanel.com)"
    )


def test_colour_changes_no_column() -> None:
    lines = matrix_lines(
        [played(leaking(), "1", "none"), played(passing(), "1", "accepted")],
        style=lambda text, role: f"<{text}>" if role in ("leak", "pass") else text,
    )
    assert lines[1] == "  1        <leak>          <pass>"


def test_what_the_app_says_of_itself_is_escaped() -> None:
    item = replace(passing(), app=None, consent="odd\x1b[31m")
    lines = matrix_lines([item, played(passing(), "1\n2", "none")])
    assert lines[1].split() == ["unknown", "-", "pass"]
    assert all("\x1b" not in line and "\n" not in line for line in lines)


def test_nothing_played_is_an_empty_table() -> None:
    assert matrix_lines([]) == ("  release",)
