"""How much a decompressor may produce: an absolute size and a ratio, for all of them alike."""

from __future__ import annotations

from collections.abc import Callable

STEP_BYTES = 1 << 18
FREE_BYTES = 1 << 20
"""Up to here no ratio is asked for: a short body of zeros is not a bomb."""
MAX_RATIO = 200


def allowance(encoded_bytes: int, limit: int) -> int:
    """Bytes that `encoded_bytes` may expand to, never more than `limit`."""
    return min(limit, max(FREE_BYTES, MAX_RATIO * encoded_bytes))


def drain(step: Callable[[int], bytes], encoded_bytes: int, limit: int) -> tuple[bytes, bool]:
    """Call `step(max_bytes)` until it returns nothing; (what came, whether a limit cut it)."""
    room = allowance(encoded_bytes, limit)
    parts: list[bytes] = []
    total = 0
    while total < room:
        part = step(min(STEP_BYTES, room - total))
        if not part:
            return b"".join(parts), False
        parts.append(part)
        total += len(part)
    return b"".join(parts), bool(step(1))
