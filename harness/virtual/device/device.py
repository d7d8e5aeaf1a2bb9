"""One virtual device: everything its shell, its adbd and its clients look at.

Put together by `Device.create` from a working folder and the rooms around it; holds no logic of
its own beyond what several parts share.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path

from harness.virtual.device import kernel
from harness.virtual.device.activities import ActivityManager
from harness.virtual.device.display import Display
from harness.virtual.device.filesystem import ROOT_UID, SHELL_UID, FileSystem
from harness.virtual.device.installer import ApkRoom, Installer
from harness.virtual.device.logbuffer import LogBuffer
from harness.virtual.device.packages import Package, PackageTable
from harness.virtual.device.ports import ProcessSource
from harness.virtual.device.properties import Properties
from harness.virtual.device.sessions import InstallSessions
from harness.virtual.device.settings import Settings
from harness.virtual.host import AppSpec, DisplayProfile, SplitSpec


class Device:
    """The state of one device.

    Args:
        folder: its working folder; packages, files and settings in it survive a restart.
        apks: reads and converts APKs.
        source: where app processes come from.
        properties: system properties that differ from the defaults.
        profile: its screen.
    """

    def __init__(
        self,
        folder: Path,
        apks: ApkRoom,
        source: ProcessSource,
        *,
        properties: Mapping[str, str] | None = None,
        profile: DisplayProfile | None = None,
    ) -> None:
        root = folder / "root"
        root.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.files = FileSystem(root)
        self.properties = Properties(properties)
        self.log = LogBuffer()
        self.settings = Settings(folder / "settings.json", secrets.token_hex(8))
        self.packages = PackageTable(folder / "packages.json", apks, self.files.app_uids)
        self.installer = Installer(self.files, self.packages, apks)
        self.activities = ActivityManager(self.packages, source, self.log, self._spec_of)
        self.display = Display(profile or DisplayProfile())
        self.sessions = InstallSessions(folder / "staging")
        self.as_root = False
        self.files.generate("/system/build.prop", self.properties.build_prop)
        kernel.generate(self.files)

    @property
    def uid(self) -> int:
        """The user adbd runs as."""
        return ROOT_UID if self.as_root else SHELL_UID

    def banner(self, features: tuple[str, ...]) -> str:
        """What CNXN announces (AOSP `adb/adb.cpp`, `get_connection_string`)."""
        names = ("ro.product.name", "ro.product.model", "ro.product.device")
        pairs = [f"{name}={self.properties.get(name)}" for name in names]
        return "device::" + ";".join([*pairs, "features=" + ",".join(features)])

    def _spec_of(self, package: Package, debug: bool) -> AppSpec:
        return AppSpec(
            package=package.name,
            apk=package.apk,
            app_jar=package.jar,
            splits=tuple(SplitSpec(split.apk, split.jar) for split in package.splits),
            data_dir=package.data_dir,
            permissions=tuple(sorted(package.granted)),
            wait_for_debugger=debug,
            uid=package.uid,
            locale=self.properties.get("persist.sys.locale"),
            display=self.display.profile,
            android_id=self.settings.get("secure", "android_id") or "",
            installer=package.installer,
            settings=self.settings.all("global"),
            properties=self.properties.all(),
        )
