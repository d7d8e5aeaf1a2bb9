"""A whole stored run as values, from the store or from a file that can be kept in a repository.

Input: a reader and a run, or a path. Output: a `RecordedRun` with everything a verdict rests on.
The file is JSON lines (zstd if its name ends in `.zst`): a head, then each item followed by its
exchanges. Refuses files of other kinds and versions, and damaged lines, by file and line.
"""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import zstandard

from harness.baseline.model import About, RunInfo, StoredExchange
from harness.baseline.packing import (
    exchange_blob,
    exchange_of,
    facts_json,
    facts_of,
    of_blob,
    recipient_of,
    recipient_text,
    stack_bytes,
    to_blob,
    to_text,
)
from harness.baseline.reading import RunReader
from harness.errors import LabError, ScenarioError
from harness.findings.facts import ItemFacts
from harness.report.document import item_json
from harness.report.model import ItemReport
from harness.report.parsing import item_of
from harness.traffic.exchange import Stack
from harness.traffic.redaction import Redactor

VERSION = 1
PACKED = ".zst"
EXPECTED = f"a recording that `leak-harness runs export RUN FILE` wrote (version {VERSION})"


@dataclass(frozen=True, slots=True)
class RecordedItem:
    """One item; `facts` is None for one that was never played."""

    name: str
    test: str
    worker: str
    report: ItemReport
    facts: ItemFacts | None
    exchanges: tuple[StoredExchange, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """One run; `source` says where it came from, for people."""

    id: str
    source: str
    complete: bool
    redacted: bool
    about: About
    items: tuple[RecordedItem, ...]


def stored_run(reader: RunReader, run: RunInfo) -> RecordedRun:
    """A run of the store."""
    items = tuple(
        RecordedItem(
            item.name,
            item.test,
            item.worker,
            reader.report(item),
            reader.facts(item),
            tuple(reader.exchanges(item)),
        )
        for item in reader.items(run.id)
    )
    return RecordedRun(run.id, f"run {run.id}", run.complete, run.redacted, run.about, items)


# ---- files --------------------------------------------------------------------------------


def write_recording(run: RecordedRun, path: Path) -> None:
    """Write a file (0600) that was not there.

    Raises:
        LabError: it is there, or cannot be written.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            lines = (to_text(value).encode("ascii") + b"\n" for value in _values(run))
            if path.suffix == PACKED:
                with zstandard.ZstdCompressor(level=9).stream_writer(file, closefd=False) as out:
                    for line in lines:
                        out.write(line)
            else:
                file.writelines(lines)
    except OSError as error:
        raise LabError(
            "the recording cannot be written",
            where=str(path),
            seen=error.strerror or str(error),
            action="name a file that is not there yet",
        ) from error


def _values(run: RecordedRun) -> Iterator[dict[str, Any]]:
    as_it_is = Redactor(b"", enabled=False)
    yield {
        "leak_recording": VERSION,
        "run": run.id,
        "complete": run.complete,
        "redacted": run.redacted,
        "about": asdict(run.about),
    }
    for item in run.items:
        yield {
            "item": item.name,
            "test": item.test,
            "worker": item.worker,
            "report": item_json(item.report, as_it_is),
            "facts": facts_json(item.facts) if item.facts else None,
        }
        for each in item.exchanges:
            response = each.exchange.response
            stack = each.exchange.stack
            yield {
                "exchange": of_blob(exchange_blob(each)),
                "recipient": json.loads(recipient_text(each.recipient)),
                "request": b64encode(each.exchange.request.body.data).decode("ascii"),
                "response": b64encode(response.body.data if response else b"").decode("ascii"),
                "stack": stack_bytes(stack).decode("ascii") if stack != Stack() else None,
                "whole": each.whole,
            }


def read_recording(path: Path) -> RecordedRun:
    """Read a file back.

    Raises:
        ScenarioError: it cannot be read, is of another kind or version, or is damaged.
    """
    try:
        data = path.read_bytes()
        if data.startswith(b"\x28\xb5\x2f\xfd"):
            data = zstandard.ZstdDecompressor().decompressobj().decompress(data)
    except (OSError, zstandard.ZstdError) as error:
        seen = getattr(error, "strerror", None) or str(error)
        raise ScenarioError(
            "the recording cannot be read", where=str(path), seen=seen, expected=EXPECTED
        ) from error
    return _Lines(path, data).run()


class _Lines:
    """The lines of a recording, with their numbers for errors."""

    def __init__(self, path: Path, data: bytes) -> None:
        self._path = path
        self._lines = data.split(b"\n")
        if self._lines[-1] == b"":
            self._lines.pop()

    def run(self) -> RecordedRun:
        head = self._value(0)
        if "recording" in head:
            raise ScenarioError(
                "these are exchanges alone: nothing says what was typed, when, and what was seen",
                where=str(self._path),
                expected=EXPECTED,
                action="export the run: leak-harness runs export RUN FILE",
            )
        if head.get("leak_recording") != VERSION:
            raise self._wrong(0, f"version {head.get('leak_recording')!r}")
        rows: list[tuple[dict[str, Any], list[StoredExchange]]] = []
        for number in range(1, len(self._lines)):
            value = self._value(number)
            try:
                if "item" in value:
                    rows.append((value, []))
                else:
                    rows[-1][1].append(_exchange(value))
            except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
                raise self._wrong(number, f"{type(error).__name__}: {error}") from error
        try:
            return RecordedRun(
                head["run"],
                str(self._path),
                bool(head["complete"]),
                bool(head["redacted"]),
                About(**head["about"]),
                tuple(_item(value, exchanges) for value, exchanges in rows),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise self._wrong(0, f"{type(error).__name__}: {error}") from error

    def _value(self, number: int) -> dict[str, Any]:
        try:
            value = json.loads(self._lines[number])
            if not isinstance(value, dict):
                raise ValueError(f"a {type(value).__name__}")
        except (ValueError, IndexError, RecursionError) as error:
            raise self._wrong(number, str(error)) from error
        return value

    def _wrong(self, number: int, seen: str) -> ScenarioError:
        return ScenarioError(
            "this is no line of a recording",
            where=f"{self._path}:{number + 1}",
            seen=seen,
            expected=EXPECTED,
            action="recorded traffic of other kinds (HAR, mitmproxy) is for `leak-harness scan`",
        )


def _item(value: dict[str, Any], exchanges: list[StoredExchange]) -> RecordedItem:
    report = item_of(value["report"])
    facts = value["facts"] and facts_of(value["facts"], report.coverage)
    names = value["item"], value["test"], value["worker"]
    return RecordedItem(*names, report, facts or None, tuple(exchanges))


def _exchange(value: dict[str, Any]) -> StoredExchange:
    bodies = (b64decode(value[name], validate=True) for name in ("request", "response"))
    stack = value["stack"]
    return exchange_of(
        to_blob(value["exchange"]),
        recipient=recipient_of(json.dumps(value["recipient"])),
        bodies=(next(bodies), next(bodies)),
        stack=stack.encode("ascii") if stack is not None else None,
        whole=bool(value["whole"]),
    )
