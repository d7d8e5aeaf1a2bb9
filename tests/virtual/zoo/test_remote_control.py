"""First contacts of tools that bring a server of their own: each is refused in clear words.

uiautomator2 is the real client. The others come from no registry that has their device part; their
commands are those of their public sources on GitHub:

- Genymobile/scrcpy, `app/src/server.c` and `app/src/adb/adb_tunnel.c`
- mobile-dev-inc/Maestro, `maestro-client/src/main/java/maestro/drivers/AndroidDriver.kt`
- appium/appium-adb, `lib/tools/app-commands.ts`, and appium/appium-uiautomator2-driver,
  `lib/uiautomator2-server/core.ts`
"""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.virtual.shell.commands.runtime import NO_ART
from tests.virtual.zoo.conftest import ACTIVITY, PACKAGE, Program
from tests.virtual.zoo.rows import LIMITED, REFUSED, shows

pytestmark = [pytest.mark.device, pytest.mark.xdist_group("zoo")]

SETTINGS = "io.appium.settings"
UNKNOWN_RUNNER = "Unable to find instrumentation info for: ComponentInfo"


@shows("uiautomator2 3.7", "`uiautomator2.connect(SERIAL)`", REFUSED, f"`app_process: {NO_ART}`")
def test_uiautomator2(zoo_python: Callable[[str], str], adb36: Program) -> None:
    said = zoo_python("""
import uiautomator2
try:
    uiautomator2.connect(SERIAL)
except uiautomator2.exceptions.LaunchUiAutomationError as error:
    print(error)
""")
    assert f"app_process: {NO_ART}" in said
    adb36("shell", "rm -f /data/local/tmp/u2.jar")


@shows(
    "scrcpy 3 (its adb commands)",
    "push of the server, tunnel, `app_process`",
    REFUSED,
    f"the push works, `reverse` is refused, so scrcpy falls back to `forward`, whose connections "
    f"end without a byte; then `app_process: {NO_ART}`",
)
def test_scrcpy(adb_client: Program, tmp_path: Path) -> None:
    server = tmp_path / "scrcpy-server"
    server.write_bytes(b"PK\x03\x04" + bytes(90_000))
    target = "/data/local/tmp/scrcpy-server.jar"
    assert adb_client("push", server, target).returncode == 0
    name = "localabstract:scrcpy_1234abcd"
    tunnel = adb_client("reverse", name, "tcp:27183")
    assert tunnel.returncode == 1
    assert "bad forward" in tunnel.stderr or "localabstract" in tunnel.stderr
    port = int(adb_client("forward", "tcp:0", name).stdout)
    words = (f"CLASSPATH={target}", "app_process", "/", "com.genymobile.scrcpy.Server", "3.1")
    options = ("scid=1234abcd", "log_level=info", "tunnel_forward=true")
    done = adb_client("shell", *words, *options)
    assert (done.returncode, done.stderr) == (126, f"app_process: {NO_ART}\n")
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        assert connection.recv(1) == b""
    adb_client("forward", "--remove", f"tcp:{port}")
    adb_client("shell", f"rm {target}")


