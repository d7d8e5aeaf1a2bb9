"""Toybox's filters: head, tail, wc, sort, uniq, cut, tr, xargs, in their usual options."""

from __future__ import annotations

import re

from harness.virtual.shell.command import Command, Evidence, Invocation, Origin, table
from harness.virtual.shell.commands.files import split_options

ORIGIN = Origin(Evidence.RECORDED, "toybox 0.8.9: tests/virtual/shell/corpus")


async def inputs_of(
    call: Invocation, paths: list[str], *, quiet: bool = False
) -> tuple[list[tuple[str, bytes]], int]:
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
            if not quiet:
                await call.err(f"{call.argv[0]}: {path}: {error.strerror}\n")
    return found, status


def text_of(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


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
    inputs, status = await inputs_of(call, paths)
    for name, data in inputs:
        part = data[:number] if in_bytes else b"".join(data.splitlines(True)[:number])
        await call.out((f"==> {name} <==\n".encode() if len(paths) > 1 else b"") + part)
    return status


async def _tail(call: Invocation) -> int:
    number, in_bytes, from_start, paths = _count(call.args, 10)
    inputs, status = await inputs_of(call, paths)
    for _, data in inputs:
        pieces = [data[i : i + 1] for i in range(len(data))] if in_bytes else data.splitlines(True)
        start = number - 1 if from_start else max(0, len(pieces) - abs(number))
        await call.out(b"".join(pieces[start:]))
    return status


async def _wc(call: Invocation) -> int:
    letters, paths = split_options(call.args)
    inputs, status = await inputs_of(call, paths)
    totals: dict[str, int] = {}
    for name, data in [*inputs, *([("total", b"")] if len(inputs) > 1 else [])]:
        counts = {"l": data.count(b"\n"), "w": len(data.split()), "c": len(data)}
        counts["m"] = len(text_of(data))
        wanted = [letter for letter in "lwcm" if letter in letters] or ["l", "w", "c"]
        counts = totals if name == "total" and not data else counts
        totals = {k: totals.get(k, 0) + counts[k] for k in counts}
        width = 7 if len(inputs) > 1 else 0
        numbers = " ".join(f"{counts[letter]:>{width}}" for letter in wanted)
        await call.out(numbers + (f" {name}" if paths else "") + "\n")
    return status


async def _sort(call: Invocation) -> int:
    letters, paths = split_options(call.args)
    inputs, status = await inputs_of(call, paths)
    lines = [line for _, data in inputs for line in text_of(data).splitlines()]

    def number(line: str) -> tuple[float, str]:
        match = re.match(r"\s*-?\d+(\.\d+)?", line)
        return (float(match.group()) if match else 0.0, line)

    ordered = sorted(lines, key=number if "n" in letters else None, reverse="r" in letters)
    unique = list(dict.fromkeys(ordered)) if "u" in letters else ordered
    await call.out("".join(line + "\n" for line in unique))
    return status


async def _uniq(call: Invocation) -> int:
    letters, paths = split_options(call.args)
    inputs, status = await inputs_of(call, paths)
    runs: list[tuple[str, int]] = []
    for line in (line for _, data in inputs for line in text_of(data).splitlines()):
        if runs and runs[-1][0] == line:
            runs[-1] = (line, runs[-1][1] + 1)
        else:
            runs.append((line, 1))
    if letters & {"d", "u"}:
        runs = [run for run in runs if (run[1] > 1) is ("d" in letters)]
    show = "".join(
        f"{count:>7} {line}\n" if "c" in letters else f"{line}\n" for line, count in runs
    )
    await call.out(show)
    return status


async def _cut(call: Invocation) -> int:
    """`cut -d CHAR -f LIST` or `-c LIST`; a list holds numbers and ranges."""
    given = {"d": "\t", "f": "", "c": "", "b": ""}
    paths: list[str] = []
    words = iter(call.args)
    for word in words:
        if word[:1] == "-" and word[1:2] in given:
            given[word[1]] = word[2:] or next(words, "")
        else:
            paths.append(word)
    chosen = given["f"] or given["c"] or given["b"]
    if not re.fullmatch(r"(\d+|\d+-\d*|-\d+)(,(\d+|\d+-\d*|-\d+))*", chosen) or not given["d"]:
        return await call.fail("cut: no -bcfC" if not chosen else f"cut: bad range '{chosen}'")
    inputs, status = await inputs_of(call, paths)
    for line in (line for _, data in inputs for line in text_of(data).splitlines()):
        if not given["f"]:
            await call.out("".join(_chosen(list(line), chosen)) + "\n")
            continue
        parts = line.split(given["d"])
        wanted = given["d"].join(_chosen(parts, chosen)) if len(parts) > 1 else line
        await call.out(wanted + "\n")
    return status


def _chosen(parts: list[str], ranges: str) -> list[str]:
    places: set[int] = set()
    for each in ranges.split(","):
        first, dash, last = each.partition("-")
        end = int(last) if last else len(parts) if dash else int(first)
        places |= set(range(int(first or 1), end + 1))
    return [part for place, part in enumerate(parts, 1) if place in places]


async def _tr(call: Invocation) -> int:
    letters, words = split_options(call.args)
    text = text_of(await call.stdin.read_all())
    sets = [_characters(word) for word in words]
    if "s" in letters and sets:
        squeezed = re.escape(sets[-1])
        await call.out(re.sub(rf"([{squeezed}])\1+", r"\1", text))
    elif "d" in letters and sets:
        await call.out(text.translate({ord(char): None for char in sets[0]}))
    elif len(sets) == 2 and sets[1]:
        padded = sets[1].ljust(len(sets[0]), sets[1][-1])
        await call.out(text.translate(dict(zip(map(ord, sets[0]), padded, strict=False))))
    else:
        return await call.fail("tr: Needs 2 arguments")
    return 0


def _characters(word: str) -> str:
    """A set of `tr`: escapes, ranges, and the classes that scripts use."""
    classes = {"[:upper:]": "A-Z", "[:lower:]": "a-z", "[:digit:]": "0-9", "[:space:]": " \t\n\r"}
    for name, members in classes.items():
        word = word.replace(name, members)
    word = word.encode().decode("unicode_escape")
    return re.sub(
        r"(.)-(.)",
        lambda m: "".join(map(chr, range(ord(m.group(1)), ord(m.group(2)) + 1))),
        word,
        flags=re.DOTALL,
    )


async def _xargs(call: Invocation) -> int:
    """`xargs [-0r] [-n COUNT] [-I NAME] [COMMAND...]`."""
    argv, count, name, letters = list(call.args), 0, "", ""
    while argv and argv[0].startswith("-"):
        word = argv.pop(0)
        if word[:2] in ("-n", "-I"):
            value = word[2:] or (argv.pop(0) if argv else "")
            count, name = (int(value), name) if word[1] == "n" else (count, value)
        letters += word[1:]
    text = text_of(await call.stdin.read_all())
    words = text.rstrip("\0").split("\0") if "0" in letters else text.split()
    if name:
        lines = [line for line in text.splitlines() if line]
        batches = [[part.replace(name, line) for part in argv] for line in lines]
    else:
        step = count or max(len(words), 1)
        cuts = [words[at : at + step] for at in range(0, max(len(words), 1), step)]
        batches = [[*(argv or ["echo"]), *cut] for cut in cuts if cut or "r" not in letters]
    status = 0
    for batch in batches:
        status = await call.run(call.again(batch)) or status
    return status


COMMANDS: dict[str, Command] = table(
    ORIGIN,
    {
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
