"""What an item left in its folder: the event log, pictures, logs.

Input: the folder that `harness.run.artifacts` filled. Output: events, and the files that belong
into the store with their content. Exchanges are left out: the store has them from the ledger. A
last line of the log that was torn is left out; a file that cannot be read any more, too. Refuses to
follow links.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from harness.baseline.model import Artifact, StoredEvent

MAX_FILE_BYTES = 8 << 20
EVENTS = "events.jsonl"
KEPT = (".png", ".jpg", ".jpeg", ".webp", ".txt", ".json", ".xml")


def events_of(folder: Path) -> Iterator[StoredEvent]:
    """The lines of the event log, in order."""
    path = folder / EVENTS
    if not path.is_file():
        return
    for line in path.read_bytes().split(b"\n"):
        try:
            fields = json.loads(line)
            yield StoredEvent(str(fields.pop("event")), float(fields.pop("at_s")), fields)
        except (ValueError, KeyError, TypeError, AttributeError):
            continue  # empty, or torn when the process ended


def artifacts_of(folder: Path) -> Iterator[tuple[Artifact, bytes | None]]:
    """The files with their content, by name; None for one that is too large to keep."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in KEPT or path.is_symlink() or not path.is_file():
            continue
        name = path.relative_to(folder).as_posix()
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        kept = len(data) <= MAX_FILE_BYTES
        yield Artifact(name, digest, len(data), kept), data if kept else None
