"""Code of class loaders that an app makes while it runs: a real OkHttp 3 in a real HotSpot 17."""

from __future__ import annotations

import pytest

from harness.clock import SystemClock, wait_until
from harness.traffic.exchange import Layer
from harness.virtual.toolchain import artifacts
from tests.agent.conftest import Hooked, Net, attached
from tests.agent.portal import Portal
from tests.agent.target import running

pytestmark = [pytest.mark.device, pytest.mark.xdist_group("agent-on-jvm")]

INTERCEPT = "okhttp3.internal.http.CallServerInterceptor.intercept"


def test_an_http_client_of_another_loader_is_hooked_beside_the_apps_own(
    net: Net, local: Portal
) -> None:
    with running("okhttp-4") as target:
        session = attached(local, target)
        hooked = Hooked(target, session, net)

        def late() -> set[str]:
            report = session.report()
            return {each.target for each in report.hooks
                    if each.state == "installed" and each.target.startswith(INTERCEPT)}  # fmt: skip

        assert late() == {INTERCEPT}
        jars = ":".join(map(str, artifacts("okhttp-3")))
        assert target.tell("load", "-", jars) == "ok loaded"
        assert wait_until(SystemClock(), lambda: len(late()) == 2, 30)
        assert target.tell("late", f"{net.http}/plugin?q=1") == "ok 200"
        assert target.tell("get", f"{net.http}/own?q=1").startswith("ok 200")
        assert target.tell("collect") == "ok collected"
        for path in ("/plugin", "/own"):
            exchange = hooked.only(path)
            assert exchange.seen_by == (Layer.JAVA_HTTP, Layer.SOCKET)
            assert exchange.response is not None
        report = session.report()
        assert (report.errors, report.lost) == ((), 0)
        assert not [each for each in report.hooks if each.state == "failed"]
        session.close()
