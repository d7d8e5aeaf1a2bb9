"""Recorded files to scanned entries: one process, or several that share a large HAR file.

Input: a path and what to look for. Output: `FileResult`: entries that hold something or could not
be read, the number of all entries, and why reading stopped early if it did.
"""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from harness.attribution.catalogue import Catalogue
from harness.attribution.parties import Attributor
from harness.detection.engine import Engine
from harness.detection.sighting import Scan
from harness.errors import HarnessError
from harness.findings.facts import JOINT
from harness.findings.scan_verdict import ScannedEntry
from harness.traffic.captures import read_capture
from harness.traffic.exchange import Exchange, Kind
from harness.traffic.har import Entry, Fault, entry_exchanges
from harness.traffic.har_slices import Slice
from harness.traffic.json_walk import WalkError

MIN_PARALLEL_BYTES = 8 << 20
"""Below this starting processes costs more than it gains."""
SLICES_PER_JOB = 24
COLLECT_AFTER = 50_000


@dataclass(frozen=True, slots=True)
class Task:
    """What to look for and whose hosts are whose."""

    terms: tuple[str, ...]
    min_prefix: int = 4
    salts: tuple[str, ...] = ()
    first_party: tuple[str, ...] = ()


@dataclass(slots=True)
class FileResult:
    """What one file gave; `error` says why it could not be read to its end."""

    path: Path
    entries: list[ScannedEntry] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    count: int = 0
    error: HarnessError | None = None


class Scanner:
    """Engine and attribution for one task."""

    def __init__(self, task: Task) -> None:
        self.engine = Engine(task.terms, min_prefix=task.min_prefix, salts=task.salts)
        self._attributor = Attributor(Catalogue.load(), task.first_party)
        self._stream: tuple[tuple[str, int], Scan] | None = None

    def scan(self, entries: Iterable[Entry], result: FileResult, shift: int = 0) -> None:
        """Scan entries into `result`; indexes are raised by `shift`."""
        for entry in entries:
            result.count = max(result.count, entry.index + shift + 1)
            if isinstance(entry, Fault):
                result.faults.append(Fault(entry.index + shift, entry.reason, entry.source))
                continue
            scan = self._beyond_the_whole(entry, self.engine.scan(entry))
            if scan.sightings or scan.unread:
                recipient = self._attributor.recipient(entry)
                vendors = self._attributor.proxied(entry, recipient) if scan.sightings else ()
                result.entries.append(
                    ScannedEntry(
                        file=str(result.path),
                        index=entry.index + shift,
                        encrypted=entry.encrypted,
                        scan=scan,
                        recipient=recipient,
                        proxied=JOINT.join(vendor.sdk_id for vendor in vendors),
                    )
                )

    def _beyond_the_whole(self, entry: Exchange, scan: Scan) -> Scan:
        """Of a single write of a raw connection, what the whole connection did not tell."""
        key = (entry.source, entry.index)
        if entry.kind is not Kind.STREAM:
            return scan
        if self._stream is None or self._stream[0] != key:
            self._stream = key, scan
            return scan
        whole = self._stream[1]
        told = [(one.term, one.prefix) for one in whole.sightings if not one.in_response]
        unread = {one.part for one in whole.unread}
        return Scan(
            tuple(
                one
                for one in scan.sightings
                if not any(
                    term == one.term and (not prefix or prefix >= one.prefix > 0)
                    for term, prefix in told
                )
            ),
            scan.identifiers,
            tuple(one for one in scan.unread if one.part not in unread),
        )


def scan_file(
    path: Path, task: Task, *, jobs: int = 1, advanced: Callable[[int], None] | None = None
) -> FileResult:
    """Scan a whole file; a file that cannot be read to its end keeps what came before."""
    if jobs > 1 and _can_be_shared(path):
        shared = _scan_shared(path, task, jobs, advanced)
        if shared is not None:
            return shared
    result = FileResult(path)
    try:
        with _calm_collector():
            Scanner(task).scan(read_capture(path, advanced), result)
    except HarnessError as error:
        result.error = error
    return result


