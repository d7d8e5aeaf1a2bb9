"""The agent in a real HotSpot 17 with real OkHttp 3, 4 and 5, JSSE and HttpURLConnection.

What reached the local servers, and what the program itself got back, is the reference that neither
side of the agent wrote.
"""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from harness.agent.session import AgentSession
from harness.clock import Deadline, SystemClock
from harness.errors import LabError
from harness.findings.coverage import layer_states
from harness.traffic.exchange import Body, Exchange, Kind, Layer
from harness.traffic.message import header
from tests.agent.conftest import ATTACH_TIMEOUT_S, FLUSH_TIMEOUT_S, Hooked, Net, attached
from tests.agent.portal import Portal
from tests.agent.target import running

pytestmark = [pytest.mark.device, pytest.mark.xdist_group("agent-on-jvm")]

CLEAR = (Layer.JAVA_HTTP, Layer.SOCKET)
SECURE = (Layer.JAVA_HTTP, Layer.TLS)


def names(exchange: Exchange, method: str) -> bool:
    """Whether the stack, or that of whoever scheduled the work, has this method of the target."""
    return any(f"org.example.target.Target.{method}(" in f for f in exchange.stack.all_frames)


def test_hooks_that_this_runtime_must_have(hooked: Hooked) -> None:
    report = hooked.session.report()
    assert (report.runtime, report.pid, report.errors) == ("jvm", hooked.target.pid, ())
    installed = {status.target for status in report.hooks if status.state == "installed"}
    assert "okhttp3.internal.http.CallServerInterceptor.intercept" in installed
    assert "sun.nio.ch.NioSocketImpl.write" in installed
    assert "sun.security.ssl.SSLSocketImpl$AppOutputStream.write([B,int,int)" in installed
    assert any("Sink.write" in target for target in installed)
    assert any("AsyncCall" in target for target in installed)
    assert any("okhttp3.Dispatcher.enqueue" in target for target in installed)
    assert not [status for status in report.hooks if status.state == "failed"]


def test_garbage_collection_after_hooking_does_not_hang(hooked: Hooked) -> None:
    assert hooked.target.tell("collect") == "ok collected"


def test_get_in_clear_and_in_tls(hooked: Hooked) -> None:
    for base, layers in ((hooked.net.http, CLEAR), (hooked.net.https, SECURE)):
        url = f"{base}/find{len(base)}?q=h%C3%A9patite"
        assert hooked.target.tell("get", url).startswith("ok 200 ")
        exchange = hooked.only(f"/find{len(base)}")
        assert exchange.seen_by == layers
        assert exchange.request.url == url
        assert exchange.request.method == "GET"
        assert header(exchange.request.headers, "user-agent").startswith("okhttp/")
        assert exchange.response is not None
        assert exchange.response.status == 200
        if hooked.reads_answers:
            assert exchange.response.body == Body.of(b"0 bytes")
        assert names(exchange, "run")
        assert abs(exchange.started_s - time.time()) < 60


def test_post_with_a_body_outside_the_bmp(hooked: Hooked) -> None:
    text = "hépatite e\u0301 😀 肝炎 %s"
    answer = hooked.target.tell("post", f"{hooked.net.https}/post", text)
    assert answer.endswith(f"{len(text.encode())} bytes")
    exchange = hooked.only("/post")
    assert exchange.request.body.data == text.encode()
    assert exchange.request.body.unread == ""
    assert exchange.seen_by == SECURE


def test_a_one_shot_body_is_read_as_it_flows(hooked: Hooked) -> None:
    size = 3_000_001
    answer = hooked.target.tell("once", f"{hooked.net.http}/once", str(size))
    assert answer.endswith(f"{size} bytes")
    body = hooked.only("/once").request.body
    assert (len(body.data), body.unread) == (size, "")
    assert body.data == bytes(i % 251 for i in range(size))


