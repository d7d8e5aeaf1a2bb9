"""`logcat`: the log in the formats and with the filters that clients use."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from harness.virtual.host import LogRecord
from harness.virtual.shell.command import Command, Evidence, Invocation, Origin, table

ORIGIN = Origin(
    Evidence.DOCUMENTED, "developer.android.com/tools/logcat; AOSP system/logging/liblog"
)
LETTERS = "?.VDIWEFS"
"""Index: Android's priority; `S` silences."""
_SILENT = LETTERS.index("S")
_BEGINNING = "--------- beginning of main\n"


def _stamp(record: LogRecord, *, year: bool = False) -> str:
    pattern = "%Y-%m-%d %H:%M:%S" if year else "%m-%d %H:%M:%S"
    seconds, millis = divmod(record.wall_ms, 1000)
    return f"{time.strftime(pattern, time.localtime(seconds))}.{millis:03d}"


def _head(record: LogRecord) -> str:
    return f"{LETTERS[record.priority]}/{record.tag:<8}"


_FORMATS: dict[str, Callable[[LogRecord, str], str]] = {
    "threadtime": lambda r, line: (
        f"{_stamp(r)} {r.pid:5d} {r.tid:5d} {LETTERS[r.priority]} {r.tag:<8}: {line}"
    ),
    "brief": lambda r, line: f"{_head(r)}({r.pid:5d}): {line}",
    "time": lambda r, line: f"{_stamp(r)} {_head(r)}({r.pid:5d}): {line}",
    "process": lambda r, line: f"{LETTERS[r.priority]}({r.pid:5d}) {line}  ({r.tag})",
    "tag": lambda r, line: f"{_head(r)}: {line}",
    "thread": lambda r, line: f"{LETTERS[r.priority]}({r.pid:5d}:{r.tid:5d}) {line}",
    "raw": lambda r, line: line,
    "epoch": lambda r, line: (
        f"{r.wall_ms / 1000:.3f} {r.pid:5d} {r.tid:5d} {LETTERS[r.priority]} {r.tag:<8}: {line}"
    ),
    "year": lambda r, line: (
        f"{_stamp(r, year=True)} {r.pid:5d} {r.tid:5d} {LETTERS[r.priority]} {r.tag:<8}: {line}"
    ),
}


@dataclass(slots=True)
class _Wanted:
    """What the command line asks for."""

    format: str = "threadtime"
    dump: bool = False
    clear: bool = False
    last: int | None = None
    since_ms: int | None = None
    limit: int | None = None
    pid: int | None = None
    pattern: re.Pattern[str] | None = None
    default_priority: int = 2
    tags: dict[str, int] | None = None

    def takes(self, record: LogRecord) -> bool:
        least = (self.tags or {}).get(record.tag, self.default_priority)
        return (
            record.priority >= least
            and (self.pid is None or record.pid == self.pid)
            and (self.since_ms is None or record.wall_ms >= self.since_ms)
            and (self.pattern is None or self.pattern.search(record.message) is not None)
        )

    def text(self, record: LogRecord) -> str:
        lines = record.message.rstrip("\n").split("\n")
        return "".join(_FORMATS[self.format](record, line) + "\n" for line in lines)


class _BadOption(ValueError):
    """The text that logcat prints."""


def _parse(args: list[str]) -> _Wanted:
    wanted = _Wanted(tags={})
    words = iter(_separated(args))
    for word in words:
        if word in ("-b", "--buffer", "-f", "-r", "-n"):
            next(words, None)
        elif word in ("-v", "--format"):
            name = next(words, "").partition(",")[0]
            if name in _FORMATS:
                wanted.format = name
            elif name not in ("color", "printable", "usec", "UTC", "zone", "uid", "descriptive"):
                raise _BadOption(f'Invalid parameter "{name}" to -v')
        elif word in ("-t", "-T", "--tail"):
            _since(wanted, next(words, ""))
            wanted.dump = wanted.dump or word == "-t"
        elif word in ("-m", "--max-count"):
            wanted.limit = _int(next(words, ""))
        elif word == "--pid":
            wanted.pid = _int(next(words, ""))
        elif word in ("-e", "--regex"):
            wanted.pattern = re.compile(next(words, ""))
        elif word == "-s":
            wanted.default_priority = _SILENT
        elif word == "-d":
            wanted.dump = True
        elif word in ("-c", "--clear"):
            wanted.clear = True
        elif word.startswith("-"):
            continue  # -L, -D, -g and the like change nothing here
        else:
            _filter(wanted, word)
    return wanted


