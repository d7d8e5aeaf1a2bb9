"""Makes text from outside safe to print: the app under test chooses hosts, bodies and names.

Input: any string. Output: the same with everything escaped that could steer a terminal or hide
itself: control characters (ANSI sequences start with one), line breaks, bidirectional overrides,
invisible format characters, lone surrogates. What stays readable stays as it is.
"""

from __future__ import annotations

import unicodedata

_ESCAPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS = "\u200d\u200c"
"""Zero-width joiners belong to emoji and to Persian words; alone they cannot do harm."""


def plain(text: str, limit: int = 0) -> str:
    """One safe line; cut with an ellipsis when it is longer than `limit` (0: never)."""
    safe = text if text.isprintable() else "".join(_safe(char) for char in text)
    return safe if not limit or len(safe) <= limit else safe[: limit - 1] + "…"


def _safe(char: str) -> str:
    if unicodedata.category(char) not in _ESCAPED or char in _JOINERS:
        return char
    code = ord(char)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
