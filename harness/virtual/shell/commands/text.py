"""Toybox's filters: grep, head, tail, wc, sort, uniq, cut, tr, xargs, in their usual options."""

from __future__ import annotations

import re

from harness.virtual.shell.command import Command, Evidence, Invocation, Origin, table
from harness.virtual.shell.commands.files import split_options

ORIGIN = Origin(Evidence.DOCUMENTED, "toybox help")


async def _inputs(call: Invocation, paths: list[str]) -> tuple[list[tuple[str, bytes]], int]:
    """Name and content of each file (standard input without any), and the status so far."""
    if not paths:
        return [("-", await call.stdin.read_all())], 0
    found, status = [], 0
    for path in paths:
        if path == "-":
            found.append((path, await call.stdin.read_all()))
            continue
        try:
            data = call.device.files.read(path, call.state.cwd, uid=call.state.uid)
            found.append((path, data))
        except OSError as error:
            status = 1
            await call.err(f"{call.argv[0]}: {path}: {error.strerror}\n")
    return found, status


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _basic(pattern: str) -> str:
    """A basic regular expression in Python's syntax."""
    return re.sub(r"\\?[(){}|+?]", lambda m: m.group()[1:] or "\\" + m.group(), pattern)


async def _grep(call: Invocation) -> int:
    args = list(call.args)
    patterns: list[str] = []
    limit = 0
    while "-e" in args and args.index("-e") + 1 < len(args):
        at = args.index("-e")
        patterns.append(args[at + 1])
        del args[at : at + 2]
    if "-m" in args and args.index("-m") + 1 < len(args):
        at = args.index("-m")
        limit = int(args[at + 1])
        del args[at : at + 2]
    letters, words = split_options(args)
    if not patterns:
        if not words:
            return await call.fail("grep: no REGEX", 2)
        patterns, words = [words[0]], words[1:]
    try:
        matcher = _matcher(patterns, letters | ({"E"} if call.argv[0] == "egrep" else set()))
    except re.error as error:
        return await call.fail(f"grep: bad REGEX '{patterns[0]}': {error}", 2)
    inputs, status = await _inputs(call, words)
    hit = False
    for name, data in inputs:
        prefix = f"{name}:" if len(words) > 1 and "h" not in letters else ""
        lines = _matching(_text(data), matcher, letters, limit)
        hit = hit or bool(lines)
        if "q" in letters:
            continue
        if "c" in letters:
            await call.out(f"{prefix}{len(lines)}\n")
        elif "l" in letters:
            await call.out(f"{name}\n" if lines else "")
        else:
            await call.out("".join(f"{prefix}{line}\n" for line in lines))
    return 2 if status else int(not hit)


def _matcher(patterns: list[str], letters: set[str]) -> re.Pattern[str]:
    if "F" in letters:
        sources = [re.escape(pattern) for pattern in patterns]
    else:
        sources = [p if "E" in letters else _basic(p) for p in patterns]
    source = "|".join(f"(?:{part})" for part in sources)
    source = rf"\b(?:{source})\b" if "w" in letters else source
    source = rf"^(?:{source})$" if "x" in letters else source
    return re.compile(source, re.IGNORECASE if "i" in letters else 0)


def _matching(text: str, matcher: re.Pattern[str], letters: set[str], limit: int) -> list[str]:
    found: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if bool(matcher.search(line)) is ("v" in letters):
            continue
        label = f"{number}:" if "n" in letters else ""
        if "o" in letters:
            found += [label + match.group() for match in matcher.finditer(line)]
        else:
            found.append(label + line)
        if limit and len(found) >= limit:
            break
    return found


def _count(args: list[str], default: int) -> tuple[int, bool, bool, list[str]]:
    """`-n N`, `-N`, `-c N`: the number, whether of bytes, whether `+N`, and the files."""
    number, bytes_wanted, from_start = default, False, False
    rest: list[str] = []
    words = iter(args)
    for word in words:
        match = re.fullmatch(r"-([nc]?)(\+?\d+)?", word)
        if match is None or (not match.group(1) and not match.group(2)):
            rest.append(word)
            continue
        value = match.group(2) or next(words, str(default))
        bytes_wanted = match.group(1) == "c"
        from_start = value.startswith("+")
        number = int(value) if re.fullmatch(r"[-+]?\d+", value) else default
    return number, bytes_wanted, from_start, [word for word in rest if word != "-q"]