def _separated(args: list[str]) -> list[str]:
    """`--pid=1` and `-vtime` as two words."""
    words: list[str] = []
    for word in args:
        match = re.fullmatch(r"(--[a-z-]+)=(.*)|(-[vbtTme])(.+)", word)
        if match:
            words += [part for part in match.groups() if part is not None]
        else:
            words.append(word)
    return words


def _int(text: str) -> int:
    if not re.fullmatch(r"\d+", text):
        raise _BadOption(f"{text} is not a number")
    return int(text)


def _since(wanted: _Wanted, text: str) -> None:
    if text.isdigit():
        wanted.last = int(text)
        return
    match = re.fullmatch(r"(?:(\d{4})-)?(\d\d-\d\d \d\d:\d\d:\d\d)(?:\.(\d+))?", text)
    if match is None:
        wanted.since_ms = int(float(text) * 1000) if re.fullmatch(r"\d+\.\d+", text) else None
        return
    year = match.group(1) or time.strftime("%Y")
    moment = time.strptime(f"{year}-{match.group(2)}", "%Y-%m-%d %H:%M:%S")
    fraction = (match.group(3) or "0")[:3].ljust(3, "0")
    wanted.since_ms = int(time.mktime(moment)) * 1000 + int(fraction)


def _filter(wanted: _Wanted, word: str) -> None:
    tag, _, letter = word.partition(":")
    priority = LETTERS.find(letter.upper()) if letter and letter != "*" else 2
    if priority < 0 or not tag:
        raise _BadOption(f"Invalid filter expression '{word}'")
    if tag == "*":
        wanted.default_priority = priority
    elif wanted.tags is not None:
        wanted.tags[tag] = priority


async def _logcat(call: Invocation) -> int:
    try:
        wanted = _parse(call.args)
    except (_BadOption, re.error) as error:
        return await call.fail(f"logcat: {error}")
    if wanted.clear:
        call.device.log.clear()
        return 0
    log = call.device.log
    queue = log.subscribe()
    try:
        pending = [record for record in log.records() if wanted.takes(record)]
        count = await _show_past(call, wanted, pending)
        while not wanted.dump and (wanted.limit is None or count < wanted.limit):
            record = await queue.get()
            if wanted.takes(record):
                count += 1
                await call.out(wanted.text(record))
    finally:
        log.unsubscribe(queue)
    return 0


async def _show_past(call: Invocation, wanted: _Wanted, pending: list[LogRecord]) -> int:
    if wanted.last is not None:
        pending = pending[-wanted.last :] if wanted.last else []
    shown = pending[: wanted.limit] if wanted.limit is not None else pending
    head = _BEGINNING if wanted.format != "raw" and shown else ""
    await call.out(head + "".join(wanted.text(record) for record in shown))
    return len(shown)


async def _log(call: Invocation) -> int:
    """`log [-p PRIORITY] [-t TAG] [MESSAGE...]` (toybox): one record of the shell's."""
    tag, letter, rest = "log", "i", list(call.args)
    while rest and rest[0] in ("-t", "-p"):
        option, value, *rest = [*rest, ""] if len(rest) == 1 else rest
        tag, letter = (value, letter) if option == "-t" else (tag, value.lower())
    priority = LETTERS.find(letter[:1].upper())
    if not letter or priority < 0:
        return await call.fail(f"log: bad -p '{letter}'")
    call.device.log.system(priority, tag, " ".join(rest))
    return 0


COMMANDS: dict[str, Command] = table(ORIGIN, {"logcat": _logcat}) | table(
    Origin(Evidence.DOCUMENTED, "toybox help log"), {"log": _log}
)
