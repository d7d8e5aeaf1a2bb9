"""Installing, updating and removing packages by Android's rules.

Input: an APK on the host and the flags of `pm install`. Output: the record, or `InstallFailure`
whose text stands between the brackets of `Failure [...]`. Order of checks as in AOSP
`InstallPackageHelper` (Android 14): parse, signature, ABI, the APKs of one session against each
other (`parts`), existing package (signature, downgrade), then code, data and permissions.
"""

from __future__ import annotations

import asyncio
import base64
import os
import shutil
import time
from collections.abc import Sequence
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
from harness.virtual.device.packages import Package, PackageTable, Split, initial_grants
from harness.virtual.device.parts import Assembly, InstallFailure, Part, assembled

DEVICE_SDK = 34


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
    """An APK that passed every check that needs only the APK and not its code."""

    manifest: Manifest
    signers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Addition:
    """What a session adds to a package that is there, and what it takes away from it."""

    package: str
    removed: tuple[str, ...] = ()


class ApkRoom(Protocol):
    """Reads and converts APKs; called in a thread."""

    def examine(self, apk: Path) -> Examined:
        """Parse and verify. Raises `InstallRejected`."""

    def convert(self, apk: Path, beside: Sequence[Path] = ()) -> Path:
        """Its code for the JVM; `beside`: that of the base. Raises `InstallRejected`."""

    def manifest(self, apk: Path) -> Manifest:
        """Of an APK that was examined before."""


class RealApkRoom:
    """The room `harness.virtual.apk`."""

    def examine(self, apk: Path) -> Examined:
        manifest = read_manifest(apk)
        signing = verify_signature(apk, target_sdk=manifest.target_sdk)
        if manifest.native_abis:
            raise NoMatchingAbi
        return Examined(manifest, tuple(signing.certificates_sha256))

    def convert(self, apk: Path, beside: Sequence[Path] = ()) -> Path:
        return convert(apk, beside)

    def manifest(self, apk: Path) -> Manifest:
        return read_manifest(apk)


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
        """Install or update a package of one APK; see `install_parts`."""
        return await self.install_parts([(staged_as, apk)], flags)

    async def install_parts(
        self,
        staged: Sequence[tuple[str, Path]],
        flags: InstallFlags,
        adds_to: Addition | None = None,
    ) -> Package:
        """Install or update a package: a base APK and any splits.

        Args:
            staged: for each APK the device path that failures mention, and the file.
            adds_to: keep the APKs of this package that the session does not bring anew.

        Raises `InstallFailure`, or `OSError` when there is no room; nothing has changed then.
        """
        parts = [await self._part(staged_as, apk) for staged_as, apk in staged]
        async with self._lock:
            assembly = self._assembled(parts, adds_to)
            existing = self._packages.get(assembly.manifest.package)
            self._check(assembly, existing, flags)
            jars = await self._converted(assembly)
            package = self._package(assembly, jars, existing, flags)
            fresh_data = not package.data_dir.exists()
            try:
                self._place(assembly, package)
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

    async def _part(self, staged_as: str, apk: Path) -> Part:
        try:
            examined = await asyncio.to_thread(self._apks.examine, apk)
        except InstallRejected as rejected:
            raise InstallFailure(rejected.text(staged_as)) from rejected
        return Part(staged_as, apk, examined.manifest, examined.signers)

    def _assembled(self, parts: Sequence[Part], adds_to: Addition | None) -> Assembly:
        if adds_to is None:
            return assembled(parts)
        existing = self._packages.get(adds_to.package)
        if existing is None:
            raise InstallFailure(
                "INSTALL_FAILED_INVALID_APK: Missing existing base package for " + adds_to.package
            )
        absent = [name for name in adds_to.removed if name not in existing.split_names]
        if absent:
            raise InstallFailure(f"INSTALL_FAILED_INVALID_APK: Split not found: {absent[0]}")
        apks = [existing.apk, *(split.apk for split in existing.splits)]
        inherited = [
            Part(apk.name, apk, self._apks.manifest(apk), existing.signers) for apk in apks
        ]
        return assembled(parts, inherited, adds_to.removed, adds_to.package)

    async def _converted(self, assembly: Assembly) -> list[Path]:
        """The code of the base, then of each split."""
        jars: list[Path] = []
        for part in (assembly.base, *assembly.splits):
            try:
                jars.append(await asyncio.to_thread(self._apks.convert, part.apk, jars[:1]))
            except InstallRejected as rejected:
                raise InstallFailure(rejected.text(part.staged_as)) from rejected
        return jars

    def _check(self, assembly: Assembly, existing: Package | None, flags: InstallFlags) -> None:
        manifest = assembly.manifest
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
        if set(existing.signers) != set(assembly.base.signers):
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
        self,
        assembly: Assembly,
        jars: Sequence[Path],
        existing: Package | None,
        flags: InstallFlags,
    ) -> Package:
        """The record, before any file of it is there."""
        manifest = assembly.manifest
        code_path = f"/data/app/~~{_token()}==/{manifest.package}-{_token()}=="
        now_ms = time.time_ns() // 1_000_000
        fresh = initial_grants(manifest, runtime=flags.grant_all)
        folder = self._files.root / code_path.lstrip("/")
        package = Package(
            manifest=manifest,
            signers=assembly.base.signers,
            uid=self._packages.next_uid() if existing is None else existing.uid,
            code_path=code_path,
            apk=folder / "base.apk",
            jar=jars[0],
            splits=tuple(
                Split(part.split, folder / f"split_{part.split}.apk", jar)
                for part, jar in zip(assembly.splits, jars[1:], strict=True)
            ),
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

    def _place(self, assembly: Assembly, package: Package) -> None:
        package.apk.parent.mkdir(parents=True)
        shutil.copyfile(assembly.base.apk, package.apk)
        for part, split in zip(assembly.splits, package.splits, strict=True):
            shutil.copyfile(part.apk, split.apk)
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
