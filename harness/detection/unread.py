"""What of a part could not be read, and from which size on that matters. Pure.

Input: a part and how well it could be read. Output: `Unread` values, each with its reason.
"""

from __future__ import annotations

from collections.abc import Iterator

from harness.detection.parts import Part
from harness.detection.readability import MIN_OPAQUE_BYTES, opaque_reason
from harness.detection.reading import CIPHER_TOKEN, Reading
from harness.detection.sighting import Unread
from harness.traffic.exchange import Body

HIDING_BYTES = 192
"""From here on encoded values (of 88 characters or more each, hex of more than 128) are a blind
spot however much readable text stands beside them. What apps send as a matter of course is shorter:
a push token has 142 to 163 characters, a digest 64 or 88."""
WORD_SHARE = 0.5
"""Shorter ones (from `reading.CIPHER_TOKEN` on, one word under a cipher) are a blind spot where all
together are at least this share of a body or URL. Why not wherever they stand: with one bound of 44
characters, 8 of the 163 requests of the peers' recordings and 14 % of 2,000 clean requests that are
full of random ids would be blind spots (with 64, which misses one word: none and 7 %), so that
hardly any recording could pass. With the share it is none of the former, 2.7 % of the latter (1.5 %
when nothing below 88 characters counted) and none of 400 ordinary batches. A short cipher beside
more readable text than that, and one whose hex has the length of a digest, is found by a
differential scan only."""


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
    else:
        yield from _hidden(part, reading)


def _unread_url(part: Part, reading: Reading) -> Iterator[Unread]:
    """A URL is a place to hide in, too. Headers are not told: cookies and credentials are opaque by
    their nature, and would make every run blind."""
    if reading.cut:
        yield Unread(part.name, reading.cut)
    yield from _hidden(part, reading)


def _hidden(part: Part, reading: Reading) -> Iterator[Unread]:
    """Encoded values that nothing reads: many bytes of long ones, or a large share of any."""
    size, hidden = len(part.data), reading.opaque_bytes + reading.small_bytes
    large = reading.opaque_bytes >= HIDING_BYTES
    if large or hidden >= max(CIPHER_TOKEN, WORD_SHARE * size):
        text = f"{hidden} of {size} bytes are an encoded value that nothing reads"
        yield Unread(part.name, text)
