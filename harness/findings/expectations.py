"""What a scenario's `leakCheck` header says, as checked values.

Input: the plain values a YAML or Python author wrote (`Allow.of`, `Control.of`, `Waiver.of` take
them as they stand). Output: frozen values that answer `covers(host)`.
Refuses whatever would make a verdict meaningless: wildcards, bare public suffixes (`com`,
`github.io`: anybody can register below them), URLs, empty entries, waivers without a reason or an
end. The public suffix list is the one of the package `publicsuffixlist`, private section included.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fnmatch import fnmatchcase
from typing import Any, Literal, get_args

from harness.errors import nearest
from harness.findings.acceptance import Acceptance
from harness.findings.hosts import ExpectationError, checked_host, host_covers

Flush = Literal["background", "sdk", "none"]
FLUSHES: tuple[Flush, ...] = get_args(Flush)


def _keys(entry: Mapping[object, object], what: str, required: set[str], known: set[str]) -> None:
    for key in entry:
        if key not in known:
            near = nearest(str(key), known)
            hint = f"; did you mean {near!r}?" if near else f"; known: {', '.join(sorted(known))}"
            raise ExpectationError(f"{what}: unknown key {key!r}{hint}")
    for key in sorted(required - set(map(str, entry))):
        raise ExpectationError(f"{what}: {dict(entry)!r} has no {key!r}")


def _text(value: object, what: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ExpectationError(f"{what}: {value!r} is not a text")
    return value.strip()


def _list(entries: object, what: str) -> list[object]:
    if isinstance(entries, str | Mapping):
        return [entries]
    if not isinstance(entries, Iterable):
        raise ExpectationError(f"{what}: {entries!r} is not a list")
    return list(entries)


@dataclass(frozen=True, slots=True)
class Allow:
    """A recipient that may get the term.

    Attributes:
        host: a domain with all its subdomains, or one address; canonical.
        sdk: when given, only what this SDK (catalogue id or name) sends there is covered.
    """

    host: str
    sdk: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "host", checked_host(self.host, "allow"))

    @classmethod
    def of(cls, entry: object) -> Allow:
        """From `clinic.example` or `{host: clinic.example, sdk: mixpanel}`."""
        if isinstance(entry, Allow):
            return entry
        if isinstance(entry, Mapping):
            _keys(entry, "allow", {"host"}, {"host", "sdk"})
            sdk = _text(entry["sdk"], "allow.sdk") if "sdk" in entry else ""
            return cls(checked_host(entry["host"], "allow"), sdk)
        return cls(checked_host(entry, "allow"))

    def covers(self, host: str) -> bool:
        return host_covers(self.host, host)

    def names_sdk(self, *names: str) -> bool:
        """Whether this entry's `sdk` is one of `names` (ids or display names, any case)."""
        return bool(self.sdk) and self.sdk.casefold() in {name.casefold() for name in names}

    def __str__(self) -> str:
        return f"{self.host} (sdk: {self.sdk})" if self.sdk else self.host


@dataclass(frozen=True, slots=True)
class Control:
    """The positive control: who must get the term for a pass to count.

    Attributes:
        hosts: any of them will do; empty means any allowed host.
        off: why no control is possible (a search that never leaves the device).
    """

    hosts: tuple[str, ...] = ()
    off: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "hosts", tuple(checked_host(h, "control") for h in self.hosts))
        if self.hosts and self.off:
            raise ExpectationError(f"control: both hosts {self.hosts!r} and off {self.off!r}")

    @classmethod
    def of(cls, entry: object) -> Control:
        """From nothing, a host, a list of hosts, or `{off: why}`."""
        if isinstance(entry, Control):
            return entry
        if entry is None:
            return cls()
        if isinstance(entry, Mapping):
            _keys(entry, "control", {"off"}, {"off"})
            return cls(off=_text(entry["off"], "control.off"))
        hosts = _list(entry, "control")
        if not hosts:
            raise ExpectationError("control: [] names no host; leave it out or write {off: why}")
        return cls(tuple(checked_host(host, "control") for host in hosts))

    def covers(self, host: str) -> bool:
        return any(host_covers(domain, host) for domain in self.hosts)