async def _head(call: Invocation) -> int:
    number, in_bytes, _, paths = _count(call.args, 10)
    if not paths:  # stops reading early, which ends the writer
        if in_bytes:
            await call.out(await call.stdin.read_exactly(number))
            return 0
        for _ in range(number):
            await call.out(await call.stdin.read_line())
        return 0
    inputs, status = await _inputs(call, paths)
    for name, data in inputs:
        part = data[:number] if in_bytes else b"".join(data.splitlines(True)[:number])
        await call.out((f"==> {name} <==\n".encode() if len(paths) > 1 else b"") + part)
    return status


async def _tail(call: Invocation) -> int:
    number, in_bytes, from_start, paths = _count(call.args, 10)
    inputs, status = await _inputs(call, paths)
    for _, data in inputs:
        pieces = [data[i : i + 1] for i in range(len(data))] if in_bytes else data.splitlines(True)
        start = number - 1 if from_start else max(0, len(pieces) - abs(number))
        await call.out(b"".join(pieces[start:]))
    return status


async def _wc(call: Invocation) -> int:
    letters, paths = split_options(call.args)
    inputs, status = await _inputs(call, paths)
    for name, data in inputs:
        counts = {"l": data.count(b"\n"), "w": len(data.split()), "c": len(data)}
        counts["m"] = len(_text(data))
        wanted = [letter for letter in "lwcm" if letter in letters] or ["l", "w", "c"]
        numbers = " ".join(str(counts[letter]) for letter in wanted)
        await call.out(numbers + (f" {name}" if paths else "") + "\n")
    return status


async def _sort(call: Invocation) -> int:
    letters, paths = split_options(call.args)
    inputs, status = await _inputs(call, paths)
    lines = [line for _, data in inputs for line in _text(data).splitlines()]

    def number(line: str) -> tuple[float, str]:
        match = re.match(r"\s*-?\d+(\.\d+)?", line)
        return (float(match.group()) if match else 0.0, line)

    ordered = sorted(lines, key=number if "n" in letters else None, reverse="r" in letters)
    unique = list(dict.fromkeys(ordered)) if "u" in letters else ordered
    await call.out("".join(line + "\n" for line in unique))
    return status


async def _uniq(call: Invocation) -> int:
    letters, paths = split_options(call.args)
    inputs, status = await _inputs(call, paths)
    runs: list[tuple[str, int]] = []
    for line in (line for _, data in inputs for line in _text(data).splitlines()):
        if runs and runs[-1][0] == line:
            runs[-1] = (line, runs[-1][1] + 1)
        else:
            runs.append((line, 1))
    show = "".join(
        f"{count:>7} {line}\n" if "c" in letters else f"{line}\n" for line, count in runs
    )
    await call.out(show)
    return status


async def _cut(call: Invocation) -> int:
    given = {"d": "\t", "f": ""}
    words = iter(call.args)
    for word in words:
        if word[:2] in ("-d", "-f"):
            given[word[1]] = word[2:] or next(words, "")
    if not given["f"].isdigit() or not given["d"]:
        return await call.fail("cut: only -d CHAR -f NUMBER is supported here")
    index = int(given["f"]) - 1
    for line in _text(await call.stdin.read_all()).splitlines():
        parts = line.split(given["d"])
        wanted = parts[index] if index < len(parts) else ""
        await call.out((wanted if len(parts) > 1 else line) + "\n")
    return 0


async def _tr(call: Invocation) -> int:
    letters, words = split_options(call.args)
    text = _text(await call.stdin.read_all())
    sets = [word.encode().decode("unicode_escape") for word in words]
    if "d" in letters and sets:
        await call.out(text.translate({ord(char): None for char in sets[0]}))
    elif len(sets) == 2 and sets[1]:
        padded = sets[1].ljust(len(sets[0]), sets[1][-1])
        await call.out(text.translate(dict(zip(map(ord, sets[0]), padded, strict=False))))
    else:
        return await call.fail("tr: Needs 2 arguments")
    return 0


async def _xargs(call: Invocation) -> int:
    words = _text(await call.stdin.read_all()).split()
    argv = call.args or ["echo"]
    return await call.run(call.again([*argv, *words]))


COMMANDS: dict[str, Command] = table(
    ORIGIN,
    {
        "grep": _grep,
        "egrep": _grep,
        "head": _head,
        "tail": _tail,
        "wc": _wc,
        "sort": _sort,
        "uniq": _uniq,
        "cut": _cut,
        "tr": _tr,
        "xargs": _xargs,
    },
)
