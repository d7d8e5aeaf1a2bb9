"""What is printed: never a credential, always the place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from harness.attribution.recipient import Party, Recipient
from harness.cli.scan_output import document, headline, lines, one_line, told_value
from harness.cli.scanner import FileResult
from harness.detection.sighting import Identifier, Scan, Sighting, Unread
from harness.errors import ScenarioError
from harness.findings.scan_verdict import ScannedEntry, judge_scan

TOKEN = Identifier("auth-token", "Bearer secret", "header[authorization]")
SIGHTING = Sighting("covid", "nfc", "body.json$.q", ("gzip",), (0, 9), "body")
ENTRY = ScannedEntry(
    "x.har", 4, True, Scan((SIGHTING,), (TOKEN,), ()), Recipient("t.example", "t.example")
)


def test_a_credential_is_told_as_a_digest() -> None:
    assert told_value(TOKEN).startswith("sha256:")
    assert told_value(Identifier("email", "a@b.de", "")) == "a@b.de"
    judgement = judge_scan([ENTRY], terms=["covid"])
    assert "secret" not in str(document(judgement, [])) + "".join(lines(judgement))


def test_lines_tell_entry_place_and_way() -> None:
    judgement = judge_scan([ENTRY], terms=["covid"])
    text = "\n".join(lines(judgement))
    assert headline(judgement, 9) == "LEAK: 1 finding in 9 entries"
    for part in ("t.example", "entry 4 of x.har", "body.json$.q", "gzip", "bytes 0..9 of body"):
        assert part in text


def test_long_lists_of_gaps_are_cut() -> None:
    blind = ScannedEntry(
        "x.har", 0, True, Scan((), (), (Unread("body", "why"),) * 50), ENTRY.recipient
    )
    text = "\n".join(lines(judge_scan([blind], terms=["covid"])))
    assert "30 more" in text


def test_errors_are_one_line() -> None:
    result = FileResult(Path("x.har"))
    assert one_line(result) == ""
    result.error = ScenarioError("cut short", where="x.har:byte 7", expected="more")
    assert one_line(result) == "x.har:byte 7: cut short (expected more)"


def test_a_pass_says_which_word_nobody_got() -> None:
    own = replace(ENTRY, recipient=replace(ENTRY.recipient, party=Party.FIRST))
    text = "\n".join(lines(judge_scan([own], terms=["covid", "dauphin"])))
    assert "note: nobody got 'dauphin'; is this the recording of that search?" in text
    assert "nobody got 'covid'" not in text
