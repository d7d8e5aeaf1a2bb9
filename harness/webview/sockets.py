"""Which DevTools sockets a device has open. Pure.

Input: the text of `/proc/net/unix`. Output: process ids of apps whose web view may be watched: a
debuggable app's, or one that called `WebView.setWebContentsDebuggingEnabled(true)` (Chromium,
`android_webview/browser/aw_devtools_server.cc`).
"""

from __future__ import annotations

import re

NAME = re.compile(r"@webview_devtools_remote_(\d+)\s*$", re.MULTILINE)
LIST_COMMAND = ("cat", "/proc/net/unix")


def watchable(text: str) -> frozenset[int]:
    return frozenset(int(pid) for pid in NAME.findall(text))


def socket_of(pid: int) -> str:
    """What `adb forward` takes as its remote end."""
    return f"localabstract:webview_devtools_remote_{pid}"
