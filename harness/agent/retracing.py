"""Agents whose stacks are told in the words of the source, by the app's `mapping.txt`.

Input: the mapping file and the APK that it belongs to. Output: the ways into a process, as
`AgentSession` has them. Refuses (ScenarioError) a file that is no mapping, one without its APK, and
one that does not belong to the APK: by R8's id where both have one, else by the classes' names.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

from harness.attribution.mapping import ClassMapping
from harness.clock import Clock
from harness.errors import ScenarioError
from harness.settings import Settings

from .session import AgentSession

_DEX = re.compile(r"classes\d*\.dex")
_MARKER = re.compile(rb'"pg-map-id":"([^"]+)"')
_SAMPLE = 200
_SHARE = 0.9
_OPTION = "--leak-mapping"


class Agents:
    """`attach` and `spawn` of `AgentSession`; sessions retrace by `mapping`, if there is one.

    `without`: hook tables that are left out, to see what a run makes of that.
    """

    def __init__(self, mapping: ClassMapping | None = None, *, without: Sequence[str] = ()) -> None:
        self._mapping = mapping
        self._without = tuple(without)

    def attach(
        self,
        serial: str,
        pid: int,
        *,
        process: str,
        adb_port: int,
        clock: Clock,
        timeout_s: float = 20,
    ) -> AgentSession:
        return self._told(
            AgentSession.attach(
                serial,
                pid,
                process=process,
                adb_port=adb_port,
                clock=clock,
                timeout_s=timeout_s,
                without=self._without,
            )
        )

    def spawn(self, serial: str, package: str, *, adb_port: int, clock: Clock) -> AgentSession:
        return self._told(AgentSession.spawn(serial, package, adb_port=adb_port, clock=clock))

    def _told(self, session: AgentSession) -> AgentSession:
        session.mapping = self._mapping
        return session


def agents_for(settings: Settings) -> Agents:
    """Raises ScenarioError."""
    mapping, apk = settings.mapping, settings.app
    if mapping is None:
        return Agents()
    if apk is None:
        raise ScenarioError(
            f"{_OPTION} needs the APK that it belongs to",
            where=str(mapping),
            action="give it by --leak-app",
        )
    try:
        known = ClassMapping(mapping.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise ScenarioError(
            f"{_OPTION}: not a mapping file", where=str(mapping), seen=str(error),
            expected="the mapping.txt that R8 or ProGuard wrote with the APK",
        ) from error  # fmt: skip
    _check(known, mapping, apk)
    return Agents(known)


def _check(mapping: ClassMapping, where: Path, apk: Path) -> None:
    with zipfile.ZipFile(apk) as archive:
        dexes = [archive.read(name) for name in archive.namelist() if _DEX.fullmatch(name)]
    markers = {found.decode() for dex in dexes for found in _MARKER.findall(dex)}
    if mapping.id and markers:
        if mapping.id not in markers:
            raise _foreign(where, apk, f"the app was built with mapping {', '.join(markers)}",
                           f"this is mapping {mapping.id}")  # fmt: skip
        return
    names = mapping.shrunk_classes[:_SAMPLE]
    there = _present(names, dexes)
    if there < _SHARE * len(names):
        seen = f"of {len(names)} shrunk class names the app has {there}"
        raise _foreign(where, apk, seen, "nearly all of them")


def _present(names: Sequence[str], dexes: Sequence[bytes]) -> int:
    descriptors = [f"L{name.replace('.', '/')};".encode() for name in names]
    return sum(any(each in dex for dex in dexes) for each in descriptors)


def _foreign(where: Path, apk: Path, seen: str, expected: str) -> ScenarioError:
    return ScenarioError(
        f"{_OPTION} does not belong to {apk.name}", where=str(where), seen=seen, expected=expected,
        action="take the mapping.txt of this very build",
    )  # fmt: skip
