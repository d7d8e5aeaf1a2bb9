"""What the harness needs of an APK file on this machine: its package name and its digest.

Input: a path. Output: values. Refused: files that are no APK (no ZIP archive, no binary manifest).
The device itself judges signature and compatibility at install.
"""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

from harness.device.axml import parse_binary_xml
from harness.errors import ScenarioError


def package_of(apk: Path) -> str:
    """The application id in the manifest.

    Raises:
        ScenarioError: there is no such file, or it is no APK.
    """
    if not apk.is_file():
        raise ScenarioError("there is no such APK", where=str(apk), action="check --leak-app")
    try:
        with zipfile.ZipFile(apk) as archive:
            manifest = parse_binary_xml(archive.read("AndroidManifest.xml"))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise ScenarioError(
            "this file is not an APK",
            where=str(apk),
            seen=f"{type(error).__name__}: {error}",
            expected="a ZIP archive with a binary AndroidManifest.xml",
        ) from error
    package = manifest.get("package", "")
    if not package:
        raise ScenarioError("the manifest names no package", where=str(apk))
    return package


def sha256_of(apk: Path) -> str:
    """Hex digest of the file."""
    with apk.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
