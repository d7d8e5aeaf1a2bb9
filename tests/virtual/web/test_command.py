"""The browser's command line: what must be in it for its containment and for its looks."""

from __future__ import annotations

import dataclasses
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from harness.virtual.toolchain.chromium import Chromium
from harness.virtual.web.command import BrowserSettings, command_line, environment, fonts_conf

BUNDLED = Chromium(Path("/cache/chromium"), Path("/cache/lib"), "147.0.7727.0")
WANTED = BrowserSettings(
    data_dir=Path("/data/app"),
    private_dir=Path("/tmp/app-1/browser"),
    proxy="127.0.0.1:9050",
    trusted_key="a2V5",
    fonts=Path("/cache/fonts & co"),
    density=2.0,
    locale="de-DE",
    timezone="Europe/Berlin",
    user_agent="Mozilla/5.0 (Linux; Android 14; wv)",
)


def test_everything_is_led_to_the_proxy() -> None:
    argv = command_line(BUNDLED, WANTED)
    assert argv[0] == "/cache/chromium"
    assert {
        "--proxy-server=socks5://127.0.0.1:9050",
        "--proxy-bypass-list=<-loopback>",
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
        "--disable-quic",
        "--disable-background-networking",
        "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
        "--ignore-certificate-errors-spki-list=a2V5",
    } <= set(argv)


def test_it_looks_like_the_device() -> None:
    argv = command_line(BUNDLED, WANTED)
    assert {
        "--user-data-dir=/data/app/app_webview",
        "--force-device-scale-factor=2",
        "--user-agent=Mozilla/5.0 (Linux; Android 14; wv)",
        "--lang=de-DE",
        "--accept-lang=de-DE,de",
    } <= set(argv)


def test_nothing_of_the_users_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    made = environment(BUNDLED, WANTED)
    assert "https_proxy" not in made
    assert made["LD_LIBRARY_PATH"] == "/cache/lib"
    assert made["TZ"] == "Europe/Berlin"
    installed = Chromium(Path("/usr/lib/chromium/chromium"), None, "150.0.0.1")
    bare = environment(installed, dataclasses.replace(WANTED, timezone=""))
    assert not {"LD_LIBRARY_PATH", "TZ"} & set(bare)


def test_fonts_are_the_devices() -> None:
    root = ElementTree.fromstring(fonts_conf(WANTED))
    assert [element.text for element in root.iter("dir")] == ["/cache/fonts & co"]
