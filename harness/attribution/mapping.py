"""R8's and ProGuard's `mapping.txt`: shrunk names and line numbers back to those of the source.

Input: the file's text, frames as they were seen. Output: frames as they were written; a frame into
which others were inlined becomes several, the innermost first. Pure. Follows R8's description of
the format (r8 retrace documentation, mapping version 2.2): classes at the margin, members indented
with their ranges of lines, comments in `#`. What the file does not know stays as it is. Refuses
(ValueError, with the line) what is no mapping.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from harness.attribution.stacks import FRAME
from harness.traffic.exchange import Stack

_CLASS = re.compile(r"^(?P<name>[\w.$-]+) -> (?P<short>[\w.$-]+):$")
_METHOD = re.compile(
    r"^\s+(?:(?P<from>\d+):(?P<to>\d+):)?\S+ (?P<name>[\w.$<>-]+)\([^)]*\)"
    r"(?::(?P<line>\d+)(?::(?P<last>\d+))?)? -> (?P<short>[\w$<>-]+)$"
)
_FIELD = re.compile(r"^\s+\S+ [\w.$-]+ -> [\w$-]+$")
_ID = re.compile(r"^#\s*pg_map_id:\s*(\S+)", re.MULTILINE)
_SOURCE = re.compile(r'"fileName":"([^"]+)"')
_PLACE = re.compile(r"\((?:[^():]*)(?::(\d+))?\)$")


@dataclass(frozen=True, slots=True)
class _Method:
    """One line of a class: shrunk lines `first` to `last` stand for the original ones."""

    first: int
    last: int
    name: str
    line: int
    ends: int

    def original(self, line: int) -> int:
        same_length = self.ends - self.line == self.last - self.first
        return self.line + (line - self.first if same_length and self.ends > self.line else 0)


@dataclass(slots=True)
class _Class:
    name: str
    source: str = ""
    methods: dict[str, list[_Method]] = field(default_factory=dict)


class ClassMapping:
    """One mapping file.

    Attributes:
        id: what R8 also writes into the app (`pg_map_id`), empty in other mappings.
    """

    def __init__(self, text: str) -> None:
        self._classes: dict[str, _Class] = {}
        found = _ID.search(text)
        self.id = found.group(1) if found else ""
        self._read(text)
        if not self._classes:
            raise ValueError("there is no class in it")

    @property
    def shrunk_classes(self) -> tuple[str, ...]:
        """Names that the app has and the source has not."""
        return tuple(short for short, each in self._classes.items() if short != each.name)

    def _read(self, text: str) -> None:
        current: _Class | None = None
        for number, line in enumerate(text.splitlines(), 1):
            if not line.strip():
                continue
            if line.lstrip().startswith("#"):
                source = _SOURCE.search(line)
                if source and current is not None and not current.methods:
                    current.source = source.group(1)
            elif match := _CLASS.match(line):
                current = self._classes[match["short"]] = _Class(match["name"])
            elif current is not None and (match := _METHOD.match(line)):
                _add(current, match)
            elif current is None or not _FIELD.match(line):
                raise ValueError(f"line {number} is no class, member or comment: {line[:80]!r}")

    def stack(self, stack: Stack) -> Stack:
        return Stack(self.frames(stack.frames), tuple(map(self.frames, stack.origins)))

    @lru_cache(maxsize=10_000)  # noqa: B019 - there is one mapping, and it lives as long as the run
    def frames(self, frames: tuple[str, ...]) -> tuple[str, ...]:
        """Each frame as it was written."""
        return tuple(one for frame in frames for one in self._frame(frame))

    def _frame(self, frame: str) -> Iterator[str]:
        match = FRAME.match(frame)
        known = self._classes.get(match["class"]) if match else None
        if match is None or known is None:
            yield frame
            return
        place = _PLACE.search(frame)
        line = int(place.group(1)) if place and place.group(1) else 0
        found = _at(known.methods.get(match["method"], []), line)
        if not found:
            yield f"{known.name}.{match['method']}{frame[match.end() - 1 :]}"
        for method in found:
            yield self._written(known, method, line)

    def _written(self, holder: _Class, method: _Method, line: int) -> str:
        """A method of another class was inlined and names that class."""
        owner, _, name = method.name.rpartition(".")
        source = holder.source if not owner or owner == holder.name else ""
        cls = owner or holder.name
        file = source or f"{cls.rpartition('.')[2].partition('$')[0]}.java"
        original = method.original(line) if line and method.line else method.line
        return f"{cls}.{name}({file}:{original})" if original else f"{cls}.{name}({file})"


def _add(current: _Class, match: re.Match[str]) -> None:
    first, last = int(match["from"] or 0), int(match["to"] or 0)
    line = int(match["line"] or first)
    ends = int(match["last"] or (line if match["line"] else last))
    method = _Method(first, last, match["name"], line, ends)
    current.methods.setdefault(match["short"], []).append(method)


def _at(methods: list[_Method], line: int) -> list[_Method]:
    """All that stands for the line, innermost first; without a line the first that may be meant."""
    found = [each for each in methods if each.first <= line <= each.last and each.last]
    unranged = [each for each in methods if not each.last]
    return found or unranged[:1] or methods[:1]
