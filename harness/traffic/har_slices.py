"""A large HAR file cut into slices that several processes can read at once.

Input: a path and a byte range. Output: the entries that begin in the range, and where the next one
begins. A slice finds its first entry by trial: a place where an object starts that decodes and has
a request with a URL. Whoever joins slices must check that each ends where the next began; the
reader of `harness.traffic.har` remains the authority.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from harness.traffic.json_walk import Element, Walk, WalkError

SEPARATOR = re.compile(rb"\}\s*,\s*(?=\{)")
WINDOW_BYTES = 4 << 20
MAX_TRIALS = 20_000


@dataclass(slots=True)
class Slice:
    """Entries whose first byte lies in [low, high).

    Attributes:
        low: 0 for the first slice, which walks from the document's beginning.
        started: byte at which its first entry was found; -1 when there was none.
        ended: byte at which the first entry beyond the slice begins; -1 at the array's end.
    """

    path: Path
    low: int
    high: int
    started: int = -1
    ended: int = -1

    def elements(self) -> Iterator[Element]:
        """The entries of the slice, numbered from 0; sets `started` and `ended` as it goes."""
        with self.path.open("rb") as file:
            if self.low == 0:
                walk = Walk(file)
                if not walk.enter("log", "entries"):
                    return
            else:
                start = self._first_entry()
                if start < 0:
                    return
                file.seek(start)
                walk = Walk(file, start)
            for element in walk.elements():
                if element.offset >= self.high:
                    self.ended = element.offset
                    return
                if self.started < 0:
                    self.started = element.offset
                yield element

    def _first_entry(self) -> int:
        """Byte of the first entry at or after `low`; -1 when none can be told."""
        with self.path.open("rb") as file:
            base = max(0, self.low - 1)
            trials = 0
            while base < self.high:
                file.seek(base)
                window = file.read(WINDOW_BYTES)
                for match in SEPARATOR.finditer(window):
                    at = base + match.end()
                    if at >= self.high:
                        return -1
                    trials += 1
                    if trials > MAX_TRIALS:
                        return -1
                    if at >= self.low and self._is_entry(at):
                        return at
                if len(window) < WINDOW_BYTES:
                    return -1
                base += WINDOW_BYTES - 64
        return -1

    def _is_entry(self, at: int) -> bool:
        with self.path.open("rb") as file:
            file.seek(at)
            try:
                value = Walk(file, at).value()
            except (WalkError, json.JSONDecodeError):
                return False
        request = value.get("request") if isinstance(value, dict) else None
        return isinstance(request, dict) and "url" in request and "method" in request
