"""The lock file of Maven artifacts: coordinates, sha256, size and licence, grouped in sets.

Input: `artifacts.lock.json` beside this module. Output: frozen `Lock`. It names no host: where the
files come from is the Maven client's business, what they contain is this file's.
Refuses a lock of another schema, an entry without a digest, and sets that name unknown entries.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from harness.errors import BugError, ScenarioError, nearest

from .coordinate import Coordinate

LOCK_PATH = Path(__file__).with_name("artifacts.lock.json")
SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Pinned:
    """One artifact whose content is known beforehand; `license` as its POM states it."""

    coordinate: Coordinate
    sha256: str
    size_bytes: int
    license: str


@dataclass(frozen=True, slots=True)
class Lock:
    """All pinned artifacts by set, each set in class path order (roots first)."""

    sets: Mapping[str, tuple[Pinned, ...]]

    def of(self, name: str) -> tuple[Pinned, ...]:
        """The artifacts of one set; raises ScenarioError for an unknown name."""
        if name not in self.sets:
            hint = nearest(name, self.sets)
            raise ScenarioError(
                f"there is no artifact set called {name!r}",
                expected=f"one of {', '.join(sorted(self.sets))}",
                action=f"did you mean {hint!r}?" if hint else "",
            )
        return self.sets[name]

    @property
    def pinned(self) -> tuple[Pinned, ...]:
        """Every artifact once, in the order of coordinates."""
        unique = {item.coordinate: item for items in self.sets.values() for item in items}
        return tuple(unique[coordinate] for coordinate in sorted(unique))


def parse_lock(text: str) -> Lock:
    """Read the JSON text of a lock file; raises BugError (the file is part of this package)."""
    raw = json.loads(text)
    if raw.get("schema") != SCHEMA:
        raise BugError(
            "the lock file has another schema",
            seen=str(raw.get("schema")),
            expected=str(SCHEMA),
            action="run: python -m harness.virtual.toolchain lock",
        )
    pinned = {name: _pinned(name, entry) for name, entry in raw["artifacts"].items()}
    sets: dict[str, tuple[Pinned, ...]] = {}
    for set_name, names in raw["sets"].items():
        missing = [name for name in names if name not in pinned]
        if missing:
            raise BugError("the lock file lacks artifacts", where=set_name, seen=", ".join(missing))
        sets[set_name] = tuple(pinned[name] for name in names)
    return Lock(sets)


def _pinned(name: str, entry: Mapping[str, Any]) -> Pinned:
    digest = str(entry.get("sha256", ""))
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise BugError("an entry of the lock file has no sha256", where=name, seen=digest)
    return Pinned(
        Coordinate.parse(name), digest, int(entry["size_bytes"]), str(entry.get("license", ""))
    )


def render_lock(lock: Lock) -> str:
    """The JSON text of `lock`; the inverse of `parse_lock`."""
    document = {
        "schema": SCHEMA,
        "sets": {
            name: [str(item.coordinate) for item in items]
            for name, items in sorted(lock.sets.items())
        },
        "artifacts": {
            str(item.coordinate): {
                "sha256": item.sha256,
                "size_bytes": item.size_bytes,
                "license": item.license,
            }
            for item in lock.pinned
        },
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


@cache
def load_lock() -> Lock:
    """The lock that is shipped with this package."""
    return parse_lock(LOCK_PATH.read_text(encoding="utf-8"))
