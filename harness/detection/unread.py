"""What of a part could not be read, and from which size on that matters. Pure.

Input: a part and how well it could be read. Output: `Unread` values, each with its reason.
"""

from __future__ import annotations

from collections.abc import Iterator

from harness.detection.parts import Part
from harness.detection.readability import MIN_OPAQUE_BYTES, opaque_reason
from harness.detection.search import Reading
from harness.detection.sighting import Unread
from harness.traffic.exchange import Body

OPAQUE_SHARE = 0.5
MIN_HIDDEN_BYTES = 64
"""An encoded value is a blind spot from this size on, when it is at least half of the body."""
HIDING_BYTES = 192
"""From here on an encoded value is one however much readable text stands beside it. What apps send
as a matter of course is shorter: a push token has 142 to 163 characters, a digest 64 or 88."""


def complete(body: Body | None) -> bool:
    """Whether nothing of a body is missing."""
    return body is None or (not body.unread and len(body.data) >= body.size_bytes)


def unread_in(part: Part, reading: Reading) -> Iterator[Unread]:
    """The blind spots of one part."""
    body = part.body
    if body is None:
        yield from _unread_url(part, reading) if part.name == "url" else ()
        return
    if body.unread:
        yield Unread(part.name, body.unread)
    elif len(body.data) < body.size_bytes:
        yield Unread(part.name, f"only {len(body.data)} of {body.size_bytes} bytes were seen")
    if reading.cut:
        yield Unread(part.name, reading.cut)
    size = len(part.data)
    if size < MIN_OPAQUE_BYTES:
        return
    if not reading.explained:
        yield Unread(part.name, opaque_reason(part.data, part.content_type))
    elif reading.opaque_bytes >= min(max(MIN_HIDDEN_BYTES, OPAQUE_SHARE * size), HIDING_BYTES):
        yield Unread(
            part.name,
            f"{reading.opaque_bytes} of {size} bytes are an encoded value that nothing reads",
        )


def _unread_url(part: Part, reading: Reading) -> Iterator[Unread]:
    """A URL is a place to hide in, too. Headers are not told: cookies and credentials are opaque by
    their nature, and would make every run blind."""
    if reading.cut:
        yield Unread(part.name, reading.cut)
    if reading.opaque_bytes >= HIDING_BYTES:
        size = len(part.data)
        text = f"{reading.opaque_bytes} of {size} bytes are an encoded value that nothing reads"
        yield Unread(part.name, text)
