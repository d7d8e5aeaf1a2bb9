"""sed with what scripts use of it: addresses, `s`, `p`, `d`, `q`, `y`-less; `-n`, `-e`, `-i`, `-E`.

Other commands are refused by name, as toybox refuses what it does not know.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from harness.virtual.shell.command import Command, Invocation, table
from harness.virtual.shell.commands.search import basic
from harness.virtual.shell.commands.text import ORIGIN, inputs_of, text_of

_ADDRESS = re.compile(r"\s*(\d+|\$|/((?:[^/\\]|\\.)*)/)")
_COMMANDS = "spdq"


class _Bad(Exception):
    """A script that is none; the text says why."""


@dataclass(frozen=True, slots=True)
class _Step:
    """One command: the addresses it is for, and what it does."""

    addresses: tuple[str, ...]
    inverted: bool
    name: str
    pattern: re.Pattern[str] | None = None
    replacement: str = ""
    flags: str = ""


@dataclass(slots=True)
class _Line:
    text: str
    number: int
    last: bool


async def _sed(call: Invocation) -> int:
    letters, scripts, paths = "", [], []
    words = iter(call.args)
    for word in words:
        if word == "-e":
            scripts.append(next(words, ""))
        elif re.fullmatch(r"-[nirE]+", word):
            letters += word[1:]
        else:
            paths.append(word)
    if not scripts:
        if not paths:
            return await call.fail("sed: no pattern")
        scripts, paths = [paths[0]], paths[1:]
    convert = (lambda text: text) if set(letters) & {"r", "E"} else basic
    try:
        steps = [step for script in scripts for step in _parsed(script, convert)]
    except (_Bad, re.error) as error:
        return await call.fail(f"sed: {error}")
    inputs, status = await inputs_of(call, paths)
    for name, data in inputs:
        text = "".join(_run(steps, text_of(data).splitlines(), quiet="n" in letters))
        if "i" in letters:
            where = call.device.files.writable(name, call.state.cwd, uid=call.state.uid)
            where.write_bytes(text.encode("utf-8", "surrogateescape"))
        else:
            await call.out(text)
    return status


def _parsed(script: str, convert: Callable[[str], str]) -> list[_Step]:
    steps = []
    rest = script.strip()
    while rest:
        addresses: list[str] = []
        while len(addresses) < 2 and (match := _ADDRESS.match(rest)):
            found = match.group(2)
            addresses.append(match.group(1) if found is None else "/" + convert(found))
            rest = rest[match.end() :]
            if not rest.startswith(","):
                break
            rest = rest[1:]
        rest = rest.lstrip()
        inverted = rest.startswith("!")
        rest = rest.lstrip("! ")
        name = rest[:1]
        if name not in _COMMANDS or not name:
            raise _Bad(f"bad pattern '{script}'@{len(script) - len(rest) + 1} ({name})")
        step = _Step(tuple(addresses), inverted, name)
        rest = rest[1:]
        if name == "s":
            step, rest = _substitution(step, rest, convert)
        steps.append(step)
        rest = rest.lstrip("; \n")
    return steps


def _substitution(step: _Step, rest: str, convert: Callable[[str], str]) -> tuple[_Step, str]:
    mark = re.escape(rest[:1])
    match = re.match(
        rf"{mark}((?:[^{mark}\\]|\\.)*){mark}((?:[^{mark}\\]|\\.)*){mark}([gpI0-9]*)",
        rest,
        re.DOTALL,
    )
    if match is None:
        raise _Bad("no s delimiter")
    wanted, replacement, flags = match.groups()
    pattern = re.compile(convert(wanted), re.IGNORECASE if "I" in flags else 0)
    replacement = re.sub(r"(?<!\\)&", r"\\g<0>", replacement).replace("\\&", "&")
    replacement = replacement.replace("\\/", "/")
    made = _Step(step.addresses, step.inverted, "s", pattern, replacement, flags)
    return made, rest[match.end() :]


def _run(steps: list[_Step], lines: list[str], *, quiet: bool) -> list[str]:
    shown: list[str] = []
    open_ranges: set[int] = set()
    for number, text in enumerate(lines, 1):
        line = _Line(text, number, number == len(lines))
        ended = deleted = False
        for index, step in enumerate(steps):
            if _meant(step, line, index, open_ranges) is step.inverted:
                continue
            if step.name == "d":
                deleted = True
                break
            if step.name == "p":
                shown.append(line.text + "\n")
            ended = ended or step.name == "q"
            if step.pattern is not None:
                count = 0 if "g" in step.flags else 1
                line.text, hits = step.pattern.subn(step.replacement, line.text, count)
                if hits and "p" in step.flags:
                    shown.append(line.text + "\n")
        if not quiet and not deleted:
            shown.append(line.text + "\n")
        if ended:
            break
    return shown


def _meant(step: _Step, line: _Line, index: int, open_ranges: set[int]) -> bool:
    if not step.addresses:
        return True
    if len(step.addresses) == 1:
        return _fits(step.addresses[0], line)
    first, last = step.addresses
    if index in open_ranges:
        if _fits(last, line) or (last.isdigit() and line.number >= int(last)):
            open_ranges.discard(index)
        return True
    if not _fits(first, line):
        return False
    if not (last.isdigit() and int(last) <= line.number):
        open_ranges.add(index)
    return True


def _fits(address: str, line: _Line) -> bool:
    if address == "$":
        return line.last
    if address.isdigit():
        return line.number == int(address)
    return re.search(address[1:], line.text) is not None


COMMANDS: dict[str, Command] = table(ORIGIN, {"sed": _sed})
