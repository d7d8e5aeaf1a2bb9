"""An APK room whose APKs are JSON files: for tests of the rules, not of the parsing."""

from __future__ import annotations

import json
from pathlib import Path

from harness.virtual.apk import Component, Manifest, NotAnApk
from harness.virtual.device.installer import Examined

ACTIONS, CATEGORIES = ("android.intent.action.MAIN",), ("android.intent.category.LAUNCHER",)


def fake_apk(
    path: Path,
    package: str = "org.example.clinic",
    *,
    code: int = 1,
    signer: str = "aa" * 32,
    permissions: tuple[str, ...] = ("android.permission.INTERNET", "android.permission.CAMERA"),
    debuggable: bool = True,
    padding_bytes: int = 0,
) -> Path:
    """Write a file that `FakeApkRoom` takes for an APK."""
    values = {
        "package": package,
        "code": code,
        "signer": signer,
        "permissions": permissions,
        "debuggable": debuggable,
        "padding": "x" * padding_bytes,
    }
    path.write_text(json.dumps(values))
    return path


def manifest_of(path: Path) -> Manifest:
    values = json.loads(path.read_text())
    package = values["package"]
    main = Component(f"{package}.MainActivity", True, ACTIONS, CATEGORIES)
    second = Component(f"{package}.SecondActivity", False)
    return Manifest(
        package=package,
        version_name=f"1.{values['code']}",
        version_code=values["code"],
        debuggable=values["debuggable"],
        min_sdk=26,
        target_sdk=34,
        application="",
        launcher_activity=main.name,
        activities=(main, second),
        services=(),
        receivers=(),
        providers=(),
        permissions=tuple(values["permissions"]),
        native_abis=(),
    )


class FakeApkRoom:
    def examine(self, apk: Path) -> Examined:
        try:
            manifest = manifest_of(apk)
        except (ValueError, KeyError) as error:
            raise NotAnApk(str(error)) from error
        return Examined(manifest, (json.loads(apk.read_text())["signer"],), apk)

    def load(self, apk: Path) -> tuple[Manifest, Path]:
        return manifest_of(apk), apk
