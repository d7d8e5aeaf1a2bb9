"""Times as reports spell them, always in UTC.

Input: Unix seconds. Output: text. A time that no calendar has (a broken clock, a file that somebody
edited) is the first of the epoch, never an error: a report is not lost over a time.
"""

from __future__ import annotations

from datetime import UTC, datetime


def iso(at_s: float | None) -> str:
    """ISO 8601 with milliseconds: `2026-11-25T08:44:17.050Z`."""
    return _moment(at_s).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def minute(at_s: float) -> str:
    """For people: `2026-11-25 08:44 UTC`."""
    return f"{_moment(at_s):%Y-%m-%d %H:%M} UTC"


def _moment(at_s: float | None) -> datetime:
    try:
        return datetime.fromtimestamp(at_s or 0, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.fromtimestamp(0, UTC)
