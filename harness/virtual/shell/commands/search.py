"""grep and egrep with the options that scripts use, in toybox's words."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from harness.virtual.shell.command import Command, Invocation, table
from harness.virtual.shell.commands.files import split_options
from harness.virtual.shell.commands.text import ORIGIN, inputs_of, text_of

_WITH_VALUE = frozenset("emABC")


def basic(pattern: str) -> str:
    """A basic regular expression in Python's syntax."""
    return re.sub(r"\\?[(){}|+?]", lambda m: m.group()[1:] or "\\" + m.group(), pattern)


def _options(args: list[str]) -> tuple[set[str], dict[str, list[str]], list[str]]:
    """Letters, values of the options that have one, and the words."""
    values: dict[str, list[str]] = {}
    rest: list[str] = []
    words = iter(args)
    for word in words:
        if word[:1] == "-" and word[1:2] in _WITH_VALUE and word[1:2]:
            values.setdefault(word[1], []).append(word[2:] or next(words, ""))
        else:
            rest.append(word)
    letters, paths = split_options(rest)
    return letters, values, paths


async def _grep(call: Invocation) -> int:
    letters, values, words = _options(call.args)
    patterns = values.get("e", [])
    if not patterns:
        if not words:
            return await call.fail("grep: no REGEX", 2)
        patterns, words = [words[0]], words[1:]
    try:
        matcher = _matcher(patterns, letters | ({"E"} if call.argv[0] == "egrep" else set()))
    except re.error as error:
        return await call.fail(f"grep: bad REGEX '{patterns[0]}': {error}", 2)
    recursive = bool(letters & {"r", "R"})
    paths = [path for word in words or ["."] for path in _below(call, word)] if recursive else words
    inputs, status = await inputs_of(call, paths, quiet="s" in letters)
    named = ("H" in letters or recursive or len(words) > 1) and "h" not in letters
    hit = False
    for name, data in inputs:
        lines = _matching(text_of(data), matcher, letters, values)
        hit = hit or bool(lines)
        if "q" not in letters:
            await call.out(_shown(name, lines, letters, named=named))
    return 2 if status else int(not hit)


def _shown(name: str, lines: list[str], letters: set[str], *, named: bool) -> str:
    prefix = f"{name}:" if named else ""
    if "c" in letters:
        return f"{prefix}{len(lines)}\n"
    if "l" in letters or "L" in letters:
        return f"{name}\n" if bool(lines) is ("l" in letters) else ""
    return "".join(f"{prefix}{line}\n" for line in lines)


def _below(call: Invocation, path: str) -> Iterator[str]:
    """The file itself, or all files of a folder."""
    files, state = call.device.files, call.state
    try:
        if not files.stat(path, state.cwd, uid=state.uid).is_folder:
            yield path
            return
        entries = files.entries(path, state.cwd, uid=state.uid)
    except OSError:
        yield path
        return
    for entry in entries:
        yield from _below(call, posixpath.join(path, entry.name).removeprefix("./"))


def _matcher(patterns: list[str], letters: set[str]) -> re.Pattern[str]:
    if "F" in letters:
        sources = [re.escape(pattern) for pattern in patterns]
    else:
        sources = [p if "E" in letters else basic(p) for p in patterns]
    source = "|".join(f"(?:{part})" for part in sources)
    source = rf"\b(?:{source})\b" if "w" in letters else source
    source = rf"^(?:{source})$" if "x" in letters else source
    return re.compile(source, re.IGNORECASE if "i" in letters else 0)


def _matching(
    text: str, matcher: re.Pattern[str], letters: set[str], values: dict[str, list[str]]
) -> list[str]:
    """The lines to be shown, with the lines around them that `-A`, `-B` and `-C` ask for."""
    lines = text.splitlines()
    around = values.get("C", ["0"])[-1]
    before, after = (int(values.get(letter, [around])[-1]) for letter in "BA")
    limit = int(values.get("m", ["0"])[-1])
    hits = [n for n, line in enumerate(lines) if bool(matcher.search(line)) is not ("v" in letters)]
    hits = hits[:limit] if limit else hits
    if "o" in letters:
        return [match.group() for n in hits for match in matcher.finditer(lines[n])]
    shown = {m for n in hits for m in range(max(n - before, 0), min(n + after + 1, len(lines)))}
    return [f"{n + 1}:{lines[n]}" if "n" in letters else lines[n] for n in sorted(shown)]


COMMANDS: dict[str, Command] = table(ORIGIN, {"grep": _grep, "egrep": _grep})
