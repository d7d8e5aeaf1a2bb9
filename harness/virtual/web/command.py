"""The command line and the environment of one browser.

Pure: paths and values in, argv and environment out. What leads all traffic to the proxy, keeps the
browser from talking by itself, and makes it look like a web view of the device is in the table of
flags (https://peter.sh/experiments/chromium-command-line-switches/ lists them with their sources).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from harness.virtual.toolchain.chromium import Chromium

PROFILE = "app_webview"
"""Folder of the app's data directory, as on Android."""

_QUIET = (
    "AutofillServerCommunication", "CertificateTransparencyComponentUpdater",
    "DialMediaRouteProvider", "AutoupgradeMixedContent",
    "InterestFeedContentSuggestions", "MediaRouter", "NetworkTimeServiceQuerying",
    "OptimizationHints", "Translate",
)  # fmt: skip
_FLAGS = (
    "--headless",
    "--no-sandbox",  # the guard's filter stands in for it; there is no zygote to set one up
    "--no-zygote",
    "--in-process-gpu",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    # One renderer, as WebView has by default; also lets one CDP session see all frames of a page.
    "--disable-site-isolation-trials",
    # A frame that keeps its target while it navigates, so that no request is missed in between; and
    # no pages that come back frozen, which WebView has not either.
    f"--disable-features=RenderDocument,BackForwardCache,{','.join(_QUIET)}",
    "--disable-background-networking",
    "--disable-client-side-phishing-detection",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-breakpad",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--proxy-bypass-list=<-loopback>",
    # The proxy resolves; whatever would ask by itself gets no answer.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--touch-events=enabled",
    "--hide-scrollbars",
    "--block-new-web-contents",  # the app decides about windows
    "--allow-running-insecure-content",  # the web view's own setting decides
    "--autoplay-policy=user-gesture-required",
    "--remote-debugging-pipe",
    "--remote-debugging-port=0",
)


@dataclass(frozen=True, slots=True)
class BrowserSettings:
    """What differs from browser to browser.

    Args:
        data_dir: the app's data directory; the profile lies in it.
        private_dir: folder that goes with the process.
        proxy: `host:port` of the SOCKS5 proxy.
        trusted_key: base64 of the SHA-256 of the authority's SubjectPublicKeyInfo, the only
            authority whose sites are trusted besides the browser's own.
        fonts: folder with the device's fonts.
        density: pixels per density-independent pixel.
        locale: BCP 47 tag.
        timezone: name in the Olson database, empty: the machine's.
        user_agent: see `useragent`.
    """

    data_dir: Path
    private_dir: Path
    proxy: str
    trusted_key: str
    fonts: Path
    density: float
    locale: str
    timezone: str
    user_agent: str


def command_line(chromium: Chromium, wanted: BrowserSettings) -> list[str]:
    """The argv; its remote debugging pipe is on descriptors 3 and 4."""
    language = wanted.locale.partition("-")[0]
    return [
        str(chromium.program),
        *_FLAGS,
        f"--user-data-dir={wanted.data_dir / PROFILE}",
        f"--proxy-server=socks5://{wanted.proxy}",
        f"--ignore-certificate-errors-spki-list={wanted.trusted_key}",
        f"--force-device-scale-factor={wanted.density:g}",
        f"--user-agent={wanted.user_agent}",
        f"--lang={wanted.locale}",
        f"--accept-lang={wanted.locale},{language}",
        "about:blank",
    ]


def environment(chromium: Chromium, wanted: BrowserSettings) -> Mapping[str, str]:
    """Nothing of the user's environment but PATH, so that no setting of his desktop has a say."""
    made = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(wanted.private_dir),
        "TMPDIR": str(wanted.private_dir),
        "LANG": "C.UTF-8",
        "LANGUAGE": wanted.locale.replace("-", "_"),
        "FONTCONFIG_FILE": str(wanted.private_dir / "fonts.conf"),
    }
    if chromium.libraries is not None:
        made["LD_LIBRARY_PATH"] = str(chromium.libraries)
    if wanted.timezone:
        made["TZ"] = wanted.timezone
    return made


def fonts_conf(wanted: BrowserSettings) -> str:
    """Fontconfig's file: the device's fonts and no others.

    Without any font the browser ends at the first text. The names are Android's own defaults
    (AOSP `data/fonts/fonts.xml`).
    """
    defaults = {"sans-serif": "Roboto", "serif": "Noto Serif", "monospace": "Droid Sans Mono"}
    aliases = "".join(
        f"<alias binding='same'><family>{family}</family><prefer><family>{font}</family></prefer>"
        "</alias>"
        for family, font in defaults.items()
    )
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{escape(str(wanted.fonts))}</dir>"
        f"<cachedir>{escape(str(wanted.fonts.parent / 'fontconfig'))}</cachedir>"
        f"{aliases}</fontconfig>"
    )
