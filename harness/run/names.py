"""File names from free texts (test ids, screenshot names).

Input: any text. Output: a name of letters, digits, `.`, `_`, `-` that no file system refuses, at
most `MAX_LENGTH` characters; where something had to go, a digest of the text keeps it distinct.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

MAX_LENGTH = 80
_DIGEST_LENGTH = 8


def safe_name(text: str) -> str:
    """A file name for `text`; equal for equal texts, different for different ones."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", plain).strip("-.")
    if name == text and 0 < len(name) <= MAX_LENGTH:
        return name
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST_LENGTH]
    kept = name[: MAX_LENGTH - _DIGEST_LENGTH - 1].strip("-.")
    return f"{kept}-{digest}" if kept else digest
