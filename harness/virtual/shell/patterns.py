"""File name patterns on texts: what `${x#p}`, `${x/p/r}`, `case` and `[[ = ]]` do with them."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable
from functools import lru_cache


def glob_escape(text: str) -> str:
    """`text` as a pattern that matches only itself."""
    return re.sub(r"([*?\[])", r"[\1]", text)


def matches(text: str, pattern: str) -> bool:
    """Whether the whole text fits."""
    return _compiled(pattern).match(text) is not None


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(fnmatch.translate(pattern))


def without_prefix(text: str, pattern: str, *, longest: bool) -> str:
    """`${x#p}`, or `${x##p}`."""
    ends = range(len(text), -1, -1) if longest else range(len(text) + 1)
    return next((text[end:] for end in ends if matches(text[:end], pattern)), text)


def without_suffix(text: str, pattern: str, *, longest: bool) -> str:
    """`${x%p}`, or `${x%%p}`."""
    starts = range(len(text) + 1) if longest else range(len(text), -1, -1)
    return next((text[:start] for start in starts if matches(text[start:], pattern)), text)


def replaced(text: str, pattern: str, replacement: str, *, everywhere: bool) -> str:
    """`${x/p/r}`, or `${x//p/r}`: the longest match at the first place, not an empty one."""
    found, at = [], 0
    while at < len(text):
        end = next((e for e in range(len(text), at, -1) if matches(text[at:e], pattern)), 0)
        if not end:
            found.append(text[at])
            at += 1
            continue
        found.append(replacement)
        at = end
        if not everywhere:
            break
    return "".join(found) + text[at:]


REMOVALS: dict[str, Callable[[str, str], str]] = {
    "#": lambda text, pattern: without_prefix(text, pattern, longest=False),
    "##": lambda text, pattern: without_prefix(text, pattern, longest=True),
    "%": lambda text, pattern: without_suffix(text, pattern, longest=False),
    "%%": lambda text, pattern: without_suffix(text, pattern, longest=True),
}


def fields(value: str, separators: str) -> tuple[bool, list[str], bool]:
    """A value cut at IFS: whether it begins with a cut, its parts, whether it ends with one."""
    if not separators:
        return False, [value], False
    blanks = re.escape("".join(char for char in separators if char in " \t\n"))
    others = re.escape("".join(char for char in separators if char not in " \t\n"))
    ways = [f"[{blanks}]+"] if blanks else []
    if others:
        around = f"[{blanks}]*" if blanks else ""
        ways.insert(0, f"{around}[{others}]{around}")
    stripped = value.lstrip("".join(char for char in separators if char in " \t\n"))
    parts = re.split("|".join(ways), stripped)
    trailing = len(parts) > 1 and not parts[-1]
    return stripped != value, parts[:-1] if trailing else parts, trailing
