"""What an evidence bundle of a stored run is made of.

Input: a store, a run and what its reports say, the folder of the project. Output: the parts in
order, and what the manifest says of the run. Everything is as the store has it, redacted or not,
and `run.json` says by which rule. A scenario file is in it only if it still is what was run, by its
sha256; what is missing is listed, never silently left out.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import Any

from harness.baseline.model import Artifact, ItemInfo, RunInfo
from harness.baseline.reading import RunReader
from harness.baseline.recorded import stored_run, write_recording
from harness.report import har, html, markdown, recipients, sarif
from harness.report.evidence import verify
from harness.report.evidence.bundle import Part, file_pieces
from harness.report.run import ReportedRun

RULES = {
    "redacted": "Everything that was stored but the typed terms, field names, plain words in paths"
    " and descriptive header fields was replaced by a keyed digest (HMAC-SHA-256, 64 bits, one key"
    " per run, which is not kept); identifiers that travelled with a finding stay readable, but"
    " credentials do not. Opaque values (base64, gzip) went as a whole. Pictures, the screen as"
    " text and the app's log are as the device gave them, with values of ${env.X} masked in the"
    " texts.",
    "not redacted": "Nothing was taken out but values of ${env.X} (--leak-keep-secrets).",
}
"""What stands in `run.json`: redacted or not, and by which rule."""

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def about(run: RunInfo, reported: ReportedRun) -> dict[str, Any]:
    """For the manifest. The verdict is that of the reports: of a killed run never a pass."""
    return {
        "run": run.id,
        "verdict": reported.verdict.value,
        "started_s": run.started_s,
        "finished_s": run.finished_s,
        "complete": run.complete,
        "redacted": run.redacted,
        "apps": [f"{app.package} {app.label} sha256:{app.sha256}" for app in run.apps],
    }


def parts(reader: RunReader, run: RunInfo, reported: ReportedRun, project: Path) -> Iterator[Part]:
    """All of them; the store must stay open until they are taken."""
    scenarios, absent = _scenarios(reader.items(run.id), project)
    folder = files(verify.__package__)
    yield _text("README.txt", folder.joinpath("README.txt").read_text("utf-8"))
    yield _text("verify.py", folder.joinpath("verify.py").read_text("utf-8"))
    yield _json("run.json", _run(reader, run, reported, absent))
    verdict = {"verdict": reported.verdict.value}
    yield _json("report.json", reader.document(run.id) | verdict)
    yield from _formats(reported)
    with tempfile.TemporaryDirectory(prefix="leak-evidence-") as scratch:
        recording = Path(scratch) / "recording.jsonl"
        write_recording(stored_run(reader, run), recording)
        yield Part("recording.jsonl", file_pieces(recording))
    for name, content in scenarios:
        yield Part(name, (content,))
    for number, item in enumerate(reader.items(run.id)):
        yield from _item(reader, item, number)


def _formats(run: ReportedRun) -> Iterator[Part]:
    for name, document in (
        ("report.html", html.document),
        ("report.md", markdown.document),
        ("run.sarif", sarif.document),
        ("run.har", har.document),
        ("recipients.csv", recipients.document),
    ):
        yield Part(name, map(_bytes, document(run)))


def _run(
    reader: RunReader, run: RunInfo, reported: ReportedRun, absent: list[str]
) -> dict[str, Any]:
    items = list(zip(reader.items(run.id), reported.items, strict=True))
    return about(run, reported) | {
        "redaction": RULES["redacted" if run.redacted else "not redacted"],
        "versions": dict(reported.versions),
        "clock": "Unix seconds of the machine that ran the harness; see README.txt",
        "apps": [asdict(app) for app in run.apps],
        "items": [
            {
                "folder": f"items/{number}",
                "id": info.name,
                "term": info.term,
                "consent": info.consent,
                "verdict": info.verdict.value,
                "scenario": info.scenario,
                "scenario_sha256": info.scenario_sha256,
                "exchanges_redacted": sum(not each.whole for each in item.exchanges),
                "artifacts_not_kept": [
                    each.name for each in reader.artifacts(info) if not each.kept
                ],
            }
            for number, (info, item) in enumerate(items)
        ],
        "scenarios_absent": absent,
    }


def _scenarios(
    items: Iterable[ItemInfo], project: Path
) -> tuple[list[tuple[str, bytes]], list[str]]:
    """Files that still are what was run, and the names of the others."""
    found: dict[str, bytes] = {}
    absent = []
    for path, sha256 in dict.fromkeys((item.scenario, item.scenario_sha256) for item in items):
        try:
            content = (project / path).read_bytes()
        except OSError:
            absent.append(f"{path}: not here any more (sha256 {sha256})")
            continue
        if hashlib.sha256(content).hexdigest() != sha256:
            absent.append(f"{path}: changed since (sha256 {sha256} was run)")
            continue
        found[f"scenarios/{len(found)}-{_safe(Path(path).name)}"] = content
    return list(found.items()), absent


def _item(reader: RunReader, item: ItemInfo, number: int) -> Iterator[Part]:
    events = ({"event": each.event, "at_s": each.at_s, **each.fields} for each in
              reader.events(item))  # fmt: skip
    lines = (json.dumps(each, ensure_ascii=True).encode("ascii") + b"\n" for each in events)
    yield Part(f"items/{number}/events.jsonl", lines)
    for place, artifact in enumerate(reader.artifacts(item)):
        content = reader.artifact(item, artifact.name) if artifact.kept else None
        if content is not None:
            yield Part(f"items/{number}/{_name(artifact, place)}", (content,))


def _name(artifact: Artifact, place: int) -> str:
    """The file's own name where it is a plain one; else so that it can be no other's."""
    safe = _safe(artifact.name)
    return safe if safe == artifact.name != "events.jsonl" else f"{place}-{safe}"


def _safe(name: str) -> str:
    return _UNSAFE.sub("_", name).strip(".") or "_"


def _text(name: str, text: str) -> Part:
    return Part(name, (_bytes(text),))


def _json(name: str, value: Any) -> Part:
    return _text(name, json.dumps(value, ensure_ascii=True, indent=1) + "\n")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")