@shows(
    "Maestro (its adb commands)",
    "install with `-g`, `am instrument`, the driver's port",
    REFUSED,
    "the install works, then `INSTRUMENTATION_FAILED` with the reason; its port has no listener",
)
def test_maestro(adb36: Program, clinic_apk: Path) -> None:
    assert "Success" in adb36("install", "-r", "-g", clinic_apk).stdout
    assert f"package:{PACKAGE}" in adb36("shell", "pm list packages").stdout
    assert adb36("shell", "getprop ro.build.version.sdk").stdout == "34\n"
    line = (
        "am instrument -w -m -e debug false "
        "-e class 'dev.mobile.maestro.MaestroDriverService#grpcServer' -e port 7001 "
    )
    absent = adb36(
        "shell", line + "dev.mobile.maestro.test/androidx.test.runner.AndroidJUnitRunner"
    )
    assert absent.returncode == 1
    assert UNKNOWN_RUNNER in absent.stdout
    assert "INSTRUMENTATION_FAILED" in absent.stderr
    background = adb36(
        "shell", line + "dev.mobile.maestro.test/androidx.test.runner.AndroidJUnitRunner &\n"
    )
    assert UNKNOWN_RUNNER in background.stdout
    present = adb36("shell", line + f"{PACKAGE}/androidx.test.runner.AndroidJUnitRunner")
    assert present.returncode == 1
    assert NO_ART in present.stdout
    port = int(adb36("forward", "tcp:0", "tcp:7001").stdout)
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        assert connection.recv(1) == b""
    adb36("forward", "--remove", f"tcp:{port}")


@shows(
    "appium-adb (its adb commands)",
    "start of a UiAutomator2 session",
    LIMITED,
    "all questions are answered and the app is started; the server's `am instrument` is refused",
)
def test_appium(adb36: Program) -> None:
    def ask(line: str) -> str:
        return adb36("shell", line).stdout.strip()

    assert ask("echo ping") == "ping"
    assert ask("getprop ro.build.version.sdk") == "34"
    assert ask("getprop ro.build.version.release") == "14"
    assert ask("getprop sys.boot_completed") == "1"
    assert ask("wm size").startswith("Physical size: ")
    assert ask("wm density").startswith("Physical density: ")
    assert f"Unable to find package: {SETTINGS}" in ask(f"dumpsys package {SETTINGS}")
    assert "versionName=2.4.1" in ask(f"dumpsys package {PACKAGE}")
    hidden = " && ".join(
        f"settings put global {name} 1"
        for name in ("hidden_api_policy_pre_p_apps", "hidden_api_policy_p_apps")
    )
    assert adb36("shell", hidden).returncode == 0
    assert ask("settings get global hidden_api_policy_p_apps") == "1"
    assert adb36("shell", f"pm clear {PACKAGE}").stdout == "Success\n"
    adb36("shell", f"am force-stop {PACKAGE}")
    resolved = ask(f"cmd package resolve-activity --brief {PACKAGE}").splitlines()
    assert resolved[-1] == ACTIVITY
    started = ask(
        f"am start-activity -W -n {ACTIVITY} -S -a android.intent.action.MAIN "
        "-c android.intent.category.LAUNCHER -f 0x10200000"
    )
    assert "Status: ok" in started
    assert "mCurrentFocus=Window{" in ask("dumpsys window displays")
    assert PACKAGE in ask("dumpsys window displays")
    assert ask(f"pgrep -f {PACKAGE} || pidof {PACKAGE}").isdigit()
    server = "io.appium.uiautomator2.server.test/androidx.test.runner.AndroidJUnitRunner"
    assert server not in ask("pm list instrumentation")
    options = "--no-window-animation -e disableAnalytics true"
    refused = adb36("shell", f"am instrument -w {options} {server}")
    assert refused.returncode == 1
    assert UNKNOWN_RUNNER in refused.stdout


@shows("scripts that read settings", "`content query --uri content://settings/...`")
def test_content(adb36: Program) -> None:
    wanted = adb36("shell", "settings get secure android_id").stdout.strip()
    line = (
        "content query --uri content://settings/secure --projection value "
        "--where \"name='android_id'\""
    )
    assert adb36("shell", line).stdout == f"Row: 0 value={wanted}\n"


@shows("monkey", "random events", REFUSED, "only `monkey -p PACKAGE -c CATEGORY 1` is supported")
def test_monkey(adb36: Program) -> None:
    done: subprocess.CompletedProcess[str] = adb36("shell", f"monkey -p {PACKAGE} 500")
    assert done.returncode != 0
    assert "only `monkey -p PACKAGE -c CATEGORY 1` is supported" in done.stderr
