"""Maven coordinates as values.

Input: `group:artifact:version[:packaging]`. Output: a frozen `Coordinate` and an order of versions.
Refuses anything with fewer or more parts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Coordinate:
    """One file in a Maven repository; `packaging` is its extension (`jar` or `aar`)."""

    group: str
    artifact: str
    version: str
    packaging: str = "jar"

    @classmethod
    def parse(cls, text: str) -> Coordinate:
        """`org.ow2.asm:asm:9.8` or `g:a:1.0:aar`; raises ValueError for other shapes."""
        parts = text.split(":")
        if len(parts) not in (3, 4) or not all(parts):
            raise ValueError(
                f"not a Maven coordinate (group:artifact:version[:packaging]): {text!r}"
            )
        return cls(*parts)

    def __str__(self) -> str:
        tail = "" if self.packaging == "jar" else f":{self.packaging}"
        return f"{self.group}:{self.artifact}:{self.version}{tail}"

    @property
    def project(self) -> str:
        """`group:artifact`, the same for all versions."""
        return f"{self.group}:{self.artifact}"

    @property
    def filename(self) -> str:
        return f"{self.artifact}-{self.version}.{self.packaging}"

    def newer_than(self, other: Coordinate) -> bool:
        return _version_key(self.version) > _version_key(other.version)


def _version_key(version: str) -> tuple[tuple[int, str], ...]:
    """Numbers compare as numbers; a word is older than the end (`1.0-rc1` before `1.0`)."""
    parts = re.findall(r"\d+|[A-Za-z]+", version)
    key = ((int(part), "") if part.isdigit() else (-1, part) for part in parts)
    return (*key, (0, ""))
