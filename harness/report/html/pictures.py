"""Pictures of a run, inside the page.

Input: pictures as the run saved them. Output: `data:` URLs of those that are images by their first
bytes (PNG, JPEG, WebP), as many as a page may hold. Refuses everything else: what an app has left
under a picture's name is not put into a page.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from harness.report.run import Picture

MAX_BYTES = 12 << 20
"""Of all pictures of a page; base64 makes a third more of it."""


@dataclass(slots=True)
class Room:
    """How many bytes of pictures the page may still have; shared by its items."""

    size_bytes: int = MAX_BYTES


@dataclass(frozen=True, slots=True)
class Shown:
    name: str
    url: str


def shown(pictures: Sequence[Picture], room: Room) -> tuple[tuple[Shown, ...], int]:
    """Those that fit, and how many images are left out."""
    found, left = [], 0
    for each in pictures:
        kind = _kind(each.content)
        if not kind:
            continue
        if len(each.content) > room.size_bytes:
            left += 1
            continue
        room.size_bytes -= len(each.content)
        data = b64encode(each.content).decode("ascii")
        found.append(Shown(each.name, f"data:{kind};base64,{data}"))
    return tuple(found), left


def _kind(content: bytes) -> str:
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return ""
