"""Are the run's terms waiting in files of the app?

Input: files as the device read them. Output: which term waits in which file, as values for the
coverage. Pure. A file is searched like the body of a request, by the same engine; only whole terms
count, since a beginning in a file of the app is no evidence of a sending to come. Of a database
only the rows that are there count: what was sent and deleted may still lie in its file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from harness.detection.sighting import Sighting
from harness.device.facts import AppFile
from harness.findings.coverage import Queued
from harness.traffic.databases import COMPANIONS, live_rows
from harness.traffic.exchange import Body, Exchange, Kind, Request
from harness.traffic.ports import Known, Scanner

MIN_NAME_LETTERS = 5
"""A shorter name of an SDK is no sign in the name of a file."""

COMMON_WORDS = frozenset(
    {"adjust", "batch", "branch", "digital", "google", "places", "segment", "sensors"}
    | {"singular", "treasure", "unity", "visual"}
)
"""First words of SDKs' names that file names hold for other reasons, too."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A term that was found in a file."""

    term: str
    queued: Queued


def waiting(
    files: Iterable[AppFile], scanner: Scanner, catalogue: Known, package: str
) -> tuple[Waiting, ...]:
    """Each term once per file, in the order of the files."""
    found = []
    for file in _contents(files):
        scan = scanner.scan(_as_exchange(file))
        whole = [each for each in scan.sightings if not each.prefix]
        for term in dict.fromkeys(each.term for each in whole):
            first = next(each for each in whole if each.term == term)
            path = file.path.removeprefix(f"/data/data/{package}/")
            sdks = _owners(path, catalogue.names())
            found.append(Waiting(term, Queued(path, _detail(first, sdks))))
    return tuple(found)


def _contents(files: Iterable[AppFile]) -> Iterator[AppFile]:
    """Databases as the rows they hold now, with their logs; everything else as it is."""
    by_path = {file.path: file for file in files}
    told: set[str] = set()
    for path, file in by_path.items():
        log = by_path.get(f"{path}-wal")
        rows = live_rows(file.data, log.data if log else b"")
        if rows is not None:
            told |= {path, *(f"{path}{end}" for end in COMPANIONS)}
            yield replace(file, data=rows)
    yield from (file for path, file in by_path.items() if path not in told)


def _as_exchange(file: AppFile) -> Exchange:
    request = Request("", "file:", (), Body.of(file.data))
    return Exchange(file.path, Kind.STREAM, (), "", 0, file.modified_s, request)


def _detail(sighting: Sighting, sdks: Sequence[str]) -> str:
    form = " > ".join((*sighting.decoding, sighting.variant))
    return f"{form}; by its name a file of {' or '.join(sdks)}" if sdks else form


def _owners(path: str, names: Sequence[str]) -> tuple[str, ...]:
    """First words of SDKs' names that are part of the file's path, letters alone, any case."""
    letters = _letters(path)
    words = dict.fromkeys(name.split()[0] for name in names)
    known = ((word, _letters(word)) for word in words)
    return tuple(
        word
        for word, key in known
        if len(key) >= MIN_NAME_LETTERS and key not in COMMON_WORDS and key in letters
    )


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.casefold())
