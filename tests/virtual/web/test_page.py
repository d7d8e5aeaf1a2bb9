"""A page of the virtual internet in Android's own WebView: shown, found over adb, gone."""

from __future__ import annotations

import io
import json
import re
import urllib.request

import pytest
from PIL import Image

from .conftest import PACKAGE, WebDevice, eventually

pytestmark = [pytest.mark.device, pytest.mark.xdist_group("virtual-web")]

HOME = "https://page.example/"


def test_a_page_is_shown(web_device: WebDevice) -> None:
    web_device.load(HOME)
    assert f"started {HOME}" in web_device.logs()
    image = Image.open(io.BytesIO(web_device.png())).convert("RGB")
    reds = [
        (x, y)
        for y in range(0, image.height, 4)
        for x in range(0, image.width, 4)
        if image.getpixel((x, y)) == (255, 0, 0)
    ]
    assert (min(x for x, _ in reds), max(x for x, _ in reds)) == (200, 296), "100 CSS pixels x 2"
    assert image.getpixel((800, 1700)) == (255, 238, 221)


def test_the_devtools_socket_is_a_phones(web_device: WebDevice) -> None:
    web_device.load(HOME)
    pid = web_device.pid()
    name = f"webview_devtools_remote_{pid}"
    assert f"@{name}" in web_device.adb.text("shell", "cat /proc/net/unix")
    port = web_device.adb.text("forward", "tcp:0", f"localabstract:{name}").strip()

    def get(path: str) -> object:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return json.load(answer)

    version = get("/json/version")
    assert isinstance(version, dict)
    assert version["Android-Package"] == PACKAGE
    assert re.fullmatch(r"Chrome/\d+\.\d+\.\d+\.\d+", version["Browser"])
    assert "; wv)" in version["User-Agent"]

    def described() -> dict[str, object]:
        pages = get("/json/list")
        assert isinstance(pages, list)
        if [page["url"] for page in pages] != [HOME]:  # one of before is about to close
            return {}
        return dict(json.loads(pages[0]["description"]))

    eventually(lambda: described().get("visible"))
    assert described()["width"] == 822


def test_the_socket_is_closed_when_the_app_says_so(web_device: WebDevice) -> None:
    web_device.load(HOME)
    web_device.command("settings", "debugging-off")
    listing = "cat /proc/net/unix"
    eventually(lambda: "devtools" not in web_device.adb.text("shell", listing))
    web_device.command("settings", "debugging-on")
    eventually(lambda: "devtools" in web_device.adb.text("shell", listing))


def test_the_browser_ends_with_the_app_and_its_profile_with_its_data(
    web_device: WebDevice,
) -> None:
    web_device.load(HOME)
    assert web_device.browsers()
    web_device.adb.text("shell", f"am force-stop {PACKAGE}")
    assert web_device.browsers() == []
    kept = web_device.adb.text("shell", f"run-as {PACKAGE} ls app_webview")
    assert "Default" in kept
    web_device.load(HOME)
    web_device.adb.text("shell", f"pm clear {PACKAGE}")
    assert web_device.browsers() == []
    assert web_device.adb("shell", f"run-as {PACKAGE} ls app_webview").returncode != 0
