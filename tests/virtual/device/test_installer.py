"""Android's rules for installing; with the real APK room for what is broken or unsigned."""

from __future__ import annotations

import asyncio
import zipfile
from pathlib import Path

import pytest

from harness.virtual.device.filesystem import FileSystem
from harness.virtual.device.installer import (
    ApkRoom,
    Installer,
    InstallFlags,
    RealApkRoom,
)
from harness.virtual.device.packages import PackageTable
from harness.virtual.device.parts import InstallFailure
from tests.virtual.fakes.apks import FakeApkRoom, fake_apk
from tests.virtual.fakes.shell import PACKAGE

STAGED = "/data/app/vmdl1.tmp/base.apk"


def make(folder: Path, room: ApkRoom) -> tuple[Installer, PackageTable]:
    files = FileSystem(folder / "root")
    table = PackageTable(folder / "p.json", room, files.app_uids)
    return Installer(files, table, room), table


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"not a zip", "INSTALL_PARSE_FAILED_NOT_APK: Failed to parse " + STAGED),
        (b"", "INSTALL_PARSE_FAILED_NOT_APK: Failed to parse " + STAGED),
        (None, "INSTALL_PARSE_FAILED_UNEXPECTED_EXCEPTION: Failed to parse " + STAGED),
    ],
)
def test_files_that_are_no_apks(tmp_path: Path, content: bytes | None, text: str) -> None:
    (tmp_path / "root").mkdir()
    apk = tmp_path / "x.apk"
    if content is None:
        with zipfile.ZipFile(apk, "w") as archive:
            archive.writestr("a", "b")
    else:
        apk.write_bytes(content)
    installer, table = make(tmp_path, RealApkRoom())
    with pytest.raises(InstallFailure) as caught:
        asyncio.run(installer.install(apk, InstallFlags(), STAGED))
    assert str(caught.value).startswith(text)
    assert list(table) == []


def test_an_update_keeps_identity_data_and_grants(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    installer, table = make(tmp_path, FakeApkRoom())

    async def scenario() -> None:
        apk = fake_apk(tmp_path / "1.apk", code=1)
        first = await installer.install(apk, InstallFlags(grant_all=True), STAGED)
        (first.data_dir / "files/x").write_text("mine")
        second = await installer.install(
            fake_apk(tmp_path / "2.apk", code=2), InstallFlags(), STAGED
        )
        assert (second.uid, second.installed_ms) == (first.uid, first.installed_ms)
        assert second.granted == first.granted
        assert second.code_path != first.code_path
        assert not first.apk.exists()
        assert (second.data_dir / "files/x").read_text() == "mine"
        with pytest.raises(InstallFailure, match="ALREADY_EXISTS"):
            await installer.install(apk, InstallFlags(replace_existing=False), STAGED)
        with pytest.raises(InstallFailure, match="VERSION_DOWNGRADE"):
            await installer.install(apk, InstallFlags(), STAGED)
        other = fake_apk(tmp_path / "3.apk", code=3, signer="bb")
        with pytest.raises(InstallFailure, match="UPDATE_INCOMPATIBLE"):
            await installer.install(other, InstallFlags(), STAGED)
        older = await installer.install(apk, InstallFlags(downgrade=True), STAGED)
        assert older.manifest.version_code == 1

    asyncio.run(scenario())
    assert table.get(PACKAGE) is not None


def test_removing(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    installer, table = make(tmp_path, FakeApkRoom())

    async def scenario() -> None:
        package = await installer.install(fake_apk(tmp_path / "1.apk"), InstallFlags(), STAGED)
        await installer.uninstall(PACKAGE, keep_data=True)
        assert package.data_dir.exists()
        assert not package.apk.exists()
        with pytest.raises(KeyError):
            await installer.uninstall(PACKAGE)
        with pytest.raises(KeyError):
            await installer.clear(PACKAGE)

    asyncio.run(scenario())
    assert list(table) == []
