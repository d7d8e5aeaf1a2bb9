"""`pm install-create` to `-commit`, with splits and without."""

from __future__ import annotations

import re
from pathlib import Path

from tests.virtual.fakes.apks import fake_apk
from tests.virtual.fakes.shell import PACKAGE, Done, ShellRig


def create(rig: ShellRig, words: str = "") -> str:
    created = rig(f"pm install-create {words}").out
    number = re.fullmatch(r"Success: created install session \[(\d+)\]\n", created)
    assert number is not None
    return number.group(1)


def write(rig: ShellRig, session: str, apk: Path) -> Done:
    data = apk.read_bytes()
    return rig(f"pm install-write -S {len(data)} {session} {apk.name} -", data)


def installed(rig: ShellRig) -> list[str]:
    return [line.rpartition("/")[2] for line in rig(f"pm path {PACKAGE}").out.splitlines()]


def nothing_left(rig: ShellRig) -> bool:
    folder = rig.device.folder / "staging"
    return not folder.exists() or list(folder.iterdir()) == []


def test_a_session_from_create_to_commit(rig: ShellRig, tmp_path: Path) -> None:
    apk = fake_apk(tmp_path / "a.apk")
    session = create(rig, f"-r -S {apk.stat().st_size}")
    wrote = write(rig, session, apk)
    assert wrote.out == f"Success: streamed {apk.stat().st_size} bytes\n"
    assert rig(f"pm install-commit {session}").out == "Success\n"
    assert rig.device.packages.get(PACKAGE) is not None
    again = rig(f"pm install-commit {session}")
    assert again.code == 255
    assert f"Caller has no access to session {session}" in again.err
    assert nothing_left(rig)


def test_splits_are_installed_added_and_removed(rig: ShellRig, tmp_path: Path) -> None:
    session = create(rig)
    for name in ("de", "", "camera"):
        write(rig, session, fake_apk(tmp_path / f"{name}.apk", split=name))
    assert rig(f"pm install-commit {session}").out == "Success\n"
    assert installed(rig) == ["base.apk", "split_camera.apk", "split_de.apk"]
    assert "    splits=[base, camera, de]\n" in rig(f"dumpsys package {PACKAGE}").out
    started = rig(f"am start -W -n {PACKAGE}/.camera.SplitActivity").out
    assert "Status: ok" in started

    session = create(rig, f"-p {PACKAGE}")
    write(rig, session, fake_apk(tmp_path / "fr.apk", split="fr"))
    assert rig(f"pm install-remove {session} de").out == "Success\n"
    assert rig(f"pm install-commit {session}").out == "Success\n"
    assert installed(rig) == ["base.apk", "split_camera.apk", "split_fr.apk"]

    assert rig(f"pm uninstall {PACKAGE} fr").out == "Success\n"
    assert installed(rig) == ["base.apk", "split_camera.apk"]
    done = rig(f"pm uninstall {PACKAGE} fr")
    assert done.out == "Failure [INSTALL_FAILED_INVALID_APK: Split not found: fr]\n"
    assert nothing_left(rig)


def test_what_a_session_refuses(rig: ShellRig, tmp_path: Path) -> None:
    session = create(rig)
    assert rig(f"pm install-commit {session}").out == (
        "Failure [INSTALL_FAILED_INVALID_APK: Full install must include a base package]\n"
    )
    session = create(rig, "-p org.example.none")
    write(rig, session, fake_apk(tmp_path / "de.apk", "org.example.none", split="de"))
    assert rig(f"pm install-commit {session}").out == (
        "Failure [INSTALL_FAILED_INVALID_APK: Missing existing base package for org.example.none]\n"
    )
    session = create(rig)
    outside = rig(f"pm install-write -S 1 {session} ../../x.apk -", b"x")
    assert outside.code == 255
    assert "IllegalArgumentException: Invalid name: ../../x.apk" in outside.err
    assert rig(f"pm install-remove {session} de").code == 255
    assert rig("pm install-write -S 1 12 a.apk -", b"x").code == 255
    rig(f"pm install-abandon {session}")
    assert nothing_left(rig)


def test_a_session_that_is_given_up(rig: ShellRig, tmp_path: Path) -> None:
    session = create(rig)
    write(rig, session, fake_apk(tmp_path / "a.apk"))
    assert rig(f"pm install-abandon {session}").out == "Success\n"
    assert nothing_left(rig)
