"""`pm`: texts and statuses; adb's own client in `tests/virtual/test_adb_client.py` agrees."""

from __future__ import annotations

import pytest

from tests.virtual.fakes.apks import fake_apk
from tests.virtual.fakes.shell import PACKAGE, ShellRig

CAMERA = "android.permission.CAMERA"


def test_listing_and_paths(rig: ShellRig) -> None:
    rig.install()
    rig.install("org.other.app")
    assert rig("pm list packages").out == f"package:{PACKAGE}\npackage:org.other.app\n"
    assert rig("pm list packages clinic").out == f"package:{PACKAGE}\n"
    path = rig(f"pm path {PACKAGE}").out
    assert path.startswith("package:/data/app/~~")
    assert path.endswith("/base.apk\n")
    assert (rig("pm path org.none").out, rig("pm path org.none").code) == ("", 1)
    assert rig("cmd package list packages -s").out == ""


def test_clear_empties_the_data_and_takes_grants_back(rig: ShellRig) -> None:
    rig.install()
    file = rig.device.files.root / "data/data" / PACKAGE / "files/x"
    file.write_text("kept until clear")
    app = rig.start()
    done = rig(f"pm clear {PACKAGE}")
    assert (done.out, done.code) == ("Success\n", 0)
    assert not file.exists()
    assert not app.alive
    package = rig.device.packages.get(PACKAGE)
    assert package is not None
    assert CAMERA not in package.granted
    assert (rig("pm clear org.none").err, rig("pm clear org.none").code) == ("Failed\n", 1)


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (
            f"pm grant {PACKAGE} android.permission.READ_SMS",
            f"java.lang.SecurityException: Package {PACKAGE} has not requested permission "
            "android.permission.READ_SMS",
        ),
        (
            f"pm revoke {PACKAGE} android.permission.INTERNET",
            "java.lang.SecurityException: Permission android.permission.INTERNET requested by "
            f"{PACKAGE} is not a changeable permission type",
        ),
        (
            "pm grant org.none android.permission.CAMERA",
            "java.lang.IllegalArgumentException: Unknown package: org.none",
        ),
    ],
)
def test_grants_that_are_refused(rig: ShellRig, line: str, error: str) -> None:
    rig.install()
    done = rig(line)
    verb = line.split()[1]
    assert done.err == f"\nException occurred while executing '{verb}':\n{error}\n"
    assert done.code == 255


def test_grants_reach_a_running_app_and_taking_them_ends_it(rig: ShellRig) -> None:
    rig.install()
    rig(f"pm revoke {PACKAGE} {CAMERA}")
    app = rig.start()
    assert app.spec is not None
    assert CAMERA not in app.spec.permissions
    assert rig(f"pm grant {PACKAGE} {CAMERA}").code == 0
    assert ("set_permission", CAMERA, True) in app.calls
    rig(f"pm revoke {PACKAGE} {CAMERA}")
    assert not app.alive


def test_installing_from_a_file_that_is_not_there(rig: ShellRig) -> None:
    done = rig("pm install /data/local/tmp/none.apk")
    assert done.err.startswith("Error: Unable to open file: /data/local/tmp/none.apk\n")
    assert done.code == 1


def test_failures_of_an_installation(rig: ShellRig) -> None:
    rig.install(code=5)
    tmp = rig.device.files.root / "data/local/tmp"
    fake_apk(tmp / "old.apk", code=4)
    fake_apk(tmp / "other.apk", code=6, signer="bb" * 32)
    (tmp / "broken.apk").write_bytes(b"PK no")
    for name, text in {
        "old": "INSTALL_FAILED_VERSION_DOWNGRADE: Downgrade detected: Update version code 4 is "
        "older than current 5",
        "other": f"INSTALL_FAILED_UPDATE_INCOMPATIBLE: Existing package {PACKAGE} signatures do "
        "not match newer version; ignoring!",
    }.items():
        done = rig(f"pm install -r /data/local/tmp/{name}.apk")
        assert (done.out, done.code) == (f"Failure [{text}]\n", 1)
    broken = rig("pm install /data/local/tmp/broken.apk")
    assert broken.out.startswith("Failure [INSTALL_PARSE_FAILED_NOT_APK: ")
    assert "/data/app/vmdl" in broken.out
    assert rig("pm install -d /data/local/tmp/old.apk").out == "Success\n"


def test_uninstall(rig: ShellRig) -> None:
    rig.install()
    data = rig.device.files.root / "data/data" / PACKAGE
    assert rig(f"pm uninstall -k {PACKAGE}").out == "Success\n"
    assert data.is_dir()
    rig.install()
    assert rig(f"cmd package uninstall {PACKAGE}").out == "Success\n"
    assert not data.exists()
    done = rig(f"pm uninstall {PACKAGE}")
    assert (done.out, done.code) == ("Failure [DELETE_FAILED_INTERNAL_ERROR]\n", 1)


def test_unknown_verbs(rig: ShellRig) -> None:
    assert (rig("pm frobnicate").err, rig("pm frobnicate").code) == (
        "Unknown command: frobnicate\n",
        255,
    )
