"""A phone with one small app on it: a working model of what the runner acts on.

The app `org.example.clinic` shows a consent dialog, then a search field, then results. It asks
its own backend, and hands the word to an SDK when it is `leaky` and consent was given. `Phone`
satisfies the runner's `DevicePort`, `Agent` its `SessionPort`, `Hands` its `HandsPort`, `Provider`
the device room's `ProvidedDevice`. Faults are switched on by name (`Faults`).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from harness.clock import Clock
from harness.detection.sighting import Identifier
from harness.device.facts import AppFile, AppFiles, AppInfo, DeviceInfo, Foreground, ShellResult
from harness.device.hierarchy import Bounds, Hierarchy, Node
from harness.errors import LabError
from harness.findings.coverage import Gap
from harness.run.ports import PagesPort
from harness.scenario.model import Pairs, Typing
from harness.traffic.exchange import Body, Exchange, Kind, Layer, Request, Response, Stack

TOKEN = "Bearer c2Vzc2lvbi1vZi1hbGljZQ"
PACKAGE = "org.example.clinic"
LAYERS = (Layer.JAVA_HTTP, Layer.TLS)
PNG = b"\x89PNG\r\n\x1a\n fake"


@dataclass
class Faults:
    """What goes wrong.

    Attributes:
        leaky: the app hands the word to an SDK.
        hooks: state of the hooks, `installed` or `failed`.
        checked: whether the agent's own requests are in the record.
        backend: whether the app asks its backend at all (the control).
        garbled: what arrives in the field instead, empty for the right text.
        detached: why the agent left, empty while it stays.
        crashing: the app dies when the search is submitted.
        late: the SDK sends when the app is started again.
        dialog: whether the app asks for consent.
        missing: the app is not installed.
        unlisted: the device does not list processes.
        sdk_flushes: what the SDKs' own flushes come to.
        files: what the app wrote; a text is the device's refusal to show it.
        unread_files: files that could not be read.
        version: of the app that is installed.
    """

    leaky: bool = False
    hooks: str = "installed"
    checked: bool = True
    backend: bool = True
    garbled: str = ""
    detached: str = ""
    crashing: bool = False
    late: bool = False
    dialog: bool = True
    missing: bool = False
    unlisted: bool = False
    sdk_flushes: tuple[SdkFlush, ...] = ()
    files: str | tuple[AppFile, ...] = ()
    unread_files: tuple[str, ...] = ()
    version: str = "2.4.1"


@dataclass(frozen=True)
class SdkFlush:
    sdk: str
    asked: int = 1
    error: str = ""


@dataclass(frozen=True)
class Hook:
    layer: str
    target: str
    state: str
    detail: str = ""


@dataclass(frozen=True)
class Checked:
    layer: Layer
    way: str
    sent: bool = True
    seen: bool = True


@dataclass(frozen=True)
class Report:
    process: str
    hooks: tuple[Hook, ...]
    fired: tuple[tuple[str, int], ...]
    lost: int = 0
    errors: tuple[str, ...] = ()
    detached: str = ""
    checks: tuple[Checked, ...] = ()
    native: tuple[str, ...] = ()


@dataclass
class App:
    """The app's own state."""

    running: bool = False
    consent: str = ""
    text: str = ""
    focused: bool = False
    screen: str = "stopped"
    front: bool = False


_numbers = itertools.count(1)


class Agent:
    """The agent in the app."""

    def __init__(self, phone: Phone, process: str = PACKAGE) -> None:
        self._phone = phone
        self._process = process
        self.closed = False
        self.sent: list[Exchange] = []
        self.sdk_flushes = 0
        self.native: tuple[str, ...] = ()
        self.last_s = phone.clock.now()

    def exchanges(self) -> tuple[Exchange, ...]:
        return tuple(self.sent)

    def flush(self, timeout_s: float = 5) -> bool:
        return not self._phone.faults.detached

    def flush_sdks(self, timeout_s: float = 30) -> tuple[SdkFlush, ...]:
        self.sdk_flushes += 1
        return self._phone.faults.sdk_flushes

    def report(self) -> Report:
        faults = self._phone.faults
        hooks = tuple(Hook(layer.value, layer.value, faults.hooks) for layer in LAYERS)
        fired = tuple((layer.value, len(self.sent)) for layer in LAYERS)
        seen = faults.checked and faults.hooks == "installed"
        checks = tuple(Checked(layer, layer.value, seen=seen) for layer in LAYERS)
        return Report(
            self._process,
            hooks,
            fired,
            detached=faults.detached,
            checks=checks,
            native=self.native,
        )

    def quiet_for_s(self) -> float:
        return self._phone.clock.now() - self.last_s

    def close(self) -> None:
        self.closed = True


@dataclass(frozen=True)
class Launched:
    session: Agent
    strategy: str
    pid: int


