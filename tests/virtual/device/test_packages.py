"""The table of packages and what it remembers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from harness.virtual.device.packages import Package, PackageTable, Split, initial_grants
from tests.virtual.fakes.apks import FakeApkRoom, fake_apk, manifest_of


def package(apk: Path, uid: int) -> Package:
    manifest = manifest_of(apk)
    return Package(
        manifest=manifest,
        signers=("aa",),
        uid=uid,
        code_path="/data/app/x",
        apk=apk,
        jar=apk,
        data_dir=apk.parent,
        installer="",
        installed_ms=1,
        updated_ms=2,
        granted=initial_grants(manifest),
    )


def test_records_survive(tmp_path: Path) -> None:
    uids: dict[str, int] = {}
    table = PackageTable(tmp_path / "t.json", FakeApkRoom(), uids)
    record = package(fake_apk(tmp_path / "a.apk"), table.next_uid())
    table.put(record)
    assert uids == {record.name: record.uid}
    again = PackageTable(tmp_path / "t.json", FakeApkRoom(), {})
    assert list(again) == [record]
    split = fake_apk(tmp_path / "split_de.apk", split="de")
    with_split = again.change(record.name, splits=(Split("de", split, split),))
    assert with_split.device_apks == ("/data/app/x/a.apk", "/data/app/x/split_de.apk")
    found = PackageTable(tmp_path / "t.json", FakeApkRoom(), {}).get(record.name)
    assert found is not None
    assert found.splits == with_split.splits
    assert f"{record.name}.de.SplitActivity" in [a.name for a in found.manifest.activities]
    again.change(record.name, splits=())
    assert again.next_uid() == record.uid + 1
    again.change(record.name, stopped=False)
    assert PackageTable(tmp_path / "t.json", FakeApkRoom(), {}).get(record.name) == (
        replace(record, stopped=False)
    )
    again.remove(record.name)
    assert list(PackageTable(tmp_path / "t.json", FakeApkRoom(), {})) == []


def test_what_is_granted_at_installation(tmp_path: Path) -> None:
    manifest = manifest_of(fake_apk(tmp_path / "a.apk"))
    internet, camera = "android.permission.INTERNET", "android.permission.CAMERA"
    assert initial_grants(manifest) == {internet}
    assert initial_grants(manifest, runtime=True) == {internet, camera}
    assert initial_grants(replace(manifest, target_sdk=22)) == {internet, camera}
