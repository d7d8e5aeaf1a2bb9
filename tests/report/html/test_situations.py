"""Each row of the verdict table that may be a reason has a heading in every language."""

from __future__ import annotations

from harness.findings.verdict import TABLE
from harness.report.html.situations import HEADINGS, heading
from harness.report.html.texts import LANGUAGES


def test_every_reason_has_a_heading() -> None:
    demanding = {row.key for row in TABLE if row.demands is not None}
    assert demanding | {"baseline", "attempts", "error", "pass"} == set(HEADINGS)
    for row in HEADINGS:
        assert all(heading(row, language) for language in LANGUAGES)


def test_a_row_of_a_newer_version_has_none() -> None:
    assert heading("never-heard-of", "de") == ""
