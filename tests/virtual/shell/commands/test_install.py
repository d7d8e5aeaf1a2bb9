"""APKs by path and streamed."""

from __future__ import annotations

from harness.virtual.shell.commands.install import parse
from tests.virtual.fakes.apks import fake_apk
from tests.virtual.fakes.shell import PACKAGE, ShellRig


def test_a_stream_that_breaks_off(rig: ShellRig) -> None:
    done = rig("cmd package install -S 1000", b"too short")
    assert done.out.startswith("Failure [INSTALL_FAILED_INVALID_APK")
    assert list((rig.device.folder / "staging").iterdir()) == []


def test_several_paths_are_one_package(rig: ShellRig) -> None:
    folder = rig.device.files.root / "data/local/tmp"
    for name in ("base", "de"):
        fake_apk(folder / f"{name}.apk", split=name.removeprefix("base"))
    assert rig("cd /data/local/tmp && pm install base.apk de.apk").out == "Success\n"
    assert [line.rpartition("/")[2] for line in rig(f"pm path {PACKAGE}").out.splitlines()] == [
        "base.apk",
        "split_de.apk",
    ]
    done = rig("pm install /data/local/tmp/de.apk")
    assert done.out == (
        "Failure [INSTALL_FAILED_INVALID_APK: Full install must include a base package]\n"
    )


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
