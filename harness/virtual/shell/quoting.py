"""Words as the shell reads them back unchanged."""

from __future__ import annotations

import shlex


def quoted(word: str) -> str:
    """`word` with quotes around it where it needs them."""
    return shlex.quote(word)
