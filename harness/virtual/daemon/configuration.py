"""What a device is started with, and what it says of itself, as values that cross processes.

The client hands a `Configuration` to the daemon as JSON; the daemon writes its `DeviceState` to a
state file, which is all that other processes know of it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

DEFAULT_INTERNET = "default"
LIVE_INTERNET = "live"


@dataclass(frozen=True, slots=True)
class Configuration:
    """Everything a daemon needs to know; paths are absolute strings.

    Attributes:
        port: TCP port of adbd on loopback, 0 for any.
        apks: installed before the device counts as booted.
        answers: folders of the virtual internet, the first one's entries first.
        live: let the apps out into the real internet.
        work_dir: where packages, files and records lie; kept at the end unless `temporary`.
        temporary: remove `work_dir` at the end.
        state_dir: where the state file goes.
        owner_pid: the device ends when this process does; 0: it has no owner.
        locale: BCP 47 tag.
        spares: how many warm processes wait for an app.
    """

    port: int
    apks: tuple[str, ...]
    answers: tuple[str, ...]
    live: bool
    work_dir: str
    temporary: bool
    state_dir: str
    owner_pid: int
    locale: str
    spares: int

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Configuration:
        values: dict[str, Any] = json.loads(text)
        values["apks"] = tuple(values["apks"])
        values["answers"] = tuple(values["answers"])
        return cls(**values)


@dataclass(frozen=True, slots=True)
class DeviceState:
    """A running device, as others may know it.

    Attributes:
        serial: what `adb connect` takes and `adb -s` then calls it.
        port: of its adbd.
        pid, started_ticks: the daemon, told from a later process with the same pid.
        internet_pid: the process that answers the apps and keeps the witness record.
        record: the witness record.
        log: the daemon's own log.
        work_dir, temporary: as configured.
        owner_pid: the process that it ends with; 0 when it runs until it is stopped.
        uncontained: why apps are not held below Java on this machine; empty when they are.
    """

    serial: str
    port: int
    pid: int
    started_ticks: int
    internet_pid: int
    record: str
    log: str
    work_dir: str
    temporary: bool
    owner_pid: int = 0
    uncontained: str = ""

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> DeviceState:
        values: dict[str, Any] = json.loads(text)
        return cls(**values)
