"""What is kept of a run: one folder per item, written under one rule.

Input: the output folder, an item's id, when to keep pictures. Output: `events.jsonl` as things
happen; by the rule `screenshot.png` and `screen.txt` (as a failed step left them, else as the last
step did), `logcat.txt`, `exchanges.jsonl`. Files are readable by their owner
only (0600, folders 0700): they hold what was typed. Refuses to fail a run: what cannot be fetched
from the device is named in the returned notes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from harness.device.hierarchy import Hierarchy, Node
from harness.errors import LabError
from harness.run.events import Event
from harness.run.names import safe_name
from harness.run.ports import DevicePort
from harness.traffic.exchange import Exchange
from harness.traffic.recording import Recorder
from harness.traffic.redaction import Redactor

Keep = Literal["on", "off", "only-on-failure"]

LOGCAT_LINES = 400


def item_folder(output: Path, item: str) -> Path:
    """The folder of an item, made for its owner alone."""
    folder = output / safe_name(item)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, replacing what was there."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)


class EventLog:
    """An event sink that appends one JSON object a line, so that a crash leaves what happened."""

    def __init__(self, path: Path) -> None:
        write_private(path, b"")
        self._path = path

    def __call__(self, event: Event) -> None:
        record = {"event": type(event).__name__, **asdict(event)}
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the device showed at one moment: file name -> content, and a note per missing part."""

    files: Mapping[str, bytes]
    notes: tuple[str, ...]

    def write(self, folder: Path) -> None:
        for name, content in self.files.items():
            write_private(folder / name, content)


def look(device: DevicePort, mask: Callable[[str], str]) -> Snapshot:
    """Picture and screen tree as they are now."""
    parts: dict[str, Callable[[], bytes]] = {
        "screenshot.png": device.screenshot,
        "screen.txt": lambda: mask(outline(device.hierarchy())).encode(),
    }
    return _fetched(parts)


def read_log(device: DevicePort, pid: int | None, mask: Callable[[str], str]) -> Snapshot:
    """The last lines that the app's process logged."""
    if pid is None:
        return Snapshot({}, ())
    return _fetched({"logcat.txt": lambda: mask(device.logcat_tail(pid, LOGCAT_LINES)).encode()})


def _fetched(parts: Mapping[str, Callable[[], bytes]]) -> Snapshot:
    files: dict[str, bytes] = {}
    notes = []
    for name, fetch in parts.items():
        try:
            files[name] = fetch()
        except LabError as error:
            notes.append(f"no {name}: {error.what}")
    return Snapshot(files, tuple(notes))


def record(path: Path, exchanges: Iterable[Exchange], redactor: Redactor) -> None:
    """The exchanges of an item, redacted, for `replay` and for people; replaces an older file."""
    path.unlink(missing_ok=True)
    with Recorder(path, redactor) as recorder:
        recorder.write(exchanges)


def outline(hierarchy: Hierarchy) -> str:
    """The screen as an indented list that a person can search for texts and ids."""
    lines: list[str] = []

    def add(node: Node, depth: int) -> None:
        marks = [word for word in ("clickable", "focused", "password") if getattr(node, word)]
        marks += [] if node.enabled else ["disabled"]
        facts = {"text": node.text, "hint": node.hint, "description": node.description}
        shown = [f"{key}={value!r}" for key, value in facts.items() if value]
        name = node.resource_id.rpartition("/")[2]
        parts = [node.class_name.rpartition(".")[2], f"#{name}" if name else "", *shown, *marks]
        lines.append("  " * depth + " ".join(part for part in parts if part))
        for child in node.children:
            add(child, depth + 1)

    for root in hierarchy.roots:
        add(root, 0)
    return "\n".join(lines) + "\n"