@pytest.mark.parametrize(
    ("way", "caller"),
    [
        ("enqueue", "enqueueFromSearch"),
        ("submit", "submitFromSearch"),
        ("nested", "nestedFromSearch"),
        ("execute", "run"),
        ("thread", "run"),
        ("supply", "run"),
        ("schedule", "run"),
    ],
)
def test_the_stack_names_the_caller_across_threads(hooked: Hooked, way: str, caller: str) -> None:
    assert hooked.target.tell(way, f"{hooked.net.http}/by-{way}").startswith("ok 200 ")
    exchange = hooked.only(f"/by-{way}")
    assert exchange.seen_by == CLEAR
    assert exchange.stack.origins
    assert any(
        f"Target.{caller}(" in frame for origin in exchange.stack.origins for frame in origin
    )


def test_http_url_connection_by_its_bytes(hooked: Hooked) -> None:
    hooked.target.tell("huc", f"{hooked.net.http}/huc?q=covid")
    clear = hooked.only("/huc?q=covid")
    assert (clear.kind, clear.seen_by, clear.request.method) == (Kind.HTTP, (Layer.SOCKET,), "GET")
    assert names(clear, "connection")
    hooked.target.tell("huc", f"{hooked.net.https}/hucs", "q=hépatite")
    secure = hooked.only("/hucs")
    assert (secure.seen_by, secure.request.method) == ((Layer.TLS,), "POST")
    assert secure.request.url == f"{hooked.net.https}/hucs"
    assert secure.request.body.data == "q=hépatite".encode()
    assert secure.host == "localhost"


def test_bytes_of_no_known_protocol(hooked: Hooked) -> None:
    hooked.target.tell("raw", hooked.net.raw, "MQTT-like cancer")
    clear = hooked.only("MQTT-like")
    assert (clear.kind, clear.seen_by, clear.encrypted) == (Kind.STREAM, (Layer.SOCKET,), False)
    hooked.target.tell("raw", hooked.net.raw_tls, "in secret: cancer")
    secure = hooked.only("in secret")
    assert (secure.kind, secure.seen_by, secure.encrypted) == (Kind.STREAM, (Layer.TLS,), True)
    assert names(secure, "raw")


def test_http2_frames_and_the_http_layer_are_one(hooked: Hooked) -> None:
    assert hooked.target.tell("prior", f"{hooked.net.two}/two", "term=hépatite").endswith(" two")
    exchange = hooked.only("/two")
    assert exchange.seen_by == CLEAR
    assert exchange.request.body.data == "term=hépatite".encode()


def test_websocket_messages(hooked: Hooked) -> None:
    assert (
        hooked.target.tell("socket", f"{hooked.net.chat}/chat", "hépatite 😀") == "ok closed 1000"
    )
    kinds = {exchange.kind for exchange in hooked.seen("/chat")}
    assert kinds == {Kind.HTTP, Kind.WEBSOCKET}
    (message,) = [each for each in hooked.seen("/chat") if each.kind is Kind.WEBSOCKET]
    assert message.request.body.data == "hépatite 😀".encode()


def test_no_encrypted_bytes_are_left_unexplained(hooked: Hooked) -> None:
    hooked.target.tell("get", f"{hooked.net.https}/explained")
    assert hooked.session.flush(FLUSH_TIMEOUT_S)
    unexplained = [
        each for each in hooked.session.exchanges() if "not hooked" in each.request.body.unread
    ]
    assert unexplained == []


def test_a_thousand_requests_and_none_lost(hooked: Hooked) -> None:
    assert hooked.target.tell("many", f"{hooked.net.http}/many", "1000") == "ok 1000"
    found = hooked.seen("/many?n=")
    assert {each.request.url.partition("?")[2] for each in found} == {f"n={i}" for i in range(1000)}
    assert len(found) == 1000
    assert {each.seen_by for each in found} == {CLEAR}
    report = hooked.session.report()
    assert (report.lost, report.errors) == (0, ())
    assert dict(report.fired)["okhttp3.internal.http.CallServerInterceptor.intercept"] >= 1000


