"""Which DevTools sockets are open, by a kernel's own list."""

from __future__ import annotations

from harness.webview.sockets import socket_of, watchable

LISTED = """\
Num       RefCount Protocol Flags    Type St Inode Path
0000000000000000: 00000002 00000000 00010000 0001 01 31338 @webview_devtools_remote_5021
0000000000000000: 00000002 00000000 00010000 0001 01 22814 /dev/socket/logdw
0000000000000000: 00000003 00000000 00000000 0001 03 31339 @webview_devtools_remote_5022
0000000000000000: 00000002 00000000 00010000 0001 01 40000 @chrome_devtools_remote
"""


def test_sockets_of_web_views() -> None:
    assert watchable(LISTED) == {5021, 5022}
    assert watchable("") == frozenset()
    assert socket_of(5021) == "localabstract:webview_devtools_remote_5021"
