"""The device room against a booted virtual device: real adb, real framework, real agent.

One device for the module; each test leaves the app stopped or started as it likes and brings it up
itself. What the hooks saw is compared with what the witness saw, which neither of them knows of.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from harness.agent.session import AgentSession
from harness.cli.doctor import command as doctor
from harness.clock import SystemClock, wait_until
from harness.device.hands import Hands
from harness.device.launch import Launched
from harness.device.providers import DeviceRequest, ProvidedDevice, open_device
from harness.device.readouts import PNG_START
from harness.device.screen import Screen
from harness.device.selectors import Selector
from harness.errors import LabError, ScenarioError
from harness.scenario.model import Typing, TypingMethod
from harness.virtual.apk import build_app

pytestmark = [pytest.mark.device, pytest.mark.xdist_group("virtual-device-room")]

CLINIC = Path(__file__).parents[2] / "scenarios" / "apps" / "clinic"
PACKAGE = "org.example.clinic"
FIELD = Selector(id="search_field")


@dataclass
class Bench:
    """A booted device with the sample app, and what acts on it."""

    provided: ProvidedDevice
    screen: Screen
    hands: Hands[AgentSession]
    clock: SystemClock

    def start(self, *, consent: str = "consent_reject") -> Launched[AgentSession]:
        launched = self.hands.launch(
            PACKAGE, clear_state=True, stop_app=True, permissions=(("all", "allow"),)
        )
        self.screen.tap_on(Selector(id=consent))
        return launched

    def host_seen(self, launched: Launched[AgentSession], host: str) -> set[tuple[str, str]]:
        launched.session.flush()
        seen = launched.session.exchanges()
        return {(e.request.method, e.request.url) for e in seen if e.host == host}

    def witnessed(self, host: str) -> set[tuple[str, str]]:
        seen = self.provided.witness_exchanges() or ()
        return {(e.request.method, e.request.url) for e in seen if e.host == host}


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    clock = SystemClock()
    internet = (CLINIC.parents[1] / "clinic" / "internet",)
    provided = open_device(DeviceRequest("virtual", scenario_internet=internet), clock)
    try:
        device = provided.device
        device.install(build_app(CLINIC, "leaky"))
        screen = Screen(device, clock)
        yield Bench(provided, screen, Hands(device, screen, AgentSession, clock), clock)
    finally:
        provided.close()
    with pytest.raises(LabError):
        provided.device.shell("true")


def test_the_device_tells_what_it_is(bench: Bench) -> None:
    info = bench.provided.device.info
    assert (info.provider, info.api_level, info.android_version) == ("virtual", 34, "14")
    assert bench.provided.capabilities >= {"witness", "internet"}
    assert bench.provided.adb_port != 5037
    kinds = {identifier.kind for identifier in bench.provided.known_identifiers()}
    assert "android-id" in kinds
    assert bench.provided.witness_down() == ""
    app = bench.provided.device.app_info(PACKAGE)
    assert (app.version_name, len(app.sha256), app.debuggable) == ("2.4.1", 64, True)
    width, height = bench.provided.device.screen_size
    assert height > width > 300


def test_typed_word_is_read_back_submitted_and_seen_by_hooks_and_witness(bench: Bench) -> None:
    launched = bench.start(consent="consent_accept")
    try:
        assert launched.strategy == "debugger-gate"
        bench.screen.tap_on(FIELD)
        typed = bench.hands.type_text(launched.session, "hépatite 😀", Typing())
        assert (typed.method, typed.arrived, typed.confirmed) == ("frida", "hépatite 😀", True)
        bench.hands.erase(launched.session, 2)
        assert bench.hands.submit_search(launched.session) == "editor action"
        bench.screen.wait_visible(Selector(text="Ergebnisse.*hépatite.*"))
        query = ("GET", "https://api.clinic.example/v1/search?q=h%C3%A9patite")
        assert query in bench.witnessed("api.clinic.example")
        assert wait_until(
            bench.clock, lambda: query in bench.host_seen(launched, "api.clinic.example"), 10
        )
        assert bench.provided.witness_gaps() == ()
        assert bench.provided.device.crash_of(PACKAGE, 0) is None
    finally:
        launched.session.close()


def test_keys_type_ascii_and_erase_takes_it_back(bench: Bench) -> None:
    launched = bench.start()
    try:
        bench.screen.tap_on(FIELD)
        keys = Typing(method=TypingMethod.KEYS, delay_ms=0)
        typed = bench.hands.type_text(None, "cancer 100% is", keys)
        assert (typed.method, typed.arrived, typed.confirmed) == ("keys", "cancer 100% is", True)
        bench.hands.erase(None, 8)
        field = launched.session.focused_field()
        assert field is not None
        assert field.text == "cancer"
        bench.hands.erase(None, None)
        field = launched.session.focused_field()
        assert field is not None
        assert field.text == ""
        refused = bench.hands.type_text(None, "é", keys)
        assert (refused.confirmed, refused.attempts) == (False, ("keys: no key types 'é'",))
    finally:
        launched.session.close()


def test_screenshot_home_and_back(bench: Bench) -> None:
    launched = bench.start()
    try:
        device = bench.provided.device
        assert device.screenshot().startswith(PNG_START)
        assert device.foreground().package == PACKAGE
        device.home()
        assert device.foreground().package != PACKAGE
        assert device.pid_of(PACKAGE) == launched.pid
        device.shell(["am", "start", "-n", f"{PACKAGE}/.SearchActivity"])
        assert wait_until(bench.clock, lambda: device.foreground().package == PACKAGE, 20)
        device.back()
        assert wait_until(bench.clock, lambda: device.foreground().package != PACKAGE, 20)
        device.force_stop(PACKAGE)
        assert device.pid_of(PACKAGE) is None
    finally:
        launched.session.close()


def test_the_internet_is_switched_while_the_device_runs(bench: Bench, tmp_path: Path) -> None:
    nobody = {"doctors": [], "results": []}
    (tmp_path / "api.clinic.example.yaml").write_text(f"- json: {nobody}\n")
    bench.provided.use_internet([tmp_path])
    launched = bench.start()
    try:
        bench.screen.tap_on(FIELD)
        bench.hands.type_text(launched.session, "grippe", Typing(delay_ms=0))
        bench.hands.submit_search(launched.session)
        bench.screen.wait_not_visible(Selector(text="Dr. .*"))
        assert ("GET", "https://api.clinic.example/v1/search?q=grippe") in bench.witnessed(
            "api.clinic.example"
        )
        (tmp_path / "api.clinic.example.yaml").write_text("- jsn: {}\n")
        with pytest.raises(ScenarioError, match="unknown key 'jsn'"):
            bench.provided.use_internet([tmp_path])
    finally:
        launched.session.close()
        bench.provided.use_internet([CLINIC.parents[1] / "clinic" / "internet"])


def test_doctor_finds_nothing_wrong_with_it(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", str(bench.provided.adb_port))
    arguments = ["--device", bench.provided.serial, "--package", PACKAGE, "--json"]
    done = CliRunner().invoke(doctor, arguments)
    states = {check["name"]: check["state"] for check in json.loads(done.stdout)["checks"]}
    assert {
        name: states[name] for name in ("device state", "boot", "Frida", "app")
    } == dict.fromkeys(("device state", "boot", "Frida", "app"), "ok")
    assert done.exit_code == 0


def test_an_unsigned_apk_is_refused_with_androids_words(bench: Bench, tmp_path: Path) -> None:
    with zipfile.ZipFile(build_app(CLINIC, "leaky")) as signed:
        manifest = signed.read("AndroidManifest.xml")
    stripped = io.BytesIO()
    with zipfile.ZipFile(stripped, "w") as archive:
        archive.writestr("AndroidManifest.xml", manifest)
    unsigned = tmp_path / "unsigned.apk"
    unsigned.write_bytes(stripped.getvalue())
    with pytest.raises(LabError, match=r"cannot install unsigned\.apk") as caught:
        bench.provided.device.install(unsigned)
    assert caught.value.seen.startswith("INSTALL_PARSE_FAILED_NO_CERTIFICATES")
    assert "sign it again" in caught.value.action
