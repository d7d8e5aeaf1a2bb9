"""The agent opens the DevTools of a web view whose app has closed them.

The device's own list of sockets is the reference: `tests/virtual/web` shows that without an agent
the socket is gone when the app says so, and never there for an app that is not debuggable.
"""

from __future__ import annotations

import pytest

from harness.agent.session import AgentSession
from harness.clock import SystemClock
from harness.device.adb import AdbServer
from harness.webview.sockets import LIST_COMMAND, watchable
from tests.virtual.web.conftest import PACKAGE, WebDevice, eventually

pytestmark = [pytest.mark.device, pytest.mark.xdist_group("virtual-web")]

SWITCH = "android.webkit.WebView.setWebContentsDebuggingEnabled"


def test_pages_of_an_app_that_closes_them_can_be_watched(web_device: WebDevice) -> None:
    web_device.load("https://page.example/")
    adb = AdbServer(web_device.adb.server_port).device(web_device.machine.serial)
    pid = web_device.pid()
    session = AgentSession.attach(
        web_device.machine.serial,
        pid,
        process=PACKAGE,
        adb_port=web_device.adb.server_port,
        clock=SystemClock(),
    )
    try:
        web_device.command("settings", "debugging-off")
        eventually(lambda: dict(session.report().fired).get(SWITCH, 0) > 0)
        eventually(lambda: pid in watchable(adb.shell(LIST_COMMAND).stdout))
        assert session.report().errors == ()
    finally:
        session.close()
