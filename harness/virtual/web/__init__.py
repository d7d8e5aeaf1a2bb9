"""The engine behind `android.webkit.WebView`: one Chromium for each app that opens a web page.

The Java side (`org.leakharness.host.web`) asks for it over a Unix socket beside the app process and
then speaks the Chrome DevTools protocol with it over that same socket. This room finds or fetches
the browser, starts it contained and led to the device's proxy, keeps its profile in the app's data
directory, ends it with the app, and offers its devtools socket to adb as a phone does.
"""

from __future__ import annotations

from harness.virtual.web.broker import Broker, Browsers
from harness.virtual.web.devtools import local_abstract, socket_lines

__all__ = ["Broker", "Browsers", "local_abstract", "socket_lines"]
