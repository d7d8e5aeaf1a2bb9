"""Installing, updating and removing packages by Android's rules.

Input: an APK on the host and the flags of `pm install`. Output: the record, or `InstallFailure`
whose text stands between the brackets of `Failure [...]`. Order of checks as in AOSP
`InstallPackageHelper` (Android 14): parse, signature, ABI, existing package (signature, downgrade),
then code, data and permissions. Splits of one session: only a base APK is accepted.
"""

from __future__ import annotations

import asyncio
import base64
import os
import shutil
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from harness.virtual.apk import (
    InstallRejected,
    Manifest,
    NoMatchingAbi,
    convert,
    read_manifest,
    verify_signature,
)
from harness.virtual.device.filesystem import FileSystem
from harness.virtual.device.packages import Package, PackageTable, initial_grants

DEVICE_SDK = 34


class InstallFailure(Exception):
    """The text between the brackets of `Failure [...]`."""


@dataclass(frozen=True, slots=True)
class InstallFlags:
    """`pm install` options that change what happens.

    `replace_existing` is `-r` and has been the default since Android 9; `-R` turns it off.
    """

    replace_existing: bool = True
    downgrade: bool = False
    grant_all: bool = False
    installer: str = ""


@dataclass(frozen=True, slots=True)
class Examined:
    """An APK that passed every check that needs only the APK."""

    manifest: Manifest
    signers: tuple[str, ...]
    jar: Path


class ApkRoom(Protocol):
    """Reads and converts APKs; called in a thread."""

    def examine(self, apk: Path) -> Examined:
        """Parse, verify, convert. Raises `InstallRejected`."""

    def load(self, apk: Path) -> tuple[Manifest, Path]:
        """Manifest and code of an APK that was examined before."""


class RealApkRoom:
    """The room `harness.virtual.apk`."""

    def examine(self, apk: Path) -> Examined:
        manifest = read_manifest(apk)
        signing = verify_signature(apk, target_sdk=manifest.target_sdk)
        if manifest.native_abis:
            raise NoMatchingAbi
        return Examined(manifest, tuple(signing.certificates_sha256), convert(apk))

    def load(self, apk: Path) -> tuple[Manifest, Path]:
        return read_manifest(apk), convert(apk)


class Installer:
    """What `pm install` and `pm uninstall` do to a device.

    Args:
        files: the device's files.
        packages: its packages.
        apks: the reader of APKs.
    """

    def __init__(self, files: FileSystem, packages: PackageTable, apks: ApkRoom) -> None:
        self._files = files
        self._packages = packages
        self._apks = apks
        self._lock = asyncio.Lock()

    async def install(self, apk: Path, flags: InstallFlags, staged_as: str) -> Package:
        """Install or update. `staged_as` is the device path that failures mention.

        Raises `InstallFailure`, or `OSError` when there is no room; nothing has changed then.
        """
        try:
            examined = await asyncio.to_thread(self._apks.examine, apk)
        except InstallRejected as rejected:
            raise InstallFailure(rejected.text(staged_as)) from rejected
        async with self._lock:
            existing = self._packages.get(examined.manifest.package)
            self._check(examined, existing, flags)
            package = self._package(examined, existing, flags)
            fresh_data = not package.data_dir.exists()
            try:
                self._place(apk, package)
                self._packages.put(package)
            except OSError:
                self._remove_code(package)
                if fresh_data:
                    shutil.rmtree(package.data_dir, ignore_errors=True)
                raise
            if existing is not None:
                self._remove_code(existing)
        return package

    async def uninstall(self, name: str, *, keep_data: bool = False) -> None:
        """Remove. Raises `KeyError` when it is not installed."""
        async with self._lock:
            package = self._packages.get(name)
            if package is None:
                raise KeyError(name)
            self._packages.remove(name)
            await asyncio.to_thread(self._remove_code, package)
            if not keep_data:
                await asyncio.to_thread(shutil.rmtree, package.data_dir, True)

    async def clear(self, name: str) -> None:
        """Empty the data folder and take back what was granted at run time."""
        async with self._lock:
            package = self._packages.get(name)
            if package is None:
                raise KeyError(name)
            await asyncio.to_thread(_empty, package.data_dir)
            self._packages.change(name, granted=initial_grants(package.manifest), stopped=True)

    def _check(self, examined: Examined, existing: Package | None, flags: InstallFlags) -> None:
        manifest = examined.manifest
        if manifest.min_sdk > DEVICE_SDK:
            raise InstallFailure(
                f"INSTALL_FAILED_OLDER_SDK: Requires newer sdk version #{manifest.min_sdk} "
                f"(current version is #{DEVICE_SDK})"
            )
        if existing is None:
            return
        if not flags.replace_existing:
            raise InstallFailure(
                f"INSTALL_FAILED_ALREADY_EXISTS: Attempt to re-install {existing.name} "
                "without first uninstalling."
            )
        if set(existing.signers) != set(examined.signers):
            raise InstallFailure(
                f"INSTALL_FAILED_UPDATE_INCOMPATIBLE: Existing package {existing.name} "
                "signatures do not match newer version; ignoring!"
            )
        older = manifest.version_code < existing.manifest.version_code
        # On a debuggable build -d is enough; on others the package must be debuggable too.
        if older and not flags.downgrade:
            raise InstallFailure(
                "INSTALL_FAILED_VERSION_DOWNGRADE: Downgrade detected: Update version code "
                f"{manifest.version_code} is older than current "
                f"{existing.manifest.version_code}"
            )

    def _package(
        self, examined: Examined, existing: Package | None, flags: InstallFlags
    ) -> Package:
        """The record, before any file of it is there."""
        manifest = examined.manifest
        code_path = f"/data/app/~~{_token()}==/{manifest.package}-{_token()}=="
        now_ms = time.time_ns() // 1_000_000
        fresh = initial_grants(manifest, runtime=flags.grant_all)
        package = Package(
            manifest=manifest,
            signers=examined.signers,
            uid=self._packages.next_uid() if existing is None else existing.uid,
            code_path=code_path,
            apk=self._files.root / code_path.lstrip("/") / "base.apk",
            jar=examined.jar,
            data_dir=self._files.root / "data/data" / manifest.package,
            installer=flags.installer,
            installed_ms=now_ms,
            updated_ms=now_ms,
            granted=fresh,
        )
        if existing is None:
            return package
        kept = existing.granted & set(manifest.permissions)
        return replace(
            package, installed_ms=existing.installed_ms, granted=fresh | kept, stopped=False
        )

    def _place(self, apk: Path, package: Package) -> None:
        package.apk.parent.mkdir(parents=True)
        shutil.copyfile(apk, package.apk)
        for folder in ("cache", "code_cache", "files"):
            (package.data_dir / folder).mkdir(parents=True, exist_ok=True)

    def _remove_code(self, package: Package) -> None:
        shutil.rmtree(package.apk.parent.parent, ignore_errors=True)


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("cache", "code_cache", "files"):
        (folder / name).mkdir(parents=True)


def _token() -> str:
    """22 characters, as Android's random folder names have."""
    return base64.urlsafe_b64encode(os.urandom(16)).decode().rstrip("=")
