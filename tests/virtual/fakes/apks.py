"""An APK room whose APKs are JSON files: for tests of the rules, not of the parsing."""

from __future__ import annotations

import json
from collections.abc import Sequence
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
    split: str = "",
    split_required: bool = False,
) -> Path:
    """Write a file that `FakeApkRoom` takes for an APK."""
    values = {
        "package": package,
        "code": code,
        "signer": signer,
        "permissions": permissions,
        "debuggable": debuggable,
        "padding": "x" * padding_bytes,
        "split": split,
        "split_required": split_required,
    }
    path.write_text(json.dumps(values))
    return path


def manifest_of(path: Path) -> Manifest:
    values = json.loads(path.read_text())
    package = values["package"]
    main = Component(f"{package}.MainActivity", True, ACTIONS, CATEGORIES)
    second = Component(f"{package}.SecondActivity", False)
    split = values["split"]
    own = (Component(f"{package}.{split}.SplitActivity", False),) if split else (main, second)
    return Manifest(
        package=package,
        version_name=f"1.{values['code']}",
        version_code=values["code"],
        debuggable=values["debuggable"],
        min_sdk=26,
        target_sdk=34,
        application="",
        launcher_activity="" if split else main.name,
        activities=own,
        services=(),
        receivers=(),
        providers=(),
        permissions=tuple(values["permissions"]),
        native_abis=(),
        split=split,
        split_required=values["split_required"],
    )


class FakeApkRoom:
    def examine(self, apk: Path) -> Examined:
        try:
            manifest = manifest_of(apk)
        except (ValueError, KeyError) as error:
            raise NotAnApk(str(error)) from error
        return Examined(manifest, (json.loads(apk.read_text())["signer"],))

    def convert(self, apk: Path, beside: Sequence[Path] = ()) -> Path:
        return apk

    def manifest(self, apk: Path) -> Manifest:
        return manifest_of(apk)
