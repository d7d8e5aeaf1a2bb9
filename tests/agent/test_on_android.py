"""The agent in the real Android framework, by adb and Frida as on a phone.

The witness of the device's internet, which shares nothing with the hooks, is the reference.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.agent.messages import FocusedField
from harness.agent.selfcheck import is_check
from harness.agent.session import AgentSession, SpawnUnsupported
from harness.clock import SystemClock, wait_until
from harness.detection.engine import Engine
from harness.device.launch import Launched, launch
from harness.device.providers import DeviceRequest, ProvidedDevice, open_device
from harness.device.screen import Screen
from harness.device.selectors import Selector
from harness.traffic.exchange import Body, Exchange, Kind, Layer
from harness.virtual.apk import build_app

pytestmark = [pytest.mark.device, pytest.mark.xdist_group("agent-on-android")]

PACKAGE = "org.example.sender"
WORD = "hépatite 😀 e\u0301 肝炎 %s & 100 %"
PIECES = ("h", "é", "patite", " 😀 ", "e\u0301", " 肝炎 %s", " & 100 %")
BODY = f"word={WORD}".encode()
LIMIT_S = 120
NOT_READ = ("/enqueued?q=", "/posted")
"""Requests whose answers the app closes unread."""


@dataclass
class Bench:
    provided: ProvidedDevice
    launched: Launched[AgentSession]
    screen: Screen

    @property
    def session(self) -> AgentSession:
        return self.launched.session

    def seen(self, path: str) -> Exchange:
        assert self.session.flush(LIMIT_S)
        found = [each for each in self.session.exchanges() if path in each.request.url]
        assert len(found) == 1, found
        return found[0]


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    clock = SystemClock()
    provided = open_device(DeviceRequest("virtual"), clock)
    try:
        provided.device.install(build_app(Path(__file__).with_name("app"), "plain"))
        launched = launch(provided.device, PACKAGE, agents=AgentSession, clock=clock)
        made = Bench(provided, launched, Screen(provided.device, clock))
        yield made
        launched.session.close()
    finally:
        provided.close()


@pytest.fixture(scope="module")
def typed(bench: Bench) -> FocusedField:
    """The word in the field, committed piece by piece as a keyboard would."""
    bench.screen.tap_on(Selector(id="field"))
    for piece in PIECES:
        bench.session.commit_text(piece)
    field = bench.session.focused_field()
    assert field is not None
    return field


@pytest.fixture(scope="module")
def sent(bench: Bench, typed: FocusedField) -> Bench:
    """Everything has been sent."""
    assert typed.text == WORD
    assert bench.session.editor_action(3)
    bench.screen.wait_visible(Selector(text="done"))
    return bench


def test_hooks_of_the_framework_are_in_force_before_the_app(bench: Bench) -> None:
    assert bench.launched.strategy == "debugger-gate"
    report = bench.session.report()
    assert not [each for each in report.hooks if each.layer == "ipc" and each.state != "installed"]
    installed = {status.target for status in report.hooks if status.state == "installed"}
    for part in (
        "com.android.okhttp.internal.http.HttpEngine.sendRequest",
        "org.conscrypt.ConscryptEngineSocket$SSLOutputStream.write([B,int,int)",
        "okhttp3.internal.http.CallServerInterceptor.intercept",
        "android.os.Handler.handleMessage",
        "android.os.Handler.enqueueMessage",
    ):
        assert part in installed
    assert (report.lost, report.errors, report.detached) == (0, (), "")
    assert not [status for status in report.hooks if status.state == "failed"]


def test_the_self_check_goes_every_way_and_is_no_exchange(bench: Bench) -> None:
    checks = {check.way: check for check in bench.session.report().checks}
    ways = {way for way, check in checks.items() if check.sent and check.seen}
    assert ways == {"platform", "okhttp3", "tls-Conscrypt", "socket"}
    for exchanges in (bench.session.exchanges(), bench.provided.witness_exchanges() or ()):
        assert not [each for each in exchanges if is_check(each)]
    assert not bench.provided.witness_gaps()
    fired = dict(bench.session.report().fired)
    assert fired["com.android.okhttp.internal.http.HttpEngine.sendRequest"] == 0


def test_no_field_has_the_focus_at_first(bench: Bench) -> None:
    field = bench.session.focused_field()
    assert field is None or field.text == ""


def test_typed_text_is_read_back_exactly(typed: FocusedField) -> None:
    assert typed.text == WORD
    assert (typed.hint, typed.password) == ("Suche", False)
    assert typed.class_name == "android.widget.EditText"
    assert typed.resource_id == f"{PACKAGE}:id/field"


@pytest.mark.parametrize(
    ("path", "layers", "body"),
    [
        ("/get?q=", (Layer.JAVA_HTTP, Layer.TLS), b""),
        ("/buffered", (Layer.JAVA_HTTP, Layer.TLS), BODY),
        ("/fixed", (Layer.JAVA_HTTP, Layer.TLS), BODY),
        ("/chunked", (Layer.JAVA_HTTP, Layer.TLS), BODY),
        ("/clear?q=", (Layer.JAVA_HTTP, Layer.SOCKET), b""),
        ("/enqueued?q=", (Layer.JAVA_HTTP, Layer.TLS), b""),
        ("/posted", (Layer.JAVA_HTTP, Layer.TLS), BODY),
        ("/raw", (Layer.TLS,), WORD.encode()),
    ],
)
def test_each_way_of_sending(
    sent: Bench, path: str, layers: tuple[Layer, ...], body: bytes
) -> None:
    exchange = sent.seen(path)
    assert exchange.seen_by == layers
    assert (exchange.request.body.data, exchange.request.body.unread) == (body, "")
    assert exchange.process == PACKAGE
    if Layer.JAVA_HTTP in layers:
        assert exchange.response is not None
        assert exchange.response.status == 200
        if path not in NOT_READ:
            assert exchange.response.body == Body.of(b"{}")
    assert any(f"{PACKAGE}.MainActivity." in frame for frame in exchange.stack.all_frames)


def test_the_stack_goes_back_to_the_search_key(sent: Bench) -> None:
    """From the thread pool to the handler's message to the editor action, two threads back."""
    for path in ("/get?q=", "/fixed", "/enqueued?q="):
        frames = sent.seen(path).stack.all_frames
        assert any(f"{PACKAGE}.MainActivity.onSearch(" in frame for frame in frames), frames


