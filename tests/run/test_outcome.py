"""What a test is told."""

from __future__ import annotations

from pathlib import Path

from harness.run.outcome import told_of
from harness.traffic.redaction import MARK, Redactor
from tests.fakes.phone import TOKEN
from tests.run.lab import TERMS, bench


def test_a_leak_names_recipient_and_folder(tmp_path: Path) -> None:
    table = bench(tmp_path, leaky=True)
    table.search(0, "t")
    told = told_of(table.conductor, "t")
    assert told.leak
    assert "api.mixpanel.com" in told.text
    assert str(tmp_path) in told.text
    assert dict(told.properties)["leak.verdict"] == "leak"


def test_blindness_is_inconclusive(tmp_path: Path) -> None:
    table = bench(tmp_path, hooks="failed")
    table.search(0, "t")
    told = told_of(table.conductor, "t")
    assert (told.leak, told.inconclusive) == (False, True)


def test_a_failure_names_no_token_that_was_beside_the_term(tmp_path: Path) -> None:
    """What pytest prints goes into logs of CI servers and JUnit files."""
    texts = {}
    for enabled in (True, False):
        redactor = Redactor(b"k" * 32, keep=TERMS, enabled=enabled)
        table = bench(tmp_path / str(enabled), leaky=True, redactor=redactor)
        table.search(0, "t")
        texts[enabled] = told_of(table.conductor, "t").text
    assert TOKEN in texts[False]
    assert TOKEN not in texts[True]
    assert f"auth-token {MARK}" in texts[True]
