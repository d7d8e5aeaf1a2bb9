"""Outputs as Android prints them: taken from AOSP's sources, the issues named in each test, and
adbutils' and appium-adb's own test data; shortened, never reworded."""

from __future__ import annotations

import pytest

from harness.device import readouts
from harness.device.facts import Foreground

DUMPSYS_PACKAGE = """\
Activity Resolver Table:
  Non-Data Actions:
      android.intent.action.MAIN:
        8d1b6a4 org.example.clinic/.SearchActivity filter 5b3d60d
Packages:
  Package [org.example.clinic] (a1b2c3d):
    userId=10123
    pkg=Package{4f5e6d7 org.example.clinic}
    codePath=/data/app/~~x==/org.example.clinic-y==
    versionCode=12 minSdk=26 targetSdk=34
    versionName=1.2.0-beta 3
    signatures=PackageSignatures{9c8b7a version:3, signatures:[1f2e3d], past signatures:[]}
    flags=[ DEBUGGABLE HAS_CODE ALLOW_CLEAR_USER_DATA ]
    requested permissions:
      android.permission.INTERNET
      android.permission.POST_NOTIFICATIONS
      android.permission.READ_EXTERNAL_STORAGE: restricted=true
    install permissions:
      android.permission.INTERNET: granted=true
    User 0: ceDataInode=1 installed=true hidden=false suspended=false
      runtime permissions:
        android.permission.POST_NOTIFICATIONS: granted=false, flags=[ USER_SENSITIVE_WHEN_GRANTED]
        android.permission.READ_EXTERNAL_STORAGE: granted=true, flags=[ USER_SET]

  Package [org.example.other] (0):
    versionCode=99
Queries:
"""


def test_package_dump_takes_only_its_own_block() -> None:
    dump = readouts.package_dump(DUMPSYS_PACKAGE, "org.example.clinic")
    assert dump is not None
    assert (dump.version_name, dump.version_code, dump.debuggable) == ("1.2.0-beta 3", 12, True)
    assert dump.uid == 10123
    assert dump.signer == "1f2e3d"
    assert dump.requested == (
        "android.permission.INTERNET",
        "android.permission.POST_NOTIFICATIONS",
        "android.permission.READ_EXTERNAL_STORAGE",
    )
    assert dump.granted == (
        "android.permission.INTERNET",
        "android.permission.READ_EXTERNAL_STORAGE",
    )
    other = readouts.package_dump(DUMPSYS_PACKAGE, "org.example.other")
    assert other is not None
    assert (other.version_code, other.debuggable, other.requested) == (99, False, ())
    assert readouts.package_dump("Unable to find package: org.example.no", "org.example.no") is None


def test_properties_with_line_breaks_and_brackets() -> None:
    text = "[ro.a]: [1]\r\n[ro.b]: []\n[persist.c]: [two\nlines]\n[d]: [x]: [y]\n"
    found = readouts.properties(text)
    assert found["ro.a"] == "1"
    assert found["ro.b"] == ""
    assert found["persist.c"] == "two\nlines"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # Android 14 with two displays: uiautomator2 issue 952, appium-adb issue 797
        (
            "  mCurrentFocus=null\n  mFocusedApp=null\n"
            "  mCurrentFocus=Window{b0c6e3c u0 org.example.clinic/.SearchActivity}\n"
            "  mCurrentFocus=null\n",
            Foreground("org.example.clinic", "org.example.clinic.SearchActivity"),
        ),
        (
            "mCurrentFocus=Window{1 u10 org.example/.Main}\n",
            Foreground("org.example", "org.example.Main"),
        ),
        (
            "mCurrentFocus=Window{a1 org.example/org.example.A}",
            Foreground("org.example", "org.example.A"),
        ),
        ("mCurrentFocus=Window{f3 u0 NotificationShade}\n", Foreground("NotificationShade", "")),
        ("mCurrentFocus=null\n", None),
        ("", None),
    ],
)
def test_foreground(text: str, wanted: Foreground | None) -> None:
    assert readouts.foreground(text) == wanted


@pytest.mark.parametrize(
    "line",
    [
        "    mResumedActivity: ActivityRecord{5a u0 org.example/.Main t12}",
        "  topResumedActivity=ActivityRecord{5a u0 org.example/.Main t12}",
        "  ResumedActivity: ActivityRecord{5a u0 org.example/.Main t12 d0}",
    ],
)
def test_resumed_activity(line: str) -> None:
    assert readouts.resumed_activity(line) == Foreground("org.example", "org.example.Main")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "  mShowRequested=true mInputShown=true\n  mIsInputViewShown=false mStatusIcon=0\n",
            False,
        ),
        ("  mInputShown=true\n  mIsInputViewShown=true\n", True),
        ("  mShowRequested=true mShowExplicitlyRequested=false mInputShown=true\n", True),
        ("  mInputShown=false\n", False),
        ("", False),
    ],
)
def test_keyboard_shown(text: str, shown: bool) -> None:
    assert readouts.keyboard_shown(text) is shown


def test_screen_size() -> None:
    assert readouts.screen_size("Physical size: 1080x2400\n") == (1080, 2400)
    override = "Physical size: 1080x2400\nOverride size: 720x1600\n"
    assert readouts.screen_size(override) == (720, 1600)
    turned = "  mViewports=[DisplayViewport{type=INTERNAL, valid=true, orientation=1, logical..."
    assert readouts.screen_size("Physical size: 1080x2400\n", turned) == (2400, 1080)
    assert readouts.screen_size("Physical size: 1080x2400\n", "orientation=2,") == (1080, 2400)
    assert readouts.screen_size("sh: wm: not found") is None


