"""The APKs that make up one package: a base and its splits, checked as one installation.

Pure: what was read of each APK in, the base and the splits by name out. Checks, their order and
their texts: AOSP `PackageInstallerSession.validateApkInstallLocked` and
`assertApkConsistentLocked` (Android 14). What an APK itself may not be is `InstallRejected`'s
business, what an existing package does not allow the installer's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from harness.virtual.apk import Manifest

T = TypeVar("T")


class InstallFailure(Exception):
    """The text between the brackets of `Failure [...]`."""


@dataclass(frozen=True, slots=True)
class Part:
    """One APK of an installation.

    Attributes:
        staged_as: the device path that failures mention.
        apk: the file on the host.
        manifest: what it says.
        signers: SHA-256 of the signing certificates, lower-case hex.
    """

    staged_as: str
    apk: Path
    manifest: Manifest
    signers: tuple[str, ...]

    @property
    def split(self) -> str:
        """Its split's name, empty for a base APK."""
        return self.manifest.split


@dataclass(frozen=True, slots=True)
class Assembly:
    """A whole package: one base and its splits in the order of their names."""

    base: Part
    splits: tuple[Part, ...]

    @property
    def manifest(self) -> Manifest:
        return merged(self.base.manifest, [part.manifest for part in self.splits])


def assembled(
    parts: Sequence[Part],
    inherited: Sequence[Part] = (),
    removed: Sequence[str] = (),
    package: str = "",
) -> Assembly:
    """The package that these APKs give.

    Args:
        parts: what the session has brought.
        inherited: the APKs of the existing package, for a session that adds to it; a part takes
            the place of the one with its name.
        removed: splits of the existing package that are to go.
        package: the name that the session was made for, empty for any.

    Raises:
        InstallFailure: `INSTALL_FAILED_INVALID_APK` or `INSTALL_FAILED_MISSING_SPLIT`.
    """
    found: dict[str, Part] = {}
    for part in parts:
        if part.split in found:
            name = part.split or "null"  # Java's name for the base
            raise _invalid(f"Split {name} was defined multiple times")
        found[part.split] = part
        _check_consistent(part.staged_as, part, parts[0], package)
    if inherited:
        for part in inherited:
            if parts:
                _check_consistent("Existing base", part, parts[0], package)
            if part.split not in removed:
                found.setdefault(part.split, part)
    if "" not in found:
        raise _invalid("Full install must include a base package")
    base = found.pop("")
    if base.manifest.split_required and not found:
        raise InstallFailure(
            f"INSTALL_FAILED_MISSING_SPLIT: Missing split for {base.manifest.package}"
        )
    return Assembly(base, tuple(found[name] for name in sorted(found)))


def merged(base: Manifest, splits: Sequence[Manifest]) -> Manifest:
    """One manifest for the package: of a split only the components count, as on Android."""
    return replace(
        base,
        activities=_union(base.activities, [split.activities for split in splits]),
        services=_union(base.services, [split.services for split in splits]),
        receivers=_union(base.receivers, [split.receivers for split in splits]),
        providers=_union(base.providers, [split.providers for split in splits]),
    )


def _union(first: tuple[T, ...], others: Sequence[tuple[T, ...]]) -> tuple[T, ...]:
    return tuple(dict.fromkeys([*first, *(each for other in others for each in other)]))


def _check_consistent(tag: str, part: Part, first: Part, package: str) -> None:
    """`assertApkConsistentLocked`: one package, one version, one signer."""
    own, wanted = part.manifest, first.manifest
    if own.package != wanted.package:
        raise _invalid(f"{tag} package {own.package} inconsistent with {wanted.package}")
    if package and package != own.package:
        raise _invalid(f"{tag} specified package {package} inconsistent with {own.package}")
    if own.version_code != wanted.version_code:
        raise _invalid(
            f"{tag} version code {own.version_code} inconsistent with {wanted.version_code}"
        )
    if set(part.signers) != set(first.signers):
        raise _invalid(f"{tag} signatures are inconsistent")


def _invalid(text: str) -> InstallFailure:
    return InstallFailure(f"INSTALL_FAILED_INVALID_APK: {text}")