def test_quiet_begins_anew_with_each_event(hooked: Hooked) -> None:
    hooked.target.tell("get", f"{hooked.net.http}/noise")
    assert hooked.session.flush(FLUSH_TIMEOUT_S)
    assert hooked.session.quiet_for_s() < 5


def test_typing_needs_an_android_app(hooked: Hooked) -> None:
    with pytest.raises(LabError, match="commit_text failed") as caught:
        hooked.session.commit_text("x")
    assert "android.os.Handler" in caught.value.seen


@pytest.mark.parametrize(
    ("without", "unseen"),
    [
        ("okhttp", {"okhttp3"}),
        ("tls", {"tls-SunJSSE"}),
        ("sockets", {"socket"}),
        ("origins", set[str]()),
    ],
)
def test_a_missing_hook_table_is_noticed_by_the_self_check(
    local: Portal, without: str, unseen: set[str]
) -> None:
    with running("okhttp-4") as target:
        session = attached(local, target, without=(without,))
        checks = session.report().checks
        assert {check.way for check in checks if check.sent and not check.seen} == unseen
        assert {check.way for check in checks if check.sent} == {"okhttp3", "tls-SunJSSE", "socket"}
        layers = layer_states(session.report().hooks, {}, checks=checks)
        dead = {state.detail for state in layers if state.in_use and not state.installed}
        assert dead == {f"a self-check through {way} was sent and not seen" for way in unseen}
        assert session.exchanges() == ()
        session.close()


def test_the_app_gets_what_it_would_get_without_hooks(net: Net, local: Portal) -> None:
    """Answers and exceptions with hooks off, on, and off again."""
    commands = [
        ("get", f"{net.http}/same", ""),
        ("post", f"{net.https}/same", "term"),
        ("post", f"{net.http}/drop", "term"),
        ("get", "http://127.0.0.1:1/refused", ""),
        ("huc", f"{net.http}/drop", "term"),
        ("once", f"{net.http}/same", "70000"),
        ("raw", net.raw, "bytes"),
    ]
    with running("okhttp-4") as target:

        def answers() -> list[str]:
            return [target.tell(*command) for command in commands]

        answers()  # connections are pooled from here on
        before = answers()
        session = attached(local, target)
        during = answers()
        assert session.report().errors == ()
        session.close()
        target.tell("collect")
        after = answers()
    assert any(answer.startswith("threw ") for answer in before)
    assert during == before
    assert after == before


def test_a_killed_process_is_reported(net: Net, local: Portal) -> None:
    with running("okhttp-4") as target:
        session = attached(local, target)
        target.tell("get", f"{net.http}/last")
        assert session.flush(FLUSH_TIMEOUT_S)
        target.process.kill()
        deadline = time.monotonic() + 30
        while not session.report().detached:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert session.report().detached == "process-terminated"
        assert [each.request.url for each in session.exchanges()] == [f"{net.http}/last"]
        assert not session.flush(1)
        with pytest.raises(LabError):
            session.focused_field()
        session.close()
        session.close()


def test_a_process_that_is_not_there(local: Portal) -> None:
    deadline = Deadline.after(SystemClock(), 0.2)
    with pytest.raises(LabError, match="cannot attach") as caught:
        AgentSession.through(local.endpoint(), 2**22 - 1, process="nobody", deadline=deadline)
    assert "nobody" in caught.value.where


def test_a_process_without_java(local: Portal) -> None:
    # It must do something: a process that only waits never runs what Frida injects.
    busy = "import time\nprint('up', flush=True)\nwhile True: time.sleep(0.01)"
    with subprocess.Popen([sys.executable, "-c", busy], stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"up\n"
            local.join(process.pid)
            deadline = Deadline.after(SystemClock(), ATTACH_TIMEOUT_S)
            with pytest.raises(LabError, match=r"start failed|become ready"):
                AgentSession.through(
                    local.endpoint(), process.pid, process="python", deadline=deadline
                )
        finally:
            process.kill()