def test_paths_and_packages() -> None:
    paths = "package:/data/app/~~x==/p/split_config.de.apk\npackage:/data/app/~~x==/p/base.apk\n"
    assert readouts.package_paths(paths)[0].endswith("base.apk")
    assert readouts.package_paths("") == ()
    listed = "package:org.a\npackage:/data/app/~~a==/org.b-c==/base.apk=org.b\n"
    assert readouts.packages(listed) == ("org.a", "org.b")


@pytest.mark.parametrize(
    ("output", "failure"),
    [
        ("Success\n", None),
        ("Performing Streamed Install\nSuccess\n", None),
        (
            "Failure [INSTALL_FAILED_VERSION_DOWNGRADE: Downgrade detected]\n",
            "INSTALL_FAILED_VERSION_DOWNGRADE: Downgrade detected",
        ),
        (
            "\tpkg: /data/local/tmp/x.apk\nFailure [INSTALL_FAILED_OLDER_SDK]",
            "INSTALL_FAILED_OLDER_SDK",
        ),
        ("Error: Unable to open file: /x\n", "Error: Unable to open file: /x"),
        ("", "no output"),
        ("No Success here", "No Success here"),
    ],
)
def test_install_failure(output: str, failure: str | None) -> None:
    assert readouts.install_failure(output) == failure


def test_activity_start() -> None:
    started = "Starting: Intent { cmp=p/.A }\n"
    front = (
        "Starting: Intent { cmp=p/.A }\nWarning: Activity not started, its current task has been"
        " brought to the front\n"
    )
    missing = (
        "Starting: Intent { cmp=p/.B }\nError type 3\n"
        "Error: Activity class {p/p.B} does not exist.\n"
    )
    assert readouts.activity_start_error(started) is None
    assert readouts.activity_start_error(front) is None
    assert readouts.activity_start_error(missing) == (
        "Error type 3 Error: Activity class {p/p.B} does not exist."
    )
    refused = "java.lang.SecurityException: Permission Denial: starting Intent\n\tat android.os..."
    assert "Permission Denial" in (readouts.activity_start_error(refused) or "")
    assert readouts.activity_start_error("") is not None


def test_launcher_activity() -> None:
    resolved = "priority=0 preferredOrder=0 match=0x108000 isDefault=false\np.q/.Main$Inner\n"
    assert readouts.launcher_activity(resolved) == "p.q/.Main$Inner"
    assert readouts.launcher_activity("No activity found\n") is None


def test_pids() -> None:
    assert readouts.pids("4711 4712\n") == (4711, 4712)
    assert readouts.pids("") == ()


def test_broadcast_result() -> None:
    line = "Broadcasting: Intent { act=X flg=0x400000 (has extras) }\nBroadcast completed: "
    assert readouts.broadcast_result(line + 'result=-1, data="success"\n') == (-1, "success")
    assert readouts.broadcast_result(line + "result=0\n") == (0, "")
    assert readouts.broadcast_result("Broadcasting: Intent {}") is None


def test_png_is_cut_out_of_what_surrounds_it() -> None:
    """callstack/agent-device issue 184: foldables warn on stdout before the picture."""
    picture = b"\x89PNG\r\n\x1a\n....IEND\xaeB`\x82"
    warning = b"[Warning] Multiple displays were found, but no display id was specified!\n"
    assert readouts.png(warning + picture + b"\n") == picture
    assert readouts.png(picture[:-4]) is None
    assert readouts.png(b"") is None


@pytest.mark.parametrize(
    ("stdout", "stderr", "failed"),
    [
        ("UI hierchary dumped to: /data/local/tmp/leak-window.xml\n", "", ""),
        ("", "ERROR: could not get idle state.\n", "could not get idle state"),
        ("", "ERROR: null root node returned by UiTestAutomationBridge.\n", "null root node"),
        ("Killed\n", "", "Killed"),
        ("", "", "no output"),
        (
            "",
            "java.lang.IllegalStateException: UiAutomationService x already registered!",
            "stop it",
        ),
    ],
)
def test_dump_failure(stdout: str, stderr: str, failed: str) -> None:
    found = readouts.dump_failure(stdout, stderr)
    assert (found is None) if not failed else (found is not None and failed in found)


def test_sha256() -> None:
    assert readouts.sha256("a" * 64 + "  /data/app/base.apk\n") == "a" * 64
    assert readouts.sha256("sha256sum: /x: No such file or directory") == ""


PS = """\
USER           PID NAME
root             1 init
u0_a123       4321 org.example.clinic
u0_a123       4400 org.example.clinic:remote
u0_a123       4401 its.own.name
u0_i12        4402 com.google.android.webview:sandboxed_process0:org.chromium.content.app
u0_a124       4500 org.example.clinic.other
"""


def test_processes_of_an_app_are_those_of_its_user() -> None:
    found = readouts.processes_of(PS, "org.example.clinic")
    assert found == (
        (4321, "org.example.clinic"),
        (4400, "org.example.clinic:remote"),
        (4401, "its.own.name"),
    )
    assert readouts.processes_of(PS, "org.example.gone") == ()
    assert readouts.processes_of("", "org.example.clinic") == ()