@dataclass(frozen=True, slots=True)
class Waiver:
    """Blindness (or cleartext) at `host` that somebody accepted.

    Attributes:
        until: last day on which it counts.
        owner: who answers for it, where it is said.
    """

    host: str
    why: str
    until: date
    owner: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "host", checked_host(self.host, "blind"))
        object.__setattr__(self, "why", _text(self.why, f"blind {self.host}: why"))

    @classmethod
    def of(cls, entry: object) -> Waiver:
        """From `{host, why, until, owner}`; `until` is a date or `YYYY-MM-DD`, `owner` optional."""
        if isinstance(entry, Waiver):
            return entry
        if not isinstance(entry, Mapping):
            raise ExpectationError(f"blind: {entry!r} is not a mapping of host, why, until")
        keys = {"host", "why", "until"}
        _keys(entry, "blind", keys, keys | {"owner"})
        return cls(checked_host(entry["host"], "blind"), *_accepted(entry))

    def covers(self, host: str, on: date) -> bool:
        return on <= self.until and host_covers(self.host, host)

    def __str__(self) -> str:
        return _waived(self.owner, self.until, self.why)


@dataclass(frozen=True, slots=True)
class FileWaiver:
    """A file of the app that may hold the term, such as its own search history.

    Attributes:
        file: shell pattern for the path within the app's data folder; `*` crosses folders.
    """

    file: str
    why: str
    until: date
    owner: str = ""

    @classmethod
    def of(cls, entry: Mapping[Any, Any]) -> FileWaiver:
        """From `{file, why, until, owner}`; a pattern that fits almost any file is refused."""
        keys = {"file", "why", "until"}
        _keys(entry, "blind", keys, keys | {"owner"})
        pattern = _text(entry["file"], "blind.file")
        if len(re.sub(r"[*?/.\[\]]", "", pattern)) < MIN_FILE_LETTERS:
            raise ExpectationError(f"blind.file: {pattern!r} fits almost any file")
        return cls(pattern, *_accepted(entry))

    def covers(self, file: str, on: date) -> bool:
        return on <= self.until and fnmatchcase(file, self.file)

    def __str__(self) -> str:
        return _waived(self.owner, self.until, self.why)


def _accepted(entry: Mapping[Any, Any]) -> tuple[str, date, str]:
    owner = _text(entry["owner"], "blind.owner") if "owner" in entry else ""
    return _text(entry["why"], "blind.why"), _day(entry["until"]), owner


def _waived(owner: str, until: date, why: str) -> str:
    return f"waived {f'by {owner} ' if owner else ''}until {until}: {why}"


MIN_FILE_LETTERS = 4


def waiver_of(entry: object) -> Waiver | FileWaiver:
    """An entry of `blind`: `{host, why, until, owner}` or `{file, why, until, owner}`."""
    if isinstance(entry, FileWaiver):
        return entry
    if isinstance(entry, Mapping) and "file" in entry and "host" not in entry:
        return FileWaiver.of(entry)
    return Waiver.of(entry)


def _day(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise ExpectationError(f"blind.until: {value!r} is not a date (YYYY-MM-DD)") from error


@dataclass(frozen=True, slots=True)
class LeakCheck:
    """The whole header `leakCheck`.

    Attributes:
        settle_s: how long the app must be quiet after the flush (`settleMs` / 1000).
        min_prefix: fewest grapheme clusters of a term's beginning that are searched for.
        flush: what the run does at the end so that queued sendings leave.
        blind: accepted blindness, and files that may hold the term.
        differential: compare with a run that types something else.
        accepted: findings that the app's baseline accepts; no header says this.
    """

    allow: tuple[Allow, ...] = ()
    control: Control = Control()
    settle_s: float = 5.0
    min_prefix: int = 4
    flush: Flush = "background"
    blind: tuple[Waiver | FileWaiver, ...] = ()
    differential: bool = False
    accepted: tuple[Acceptance, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "allow", tuple(map(Allow.of, _list(self.allow, "allow"))))
        object.__setattr__(self, "control", Control.of(self.control))
        object.__setattr__(self, "blind", tuple(map(waiver_of, _list(self.blind, "blind"))))
        if not math.isfinite(self.settle_s) or self.settle_s < 0:
            raise ExpectationError(f"settleMs: {self.settle_s * 1000!r} is not a duration")
        if self.min_prefix < 1:
            raise ExpectationError(f"minPrefix: {self.min_prefix!r} is less than 1")
        if self.flush not in FLUSHES:
            raise ExpectationError(f"flush: {self.flush!r} is none of {', '.join(FLUSHES)}")

    def waived(self, host: str, on: date) -> Waiver | None:
        """The waiver that covers `host` on that day."""
        hosts = (waiver for waiver in self.blind if isinstance(waiver, Waiver))
        return next((waiver for waiver in hosts if waiver.covers(host, on)), None)

    def waived_file(self, file: str, on: date) -> FileWaiver | None:
        """The waiver that covers a file of the app on that day."""
        files = (waiver for waiver in self.blind if isinstance(waiver, FileWaiver))
        return next((waiver for waiver in files if waiver.covers(file, on)), None)
