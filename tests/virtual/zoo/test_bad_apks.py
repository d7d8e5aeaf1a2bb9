"""APKs that Android refuses, signed as they should be: the failure, and nothing left of them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.virtual.apk.build import TEST_KEY
from harness.virtual.apk.javatools import run_tool
from harness.virtual.daemon import VirtualDevice
from harness.virtual.toolchain.archive import Entry, write_zip
from tests.virtual.zoo.conftest import PACKAGE, Program
from tests.virtual.zoo.rows import REFUSED, shows

pytestmark = [pytest.mark.device, pytest.mark.xdist_group("zoo")]

INSTALL = "installing with any client"
Change = Callable[[dict[str, bytes]], None]


def altered(apk: Path, folder: Path, change: Change) -> Path:
    """The APK with changed entries, signed again with the same key."""
    with zipfile.ZipFile(apk) as archive:
        entries = {
            info.filename: archive.read(info)
            for info in archive.infolist()
            if not info.filename.startswith("META-INF/")
        }
        stored = {info.filename for info in archive.infolist() if info.compress_type == 0}
    change(entries)
    unsigned, signed = folder / "unsigned.apk", folder / "signed.apk"
    write_zip(unsigned, [Entry(n, d, stored=n in stored) for n, d in entries.items()], alignment=4)
    run_tool("SignApk", [unsigned, signed, TEST_KEY, "26"])
    return signed


def refusal(adb: Program, device: VirtualDevice, apk: Path) -> str:
    """What the client says; the device is as before."""

    def state() -> tuple[str, list[str]]:
        packages = adb("shell", f"pm list packages; pm path {PACKAGE}").stdout
        places = [device.work_dir / "staging", device.work_dir / "root/data/app"]
        files = [str(path) for place in places for path in place.rglob("*")]
        return packages, sorted(files)

    before = state()
    done = adb("install", "-r", apk)
    assert done.returncode == 1, done
    assert state() == before
    return done.stdout + done.stderr


@shows(
    INSTALL,
    "an APK with native code only",
    REFUSED,
    "`INSTALL_FAILED_NO_MATCHING_ABIS: Failed to extract native libraries, res=-113`",
)
def test_native_code(
    adb_client: Program, zoo_device: VirtualDevice, clinic_apk: Path, tmp_path: Path
) -> None:
    def change(entries: dict[str, bytes]) -> None:
        entries["lib/arm64-v8a/libapp.so"] = b"\x7fELF" + bytes(100)

    said = refusal(adb_client, zoo_device, altered(clinic_apk, tmp_path, change))
    assert "INSTALL_FAILED_NO_MATCHING_ABIS: Failed to extract native libraries, res=-113" in said


@shows(INSTALL, "an APK with a broken dex file", REFUSED, "`INSTALL_FAILED_DEXOPT`")
def test_broken_dex(
    adb_client: Program, zoo_device: VirtualDevice, clinic_apk: Path, tmp_path: Path
) -> None:
    def change(entries: dict[str, bytes]) -> None:
        entries["classes.dex"] = entries["classes.dex"][:1000]

    said = refusal(adb_client, zoo_device, altered(clinic_apk, tmp_path, change))
    assert "INSTALL_FAILED_DEXOPT" in said


@shows(
    INSTALL,
    "an APK that was changed after it was signed, or is cut off",
    REFUSED,
    "`INSTALL_PARSE_FAILED_NO_CERTIFICATES`, `INSTALL_PARSE_FAILED_NOT_APK`",
)
def test_damaged(
    adb_client: Program, zoo_device: VirtualDevice, clinic_apk: Path, tmp_path: Path
) -> None:
    damaged, cut = tmp_path / "damaged.apk", tmp_path / "cut.apk"
    data = bytearray(clinic_apk.read_bytes())
    data[len(data) // 2] ^= 1
    damaged.write_bytes(data)
    cut.write_bytes(data[: len(data) // 2])
    assert "INSTALL_PARSE_FAILED_NO_CERTIFICATES" in refusal(adb_client, zoo_device, damaged)
    assert "INSTALL_PARSE_FAILED_NOT_APK" in refusal(adb_client, zoo_device, cut)
