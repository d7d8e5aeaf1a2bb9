"""Runs that the tests of this folder store: items judged by the real table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from harness.baseline.model import AppVersion, ItemRecord
from harness.baseline.store import Store
from harness.baseline.versions import about
from harness.findings.facts import ItemFacts
from harness.findings.finding import Verdict
from harness.traffic.redaction import Redactor
from tests.findings.building import COVERAGE, PACKAGE, TERM, alone, facts
from tests.report.items import report, tracked

KEY = b"k" * 32
SCENARIO = "scenarios/search.flow.yaml"
CLEAN = facts()
LEAKY = facts(tracked())


def app(version: str = "1.0") -> AppVersion:
    code = int(float(version) * 10)
    return AppVersion(PACKAGE, version, code, f"{code:02x}" * 32, "b4a8f39c")


def redactor(*, enabled: bool = True, terms: Iterable[str] = (TERM, "cancer")) -> Redactor:
    return Redactor(KEY, keep=terms, enabled=enabled)


def record(of: ItemFacts = CLEAN, version: str = "1.0", **fields: Any) -> ItemRecord:
    name = fields.pop("name", f"search.flow.yaml::search[{of.term}]")
    test = fields.pop("test", name)
    values: dict[str, Any] = {
        "scenario": SCENARIO,
        "scenario_sha256": "cd" * 32,
        "title": "A search",
        "app": app(version),
    }
    entry = replace(report(of, test), consent=fields.pop("consent", "accepted"))
    return ItemRecord(name, entry, facts=of, **(values | fields))


def put_run(
    store: Store,
    run: str,
    *records: ItemRecord,
    at_s: float = 1_000_000.0,
    finished: bool = True,
    redact: bool = True,
    changes: dict[str, Any] | None = None,
) -> str:
    """Write a whole run; its id."""
    writer = store.writer(run, redactor(enabled=redact))
    writer.start(at_s, about("test"))
    for each in records or (record(),):
        writer.put(each)
    if finished:
        verdicts = [each.report.verdict for each in records] or [Verdict.PASS]
        worst = max(verdicts, key=lambda verdict: verdict.rank)
        writer.finish(at_s + 60, worst, changes)
    return run


def folder_with(tmp_path: Path) -> Path:
    """An item's folder as the run leaves it."""
    folder = tmp_path / "item"
    folder.mkdir()
    (folder / "events.jsonl").write_text(
        '{"event": "ItemStarted", "item": "a", "term": "h\\u00e9patite", "at_s": 1.5}\n'
        '{"event": "StepStarted", "number": 1, "kind": "launchApp", "at_s": 2.0}\n'
        '{"event": "StepFin'
    )
    (folder / "screenshot.png").write_bytes(b"\x89PNG\r\n\x1a\n picture")
    (folder / "exchanges.jsonl").write_text("{}\n")
    return folder


def alone_blind() -> ItemFacts:
    """An item that saw nothing of what its scenario needs."""
    return alone(coverage=replace(COVERAGE, lost=2))