@contextmanager
def _calm_collector() -> Iterator[None]:
    """Look for reference cycles rarely: a scan makes many short-lived objects and no cycles."""
    before = gc.get_threshold()
    gc.set_threshold(COLLECT_AFTER, before[1], before[2])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _can_be_shared(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
        return head[:1] == b"{" and path.stat().st_size >= MIN_PARALLEL_BYTES
    except OSError:
        return False  # the sequential reader reports it


def _scan_shared(
    path: Path, task: Task, jobs: int, advanced: Callable[[int], None] | None
) -> FileResult | None:
    """Slices in parallel; None when they do not join up, so that one process must do it.

    The workers take slices from the front, this process from the back, until they meet: so nobody
    waits for a worker that is still starting, or for the one with the longest slice.
    """
    size = path.stat().st_size
    count = jobs * SLICES_PER_JOB
    cuts = [size * number // count for number in range(count)] + [size + 1]
    slices = [Slice(path, low, high) for low, high in pairwise(cuts)]
    read = _Read(advanced or _nobody)
    here: dict[int, tuple[Slice, FileResult]] = {}
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs - 1, mp_context=context) as pool:
        waiting = [pool.submit(_scan_slice, part, task) for part in slices]
        for future, part in zip(waiting, slices, strict=True):
            future.add_done_callback(read.when_done(part))
        for number in reversed(range(count)):
            if waiting[number].cancel():
                here[number] = _scan_slice(slices[number], task)
                read.add(slices[number])
        done = [here[n] if n in here else future.result() for n, future in enumerate(waiting)]
    return _joined(path, done)


class _Read:
    """Tells how many bytes have been read, slice by slice, wherever that was."""

    def __init__(self, told: Callable[[int], None]) -> None:
        self._told = told
        self._sizes: list[int] = []

    def add(self, part: Slice) -> None:
        self._sizes.append(part.high - part.low)
        self._told(sum(self._sizes))

    def when_done(self, part: Slice) -> Callable[[Future[Any]], None]:
        return lambda future: None if future.cancelled() else self.add(part)


def _nobody(count: int) -> None:
    """Progress that nobody wants to hear of."""


def _joined(path: Path, done: Sequence[tuple[Slice, FileResult]]) -> FileResult | None:
    """One result, if each slice ended where the next one with an entry began."""
    whole = FileResult(path)
    expected = -1
    for number, (part, result) in enumerate(done):
        if result.error is not None:
            return None
        if number and part.started < 0:  # one entry may be longer than a slice
            if result.count or 0 <= expected < part.high:
                return None
            continue
        if number and part.started != expected:
            return None
        _append(whole, result)
        expected = part.ended
    return whole if expected == -1 else None


@lru_cache(maxsize=1)
def _scanner(task: Task) -> Scanner:
    """One for all slices that a process takes: what it learns of tokens stays."""
    return Scanner(task)


def _scan_slice(part: Slice, task: Task) -> tuple[Slice, FileResult]:
    """One slice; entries are numbered from 0 within it."""
    result = FileResult(part.path)
    try:
        with _calm_collector():
            _scanner(task).scan(_exchanges(part), result)
    except (WalkError, ValueError) as error:
        result.error = HarnessError(str(error), where=str(part.path))
    return part, result


def _exchanges(part: Slice) -> Iterator[Exchange | Fault]:
    for element in part.elements():
        yield from entry_exchanges(element, str(part.path))


def _append(whole: FileResult, result: FileResult) -> None:
    shift = whole.count
    for entry in result.entries:
        moved = ScannedEntry(
            entry.file,
            entry.index + shift,
            entry.encrypted,
            entry.scan,
            entry.recipient,
            entry.proxied,
        )
        whole.entries.append(moved)
    whole.faults.extend(Fault(f.index + shift, f.reason, f.source) for f in result.faults)
    whole.count += result.count
