"""Install sessions and streamed APKs."""

from __future__ import annotations

import re
from pathlib import Path

from harness.virtual.shell.commands.install import parse
from tests.virtual.fakes.apks import fake_apk
from tests.virtual.fakes.shell import PACKAGE, ShellRig


def test_a_session_from_create_to_commit(rig: ShellRig, tmp_path: Path) -> None:
    data = fake_apk(tmp_path / "a.apk").read_bytes()
    created = rig(f"pm install-create -r -S {len(data)}").out
    number = re.fullmatch(r"Success: created install session \[(\d+)\]\n", created)
    assert number is not None
    session = number.group(1)
    wrote = rig(f"pm install-write -S {len(data)} {session} a.apk -", data)
    assert wrote.out == f"Success: streamed {len(data)} bytes\n"
    assert rig(f"pm install-commit {session}").out == "Success\n"
    assert rig.device.packages.get(PACKAGE) is not None
    assert rig(f"pm install-commit {session}").code == 255
    assert list((rig.device.folder / "staging").iterdir()) == []


def test_a_session_that_is_given_up(rig: ShellRig, tmp_path: Path) -> None:
    data = fake_apk(tmp_path / "a.apk").read_bytes()
    session = rig("pm install-create").out.split("[")[1].split("]")[0]
    rig(f"pm install-write -S {len(data)} {session} a.apk", data)
    assert rig(f"pm install-abandon {session}").out == "Success\n"
    assert list((rig.device.folder / "staging").iterdir()) == []


def test_a_stream_that_breaks_off(rig: ShellRig) -> None:
    done = rig("cmd package install -S 1000", b"too short")
    assert done.out.startswith("Failure [INSTALL_FAILED_INVALID_APK")
    assert list((rig.device.folder / "staging").iterdir()) == []


def test_an_update_ends_the_app_and_keeps_its_data(rig: ShellRig) -> None:
    rig.install()
    app = rig.start()
    file = rig.device.files.root / "data/data" / PACKAGE / "files/x"
    file.write_text("mine")
    rig.install(code=2)
    assert not app.alive
    assert file.read_text() == "mine"


def test_options() -> None:
    options = parse(["-r", "-t", "-g", "--user", "0", "-i", "org.store", "-S", "12", "-"])
    assert options.flags.grant_all
    assert options.flags.installer == "org.store"
    assert (options.size_bytes, options.paths) == (12, ["-"])
    assert parse(["-Rd", "x"]).flags.downgrade
    assert not parse(["-R", "x"]).flags.replace_existing
