"""The CSV, read back with Python's own reader."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from harness.report.recipients import BOM, COLUMNS, cell, document
from harness.report.run import ReportedRun
from tests.report.items import blind
from tests.report.runs import hostile, item, run, three


def rows(of: ReportedRun) -> list[dict[str, str]]:
    text = "".join(document(of))
    assert text.startswith(BOM)
    assert text.endswith("\r\n")
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM), newline="")))


def test_a_row_per_sending_and_per_host_that_got_nothing() -> None:
    found = rows(three())
    assert tuple(found[0]) == COLUMNS
    sent = next(row for row in found if row["got"] == "finding")
    assert sent["host"] == "api-js.mixpanel.com"
    assert (sent["company"], sent["sdk"], sent["party"]) == ("Mixpanel, Inc.", "Mixpanel", "third")
    assert (sent["term"], sent["decoding"]) == ("hépatite", "form > base64 > json")
    assert sent["identifiers"] == "advertising-id: 38400000-8cf0-11bd-b23e-10b96e40000d"
    assert sent["sent_by"].startswith("com.mixpanel.android.util.HttpService.performRequest")
    assert (sent["requests"], sent["requests_since_typing"]) == ("2", "1")
    assert (sent["item_verdict"], sent["complete"]) == ("leak", "yes")
    assert [row["host"] for row in found if row["got"] == "no term seen"] == ["cdn.example"]
    assert {row["allowed_by"] for row in found if row["got"] == "allowed"} == {"clinic.example"}


def test_an_item_that_saw_nothing_has_a_row() -> None:
    seen = blind()
    nothing = replace(seen, judgement=replace(seen.judgement, findings=(), allowed=()))
    (row,) = rows(run(item(nothing), complete=False))
    assert (row["got"], row["item_verdict"], row["complete"]) == (
        "nothing seen", "inconclusive", "no",
    )  # fmt: skip
    assert "lost" in row["item_reasons"]


def test_the_app_cannot_write_a_formula_or_a_row() -> None:
    found = rows(hostile())
    assert {row["got"] for row in found} == {"finding"}
    for row in found:
        assert None not in row
        assert not any(value.strip()[:1] in ("=", "+", "@", "-") for value in row.values() if value)
        assert not any("\n" in value or "\x1b" in value for value in row.values())


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "＝1", "＠a"])
def test_formulas_become_text(start: str) -> None:
    assert cell(start) == f"'{start}"


@pytest.mark.parametrize("text", ["", " ", "a=b", "hépatite", "1-2", "x@y.example"])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert cell(text) == text


def test_line_breaks_are_shown_and_not_made() -> None:
    assert cell("a\r\n=b\t") == "a\\x0d\\x0a=b\\x09"
