"""Installed packages: their records, the table of them, and how both survive a restart.

A record is a frozen value; changing one puts a new one in its place. The table writes itself to one
JSON file at each change. What an APK says is read again from the APK that lies on the device.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from harness.virtual.apk import Manifest
from harness.virtual.device.filesystem import FIRST_APP_UID
from harness.virtual.device.parts import merged
from harness.virtual.device.whole_file import write_whole

RUNTIME_PERMISSIONS = frozenset(
    f"android.permission.{name}"
    for name in [
        "ACCEPT_HANDOVER",
        "ACCESS_BACKGROUND_LOCATION",
        "ACCESS_COARSE_LOCATION",
        "ACCESS_FINE_LOCATION",
        "ACCESS_MEDIA_LOCATION",
        "ACTIVITY_RECOGNITION",
        "ANSWER_PHONE_CALLS",
        "BLUETOOTH_ADVERTISE",
        "BLUETOOTH_CONNECT",
        "BLUETOOTH_SCAN",
        "BODY_SENSORS",
        "BODY_SENSORS_BACKGROUND",
        "CALL_PHONE",
        "CAMERA",
        "GET_ACCOUNTS",
        "NEARBY_WIFI_DEVICES",
        "POST_NOTIFICATIONS",
        "PROCESS_OUTGOING_CALLS",
        "READ_CALENDAR",
        "READ_CALL_LOG",
        "READ_CONTACTS",
        "READ_EXTERNAL_STORAGE",
        "READ_MEDIA_AUDIO",
        "READ_MEDIA_IMAGES",
        "READ_MEDIA_VIDEO",
        "READ_MEDIA_VISUAL_USER_SELECTED",
        "READ_PHONE_NUMBERS",
        "READ_PHONE_STATE",
        "READ_SMS",
        "RECEIVE_MMS",
        "RECEIVE_SMS",
        "RECEIVE_WAP_PUSH",
        "RECORD_AUDIO",
        "SEND_SMS",
        "USE_SIP",
        "UWB_RANGING",
        "WRITE_CALENDAR",
        "WRITE_CALL_LOG",
        "WRITE_CONTACTS",
        "WRITE_EXTERNAL_STORAGE",
    ]
)
"""Permissions with protection level `dangerous` (AOSP `core/res/AndroidManifest.xml`, 14)."""


@dataclass(frozen=True, slots=True)
class Split:
    """A further APK of a package: its name, the file on the host, its code for the JVM."""

    name: str
    apk: Path
    jar: Path


@dataclass(frozen=True, slots=True)
class Package:
    """One installed package.

    Attributes:
        manifest: what its APKs say.
        signers: SHA-256 of the signing certificates, lower-case hex.
        uid: its Linux user on the device.
        code_path: folder of its APK, a path of the device.
        apk: that APK on the host.
        jar: its code for the JVM, on the host.
        data_dir: its data folder on the host.
        installer: package that asked for the installation, empty for adb.
        installed_ms, updated_ms: Unix milliseconds.
        granted: permissions it holds now.
        stopped: never started, or force-stopped.
        splits: its further APKs, by name.
    """

    manifest: Manifest
    signers: tuple[str, ...]
    uid: int
    code_path: str
    apk: Path
    jar: Path
    data_dir: Path
    installer: str
    installed_ms: int
    updated_ms: int
    granted: frozenset[str]
    stopped: bool = True
    splits: tuple[Split, ...] = ()

    @property
    def name(self) -> str:
        return self.manifest.package

    @property
    def device_apk(self) -> str:
        """The base APK as `pm path` names it."""
        return f"{self.code_path}/base.apk"

    @property
    def device_apks(self) -> tuple[str, ...]:
        """All APKs as `pm path` names them, the base first."""
        return tuple(
            f"{self.code_path}/{apk.name}" for apk in (self.apk, *(s.apk for s in self.splits))
        )

    @property
    def split_names(self) -> tuple[str, ...]:
        return tuple(split.name for split in self.splits)


def initial_grants(manifest: Manifest, *, runtime: bool = False) -> frozenset[str]:
    """What a package holds after installation: all, or without `runtime` the install-time ones.

    Apps that target an SDK below 23 get everything, as on Android.
    """
    everything = runtime or manifest.target_sdk < 23
    return frozenset(
        name for name in manifest.permissions if everything or name not in RUNTIME_PERMISSIONS
    )


class Apks(Protocol):
    """Reads again what lies on the device."""

    def convert(self, apk: Path, beside: Sequence[Path] = ()) -> Path: ...
    def manifest(self, apk: Path) -> Manifest: ...


class PackageTable:
    """All packages of one device, by name.

    Args:
        path: JSON file of the table; read if it exists.
        apks: reads the APKs that the table remembers.
        uids: package -> uid, kept up to date for the file system.
    """

    def __init__(self, path: Path, apks: Apks, uids: dict[str, int]) -> None:
        self._path = path
        self._uids = uids
        self._packages: dict[str, Package] = {}
        if path.is_file():
            for entry in json.loads(path.read_text(encoding="utf-8")):
                package = _from_json(entry, apks)
                self._packages[package.name] = package
                uids[package.name] = package.uid

    def __iter__(self) -> Iterator[Package]:
        return iter(sorted(self._packages.values(), key=lambda package: package.name))

    def get(self, name: str) -> Package | None:
        return self._packages.get(name)

    def put(self, package: Package) -> None:
        """Add or replace a record. Raises `OSError`; nothing has changed then."""
        self._save(self._packages | {package.name: package})
        self._uids[package.name] = package.uid

    def remove(self, name: str) -> None:
        """Drop a record. Raises `KeyError`, `OSError`; nothing has changed then."""
        self._save({key: value for key, value in self._packages.items() if key != name})
        del self._uids[name]

    def change(self, name: str, **fields: Any) -> Package:
        """Replace fields of a record; the new record."""
        package = replace(self._packages[name], **fields)
        self.put(package)
        return package

    def next_uid(self) -> int:
        """A free one, above all that were given out and still are."""
        return max((p.uid for p in self._packages.values()), default=FIRST_APP_UID + 99) + 1

    def _save(self, packages: dict[str, Package]) -> None:
        """What is on disk is always a whole table, and the one in memory."""
        entries = [_to_json(packages[name]) for name in sorted(packages)]
        write_whole(self._path, json.dumps(entries, indent=1))
        self._packages = packages


def _to_json(package: Package) -> dict[str, Any]:
    return {
        "apk": str(package.apk),
        "code_path": package.code_path,
        "data_dir": str(package.data_dir),
        "granted": sorted(package.granted),
        "installed_ms": package.installed_ms,
        "installer": package.installer,
        "signers": list(package.signers),
        "splits": [{"name": split.name, "apk": str(split.apk)} for split in package.splits],
        "stopped": package.stopped,
        "uid": package.uid,
        "updated_ms": package.updated_ms,
    }


def _from_json(entry: dict[str, Any], apks: Apks) -> Package:
    apk = Path(entry["apk"])
    jar = apks.convert(apk)
    splits = tuple(
        Split(split["name"], Path(split["apk"]), apks.convert(Path(split["apk"]), [jar]))
        for split in entry["splits"]
    )
    return Package(
        manifest=merged(apks.manifest(apk), [apks.manifest(split.apk) for split in splits]),
        splits=splits,
        signers=tuple(entry["signers"]),
        uid=entry["uid"],
        code_path=entry["code_path"],
        apk=apk,
        jar=jar,
        data_dir=Path(entry["data_dir"]),
        installer=entry["installer"],
        installed_ms=entry["installed_ms"],
        updated_ms=entry["updated_ms"],
        granted=frozenset(entry["granted"]),
        stopped=entry["stopped"],
    )