@dataclass(frozen=True)
class Typed:
    method: str
    wanted: str
    arrived: str
    confirmed: bool
    started_s: float


@dataclass
class Phone:
    """The device."""

    clock: Clock
    faults: Faults = field(default_factory=Faults)
    app: App = field(default_factory=App)
    agent: Agent | None = None
    witnessed: list[Exchange] = field(default_factory=list)
    crash: str = ""
    log: list[str] = field(default_factory=list)
    late: list[Exchange] = field(default_factory=list)
    others: list[tuple[int, str]] = field(default_factory=list)
    attached: list[Agent] = field(default_factory=list)
    pages: PagesPort | str | None = None

    serial = "fake-1"
    screen_size = (1080, 2400)
    info = DeviceInfo("fake-1", "fake", "Model T", "14", 34, "x86_64", "userdebug", "fake/1")

    # apps

    def app_info(self, package: str) -> AppInfo:
        if package != PACKAGE or self.faults.missing:
            raise LabError(f"{package} is not installed", where=self.serial)
        return AppInfo(package, self.faults.version, 241, "ab" * 32, True, "/data/app/base.apk")

    def install(self, apk: Path) -> AppInfo:
        self.log.append(f"install {apk.name}")
        return self.app_info(PACKAGE)

    def app_files(self, package: str, since_s: float) -> AppFiles:
        self.log.append(f"app_files {package}")
        if isinstance(self.faults.files, str):
            return AppFiles(refused=self.faults.files)
        changed = (file for file in self.faults.files if file.modified_s >= int(since_s))
        return AppFiles(tuple(changed), self.faults.unread_files)

    def clear(self, package: str) -> None:
        self.log.append(f"clear {package}")
        self.app = App()

    def force_stop(self, package: str) -> None:
        self.log.append(f"force-stop {package}")
        self.app.running, self.app.screen = False, "stopped"

    def grant(self, package: str, permission: str) -> str:
        return ""

    def pid_of(self, package: str) -> int | None:
        return 4321 if self.app.running else None

    def processes_of(self, package: str) -> tuple[tuple[int, str], ...]:
        if self.faults.unlisted:
            raise LabError("ps: not found", where=self.serial)
        return ((4321, package), *self.others)

    def shell(self, command: str | Sequence[str], timeout_s: float = 10) -> ShellResult:
        self.log.append(command if isinstance(command, str) else " ".join(command))
        return ShellResult("", "", 0)

    def foreground(self) -> Foreground:
        return Foreground(PACKAGE, "Main") if self.app.front else Foreground("launcher", "Home")

    # input

    def keyevent(self, code: int) -> None:
        self.log.append(f"key {code}")

    def home(self) -> None:
        self.log.append("home")
        self.app.front = False

    def back(self) -> None:
        self.log.append("back")

    def tap(self, x: int, y: int) -> None:
        for name, node in self._nodes().items():
            bounds = node.bounds
            if bounds.left <= x < bounds.right and bounds.top <= y < bounds.bottom:
                self._tapped(name)
                return

    def swipe(self, start: tuple[int, int], end: tuple[int, int], duration_ms: int = 400) -> None:
        self.log.append(f"swipe {start} {end} {duration_ms}")

    def keyboard_shown(self) -> bool:
        return self.app.focused

    # screen and log

    def screenshot(self) -> bytes:
        return PNG

    def hierarchy(self) -> Hierarchy:
        return Hierarchy(tuple(self._nodes().values()))

    def clock_s(self) -> float:
        return self.clock.wall()

    def logcat_tail(self, pid: int, lines: int) -> str:
        return f"pid {pid}: nothing special\n"

    def crash_of(self, package: str, since_s: float) -> str | None:
        return self.crash or None

    # the app's behaviour

    def start(self) -> Agent:
        self.app.running = self.app.front = True
        unanswered = self.faults.dialog and not self.app.consent
        self.app.screen = "consent" if unanswered else "search"
        self.app.text, self.app.focused = "", False
        self.agent = Agent(self)
        for exchange in self.late:
            self._send(exchange.host, exchange.request, exchange.stack)
        self.late.clear()
        return self.agent

    def submit(self) -> None:
        word = self.app.text
        if self.faults.crashing:
            self.crash = f"FATAL EXCEPTION: main Process: {PACKAGE}, PID: 4321"
            self.app.running, self.app.screen = False, "stopped"
            return
        if self.faults.backend:
            url = f"https://api.clinic.example/v1/search?q={quote(word)}"
            self._send(
                "api.clinic.example",
                Request("GET", url),
                Stack(("org.example.clinic.Api.get(Api.java:30)",)),
            )
        if self.faults.leaky and self.app.consent == "accept":
            body = Body.of(f'{{"event":"search","query":"{word}"}}'.encode())
            request = Request(
                "POST",
                "https://api.mixpanel.com/track",
                (("Content-Type", "application/json"), ("Authorization", TOKEN)),
                body,
            )
            stack = Stack(
                ("com.mixpanel.android.util.HttpService.performRequest(HttpService.java:211)",)
            )
            if self.faults.late:
                self.late.append(self._exchange("api.mixpanel.com", request, stack))
            else:
                self._send("api.mixpanel.com", request, stack)
        self.app.screen = "results"

    def _send(self, host: str, request: Request, stack: Stack) -> None:
        assert self.agent is not None
        exchange = self._exchange(host, request, stack)
        if self.faults.hooks == "installed" and not self.faults.detached:
            self.agent.sent.append(exchange)
        self.agent.last_s = self.clock.now()

    def _exchange(self, host: str, request: Request, stack: Stack) -> Exchange:
        return Exchange(
            id=f"fake-{next(_numbers)}",
            kind=Kind.HTTP,
            seen_by=LAYERS,
            host=host,
            port=443,
            started_s=self.clock.wall(),
            request=request,
            response=Response(200, body=Body.of(b"{}")),
            stack=stack,
            process=PACKAGE,
        )

    def _tapped(self, name: str) -> None:
        self.log.append(f"tap {name}")
        if name in ("consent_accept", "consent_reject"):
            self.app.consent = name.removeprefix("consent_")
            self.app.screen = "search"
        if name == "search_field":
            self.app.focused = True

    def _nodes(self) -> dict[str, Node]:
        if not self.app.front or not self.app.running:
            return {"icon": _node("icon", "Clinic", 0)}
        if self.app.screen == "consent":
            return {
                "consent_accept": _node("consent_accept", "Erlauben", 0),
                "consent_reject": _node("consent_reject", "Ablehnen", 1),
            }
        nodes = {"search_field": _node("search_field", self.app.text, 0, focused=self.app.focused)}
        if self.app.screen == "results":
            nodes["results_title"] = _node("results_title", "Ergebnisse (3)", 1)
        return nodes


