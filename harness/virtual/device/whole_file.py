"""Files that are replaced as a whole or not at all, whatever happens in between."""

from __future__ import annotations

from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Put `text` in place of what `path` held. Raises `OSError`; the file is then as before."""
    partial = path.with_name(path.name + ".new")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
