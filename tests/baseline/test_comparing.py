"""Comparisons in words: complete, and safe whatever an app calls its hosts."""

from __future__ import annotations

import json
from dataclasses import replace

from harness.baseline.changes import compare
from harness.baseline.comparing import comparison_json, lines, markdown
from tests.baseline.baselines import CELL, baseline, entry, later, leaking

BEFORE = baseline(entry())
EVIL = leaking("x|<script>@team\x1b[2J\u202e.example", sdk="", company="")
NOW = later(BEFORE, entries=(entry(), EVIL))
FOUND = compare(BEFORE, NOW)


def test_lines_for_people() -> None:
    text = list(lines(BEFORE, NOW, FOUND))
    assert text[0] == "org.example.clinic 1.0 (run one) -> org.example.clinic 2.0 (run two)"
    assert text[1].startswith("  LEAK   new recipient since 1.0: x|<script>@team\\x1b[2J")
    assert "[consent accepted]" in text[1]
    same = compare(BEFORE, later(BEFORE))
    assert "nothing changed" in list(lines(BEFORE, later(BEFORE), same))[-1]


def test_what_is_known_of_the_builds() -> None:
    again = replace(BEFORE, run="two", source="run two")
    told = list(lines(BEFORE, again, compare(BEFORE, again)))
    assert "  the very same APK was run twice" in told
    resigned = later(BEFORE, blind_in=(CELL,), cells=())
    resigned = replace(resigned, app=replace(resigned.app, signer="ffff"))
    told = list(lines(BEFORE, resigned, compare(BEFORE, resigned)))
    assert "  note   the signer changed: b4a8f39c -> ffff" in told
    assert told[-1].endswith("could not see everything, so nothing that is missing there is gone")


def test_markdown_has_no_markup_of_the_apps() -> None:
    text = markdown(BEFORE, NOW, FOUND)
    assert text.startswith("### Recipients of typed terms: org.example.clinic 1.0")
    assert "**leak**: 1 changes" in text
    row = next(line for line in text.splitlines() if "script" in line)
    assert "\\<script\\>\\@team" in row
    assert "<script>" not in row
    assert row.replace("\\|", "").count("|") == 7


def test_json_for_programs() -> None:
    value = json.loads(json.dumps(comparison_json(BEFORE, NOW, FOUND)))
    assert (value["schema"], value["verdict"]) == (1, "leak")
    (change,) = value["changes"]
    assert (change["change"], change["severity"], change["since"]) == (
        "new-recipient",
        "leak",
        "1.0",
    )
    assert (value["from"]["run"], value["to"]["app"]["version_name"]) == ("one", "2.0")