def test_what_the_app_encrypted_is_read(sent: Bench) -> None:
    exchange = sent.seen("/encrypted")
    (sighting,) = Engine([WORD]).scan(exchange).sightings
    assert sighting.decoding[:2] == ("base64", "AES/GCM/NoPadding")
    assert WORD.encode() not in exchange.request.body.data


def test_a_datagram_that_the_device_refuses_is_recorded(sent: Bench) -> None:
    (seen,) = [each for each in sent.session.exchanges() if each.host == "udp.sender.example"]
    assert (seen.kind, seen.port, seen.request.body.data) == (Kind.DATAGRAM, 9, WORD.encode())
    assert any(f"{PACKAGE}.MainActivity.refused(" in frame for frame in seen.stack.frames)


def test_a_name_that_is_looked_up_and_never_connected_to_is_recorded(sent: Bench) -> None:
    (seen,) = [each for each in sent.session.exchanges() if each.host == "hepatitis.tunnel.example"]
    assert (seen.kind, seen.request.method) == (Kind.DATAGRAM, "DNS")
    asked = {each.host for each in sent.session.exchanges() if each.request.method == "DNS"}
    assert "sink.sender.example" not in asked


@pytest.mark.parametrize(
    ("layer", "package", "host", "method", "text"),
    [
        (Layer.SDK_API, "", "", "track", '"query\\":\\"hépatite'),
        (Layer.IPC, "com.google.android.gms", "", "sendBroadcast", '"q":"hépatite'),
        (Layer.IPC, "com.other.words", "", "insert", "q=hépatite"),
        (Layer.IPC, "android.content.ClipboardManager", "", "setPrimaryClip", '"hépatite'),
        (Layer.IPC, "", "web.sender.example", "startActivityForResult", "q=h%C3%A9patite"),
    ],
)
def test_each_way_of_handing_over(
    sent: Bench, layer: Layer, package: str, host: str, method: str, text: str
) -> None:
    assert sent.session.flush(LIMIT_S)
    handed = [each for each in sent.session.exchanges() if each.kind is Kind.HANDOVER]
    (found,) = [each for each in handed if text in each.request.body.data.decode()
                and each.request.method == method]  # fmt: skip
    assert (found.seen_by, found.package, found.host) == ((layer,), package, host)
    assert found.stack.frames[0].endswith(f".{method}(hooked)")
    assert any(f"{PACKAGE}.MainActivity.handOver(" in frame for frame in found.stack.frames)


def test_what_goes_to_the_app_itself_is_no_hand_over(sent: Bench) -> None:
    handed = [each for each in sent.session.exchanges() if Layer.IPC in each.seen_by]
    assert not [each for each in handed if b"a.b.D" in each.request.body.data]
    assert not [each for each in handed if each.package == PACKAGE]


def test_an_sdk_sends_at_once_when_its_own_flush_is_called(sent: Bench) -> None:
    def events() -> list[Exchange]:
        assert sent.session.flush(LIMIT_S)
        return [
            each
            for each in sent.session.exchanges()
            if each.host == "api.mixpanel.com" and "/track" in each.request.url
        ]

    before = len(events())
    (asked,) = sent.session.flush_sdks()
    assert (asked.sdk, asked.asked, asked.error) == ("Mixpanel Android", 1, "")
    assert wait_until(SystemClock(), lambda: len(events()) > before, LIMIT_S)
    assert sent.session.report().errors == ()


def test_hooks_and_witness_agree(sent: Bench) -> None:
    def requests(exchanges: tuple[Exchange, ...]) -> set[tuple[str, str, bytes]]:
        return {
            (each.request.method, each.request.url, each.request.body.data)
            for each in exchanges
            if each.host.endswith(".sender.example") and each.kind is Kind.HTTP
        }

    assert sent.session.flush(LIMIT_S)
    hooks = requests(sent.session.exchanges())
    assert len(hooks) == 9
    assert wait_until(
        SystemClock(), lambda: requests(sent.provided.witness_exchanges() or ()) == hooks, LIMIT_S
    )


def test_the_field_is_emptied_and_a_password_is_known(sent: Bench) -> None:
    sent.session.clear_text()
    field = sent.session.focused_field()
    assert field is not None
    assert field.text == ""
    sent.screen.tap_on(Selector(id="secret"))
    secret = sent.session.focused_field()
    assert secret is not None
    assert (secret.password, secret.resource_id) == (True, f"{PACKAGE}:id/secret")


def test_spawn_is_said_to_be_unsupported(bench: Bench) -> None:
    with pytest.raises(SpawnUnsupported):
        AgentSession.spawn(
            bench.provided.serial,
            PACKAGE,
            adb_port=bench.provided.adb_port,
            clock=SystemClock(),
        )
