"""adb clients written in Python: through an adb server, or speaking to the device themselves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import adbutils
import pytest

from harness.device.server import PrivateServer
from harness.virtual.daemon import VirtualDevice
from tests.virtual.zoo.conftest import PACKAGE, Program
from tests.virtual.zoo.rows import LIMITED, REFUSED, shows

pytestmark = [pytest.mark.device, pytest.mark.xdist_group("zoo")]

ADBUTILS, PURE, ADB_SHELL = "adbutils 2.12", "pure-python-adb 0.3", "adb-shell 0.4 (no server)"
Python = Callable[[str], str]


@pytest.fixture
def device(
    adb36: Program, adb_server: PrivateServer, zoo_device: VirtualDevice
) -> adbutils.AdbDevice:
    return adbutils.AdbClient("127.0.0.1", adb_server.port).device(zoo_device.serial)


@shows(ADBUTILS, "`shell`, `shell2`, `prop`, `window_size`, `app_current`, `battery`, `rotation`")
def test_adbutils_asks(device: adbutils.AdbDevice, clinic_pid: int) -> None:
    assert device.shell("echo hi") == "hi"
    assert device.shell2("echo e >&2; exit 3", v2=True).returncode == 3
    assert device.prop.get("ro.build.version.sdk") == "34"
    assert min(device.window_size()) > 0
    assert device.app_current().package == PACKAGE
    assert device.battery().level == 100
    assert device.rotation() == 0


@shows(ADBUTILS, "`sync`, `install`, `app_info`, `app_start`, `dump_hierarchy`, `screenshot`")
def test_adbutils_drives(device: adbutils.AdbDevice, clinic_apk: Path, tmp_path: Path) -> None:
    device.sync.push(b"data", "/sdcard/f")
    assert device.sync.read_bytes("/sdcard/f") == b"data"
    device.install(str(clinic_apk), nolaunch=True, silent=True)
    info = device.app_info(PACKAGE)
    assert info is not None
    assert info.version_name == "2.4.1"
    device.app_start(PACKAGE)
    assert PACKAGE in device.dump_hierarchy()
    picture = device.screenshot()
    assert picture.size == device.window_size()
    device.app_stop(PACKAGE)


@shows(PURE, "list, `shell`, `push`, `pull`, `install`, `screencap`, `forward`, `input_*`, `wm_*`")
def test_pure_python_adb(zoo_python: Python, clinic_apk: Path) -> None:
    said = zoo_python(f"""
import os
from ppadb.client import Client
client = Client("127.0.0.1", SERVER)
assert SERIAL in [d.serial for d in client.devices()]
d = client.device(SERIAL)
assert d.shell("echo hi") == "hi\\n"
data = os.urandom(300000)
open(FOLDER + "/a", "wb").write(data)
d.push(FOLDER + "/a", "/sdcard/a")
d.pull("/sdcard/a", FOLDER + "/b")
assert open(FOLDER + "/b", "rb").read() == data
assert d.install({str(clinic_apk)!r}, reinstall=True)
assert d.is_installed("{PACKAGE}")
assert not d.is_installed("org.example.none")
assert d.screencap().startswith(b"\\x89PNG")
d.forward("tcp:0", "tcp:27042")
d.killforward_all()
d.input_tap(5, 5); d.input_keyevent(3); d.input_swipe(1, 1, 2, 2, 50)
assert d.wm_size().width > 0 and d.wm_density() > 0
assert d.get_battery_level() == 100
assert d.cpu_count() >= 1 and d.cpu_times().total() >= 0
assert "android.hardware.wifi" in d.list_features()
print("all", d.get_properties()["ro.build.version.sdk"])
""")
    assert said == "all 34\n"


@shows(
    PURE,
    "`reverse`",
    REFUSED,
    "`bad forward: tcp:1:tcp:2`: this client sends a colon where the protocol has a semicolon",
)
def test_pure_python_adb_reverse(zoo_python: Python) -> None:
    said = zoo_python("""
from ppadb.client import Client
try:
    Client("127.0.0.1", SERVER).device(SERIAL).reverse("tcp:15999", "tcp:9")
except RuntimeError as error:
    print(error)
""")
    assert "bad forward: tcp:15999:tcp:9" in said


@shows(ADB_SHELL, "connect, `shell`, `streaming_shell`, `exec_out`, `list`, `stat`, push, pull")
def test_adb_shell(zoo_python: Python) -> None:
    said = zoo_python("""
import os
from adb_shell.adb_device import AdbDeviceTcp
d = AdbDeviceTcp("127.0.0.1", PORT, default_transport_timeout_s=30.)
assert d.connect(rsa_keys=[], auth_timeout_s=1)
assert d.shell("echo h\u00e4llo") == "h\u00e4llo\\n"
assert d.exec_out("echo x") == "x\\n"
assert list(d.streaming_shell("getprop ro.build.version.sdk")) == ["34\\n"]
data = os.urandom(3000000)
open(FOLDER + "/a", "wb").write(data)
d.push(FOLDER + "/a", "/sdcard/k")
assert d.stat("/sdcard/k")[1] == len(data)
assert b"k" in [entry.filename for entry in d.list("/sdcard")]
d.pull("/sdcard/k", FOLDER + "/b")
assert open(FOLDER + "/b", "rb").read() == data
d.close()
print("all")
""")
    assert said == "all\n"


@shows(
    ADB_SHELL,
    "push and pull of what may not be written or is not there",
    LIMITED,
    "FAIL with the reason; one that comes while a large push is under way is dropped by this "
    "client, which then runs into its timeout",
)
def test_adb_shell_failures(zoo_python: Python) -> None:
    said = zoo_python("""
from adb_shell.adb_device import AdbDeviceTcp
from adb_shell.exceptions import AdbCommandFailureException, PushFailedError
d = AdbDeviceTcp("127.0.0.1", PORT, default_transport_timeout_s=30.)
d.connect(rsa_keys=[], auth_timeout_s=1)
try:
    d.pull("/nope", FOLDER + "/nope")
except AdbCommandFailureException as error:
    print(error)
open(FOLDER + "/small", "w").write("x")
try:
    d.push(FOLDER + "/small", "/system/nope")
except PushFailedError as error:
    print(error)
assert d.shell("echo on") == "on\\n"
d.close()
""")
    assert "open failed: No such file or directory" in said
    assert "Read-only file system" in said