def _node(name: str, text: str, row: int, *, focused: bool = False) -> Node:
    top = 100 + row * 200
    return Node(
        text=text,
        hint="",
        resource_id=f"{PACKAGE}:id/{name}",
        class_name="android.widget.TextView",
        package=PACKAGE,
        description="",
        bounds=Bounds(0, top, 1080, top + 150),
        clickable=True,
        focused=focused,
    )


class Hands:
    """Starting, typing, submitting, as `harness.device.hands.Hands` does."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone

    def launch(
        self, package: str, *, clear_state: bool, stop_app: bool, permissions: Pairs
    ) -> Launched:
        self._phone.app_info(package)
        if clear_state:
            self._phone.clear(package)
        if stop_app:
            self._phone.force_stop(package)
        return Launched(self._phone.start(), "spawn", 4321)

    def attach(self, pid: int, process: str) -> Agent:
        if process.endswith(":refusing"):
            raise LabError("Frida cannot attach to the process", seen="no ptrace")
        agent = Agent(self._phone, process)
        self._phone.attached.append(agent)
        return agent

    def watch_pages(self, pid: int) -> PagesPort | None:
        if isinstance(self._phone.pages, str):
            raise LabError("the web view's DevTools do not answer", seen=self._phone.pages)
        return self._phone.pages

    def set_permissions(self, package: str, permissions: Pairs) -> object:
        self._phone.log.append(f"permissions {permissions}")
        return None

    def type_text(self, session: object, text: str, typing: Typing) -> Typed:
        if not self._phone.app.focused:
            raise LabError("no field has the focus, so there is nothing to type into")
        arrived = self._phone.faults.garbled or text
        self._phone.app.text += arrived
        now = self._phone.clock.wall()
        return Typed("frida", text, arrived, arrived == text, now)

    def erase(self, session: object, count: int | None) -> None:
        self._phone.app.text = "" if count is None else self._phone.app.text[:-count]

    def submit_search(self, session: object) -> str:
        self._phone.submit()
        return "editor action"


class Provider:
    """The device room's view of the phone."""

    name = "fake"
    serial = "fake-1"
    adb_port = 0

    def __init__(self, phone: Phone, *, witness: bool = False) -> None:
        self.device = phone
        self.capabilities = frozenset({"internet"})
        self.answers: list[Path] = []
        self.closed = False
        self._witness = witness

    def witness_exchanges(self) -> tuple[Exchange, ...] | None:
        return tuple(self.device.witnessed) if self._witness else None

    def witness_gaps(self) -> tuple[Gap, ...]:
        return ()

    def answered_by_default(self) -> frozenset[str]:
        return frozenset()

    def witness_down(self) -> str:
        return ""

    def use_internet(self, dirs: Sequence[Path]) -> None:
        self.answers = list(dirs)

    def known_identifiers(self) -> tuple[Identifier, ...]:
        return ()

    def close(self) -> None:
        self.closed = True
