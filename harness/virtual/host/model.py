"""What crosses the boundary between the device and the process of one app.

Frozen values only: what a process is started with, what an app is bound with, what the process
answers and what it reports by itself. No I/O, no JSON here (`decoding` does that).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ExtraValue = str | int | float | bool

DEFAULT_LOCALE = "de-DE"
"""BCP 47 tag of the device's language."""

DEFAULT_WIDTH_DP = 411
DEFAULT_HEIGHT_DP = 891
DEFAULT_DENSITY_DPI = 320


@dataclass(frozen=True, slots=True)
class DisplayProfile:
    """The screen: size in density-independent pixels and density in dots per inch."""

    width_dp: int = DEFAULT_WIDTH_DP
    height_dp: int = DEFAULT_HEIGHT_DP
    density_dpi: int = DEFAULT_DENSITY_DPI

    @property
    def width_px(self) -> int:
        """What `wm size` and a screenshot say."""
        return self.width_dp * self.density_dpi // 160

    @property
    def height_px(self) -> int:
        return self.height_dp * self.density_dpi // 160


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """The app's only way out: a SOCKS5 proxy that sees host names.

    Args:
        socks_port: TCP port on `socks_host` where the virtual internet listens.
        trust_store: PKCS12 file with the certificates that the app shall trust.
        socks_host: address of the proxy; loopback.
        trust_store_password: password of `trust_store`.
    """

    socks_port: int
    trust_store: Path
    socks_host: str = "127.0.0.1"
    trust_store_password: str = "changeit"


@dataclass(frozen=True, slots=True)
class HostRuntime:
    """Everything of files that an app process is started from.

    Args:
        java: the `java` program of a JDK or JRE 17.
        classpath: host classes, androidx.test types, Robolectric with its dependencies.
        android_jar: `android-all-instrumented`, the framework that the app sees.
        warmup_apk: tiny APK without code that the warm-up starts.
        natives: folder with the framework's native library, fonts and tables.
    """

    java: Path
    classpath: tuple[Path, ...]
    android_jar: Path
    warmup_apk: Path
    natives: Path


@dataclass(frozen=True, slots=True)
class SplitSpec:
    """A split APK beside the base, and its dex as JVM classes."""

    apk: Path
    app_jar: Path


@dataclass(frozen=True, slots=True)
class AppSpec:
    """One app as it is to run in a process.

    Args:
        package: application id as in the manifest.
        apk: the signed APK (manifest, resources, Java resources).
        app_jar: its dex as JVM classes.
        data_dir: the package's data directory; survives the process.
        permissions: granted before the Application exists.
        wait_for_debugger: stop before the first line of app code until `debugger_attached`.
        locale: BCP 47 tag.
        display: the screen.
        uid: Linux user id that the app believes to have, 10000 + n for `u0_an`.
        android_id: `Settings.Secure.ANDROID_ID` (16 hex digits).
        installer: package that installed the app, as `getInstallSourceInfo` says.
        settings: further `Settings.Global` values, name -> value.
        properties: the device's system properties; `Build` fields and the time zone follow them.
        splits: further APKs of the package; they and `apk` are all APKs in one folder.
    """

    package: str
    apk: Path
    app_jar: Path
    data_dir: Path
    permissions: tuple[str, ...] = ()
    wait_for_debugger: bool = False
    locale: str = DEFAULT_LOCALE
    display: DisplayProfile = field(default_factory=DisplayProfile)
    uid: int = 10100
    android_id: str = "9774d56d682e549c"
    installer: str = "com.android.vending"
    settings: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    splits: tuple[SplitSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class IntentSpec:
    """An intent as `am` takes it; an empty one means: the launcher activity.

    Args:
        component: `pkg/.Class` or `pkg/full.Class`.
        extras: name -> value; the Python type decides (str, bool, int as long if it must, float).
        flags: `Intent.FLAG_*` or-ed together.
    """

    component: str = ""
    action: str = ""
    data: str = ""
    type: str = ""
    categories: tuple[str, ...] = ()
    extras: Mapping[str, ExtraValue] = field(default_factory=dict)
    flags: int = 0


@dataclass(frozen=True, slots=True)
class StartResult:
    """What `am start -W` tells about a start.

    `launch_state`: `COLD` (first activity of the process), `WARM` (process was there, activity
    made anew), `HOT` (stopped or paused task came back to the front).
    `component`: full `pkg/cls` of the activity now on top. `total_time_ms`: to its first frame.
    """

    component: str
    launch_state: str
    total_time_ms: int
    brought_to_front: bool


@dataclass(frozen=True, slots=True)
class ServiceState:
    """A service that runs. `started`: by `startService`, else only because somebody is bound."""

    component: str
    started: bool


@dataclass(frozen=True, slots=True)
class WindowInfo:
    """One window of the app, in Z order (last is on top)."""

    title: str
    component: str
    bounds: tuple[int, int, int, int]
    focused: bool
    visible: bool
    is_dialog: bool


@dataclass(frozen=True, slots=True)
class Focus:
    """Focused window (`title`, "" = none) and activity (`pkg/cls`, "" = none)."""

    window_title: str
    component: str


@dataclass(frozen=True, slots=True)
class ImeState:
    """Whether a keyboard would be shown, and for what.

    `active`: a text field has an input connection; `shown`: the keyboard would be on the screen.
    `input_type` and `ime_options` are `EditorInfo` bits, `field_id` is `pkg:id/name` or "".
    """

    active: bool
    shown: bool
    package: str
    field_id: str
    input_type: int
    ime_options: int
    hint: str


@dataclass(frozen=True, slots=True)
class MemoryInfo:
    """Bytes: Java heap in use and committed, and the process' resident set."""

    heap_used_bytes: int
    heap_committed_bytes: int
    resident_bytes: int


@dataclass(frozen=True, slots=True)
class LogRecord:
    """One line for logcat. `priority` is Android's (2 V .. 7 F), `wall_ms` Unix milliseconds."""

    wall_ms: int
    pid: int
    tid: int
    priority: int
    tag: str
    message: str


@dataclass(frozen=True, slots=True)
class ActivityState:
    """An activity entered `state`: created, started, resumed, paused, stopped, destroyed.

    When its first frame is drawn, `resumed` is said a second time, with `display_ms`: milliseconds
    since the launch, as logcat's `Displayed` has it.
    """

    component: str
    state: str
    display_ms: int | None


@dataclass(frozen=True, slots=True)
class DebuggerWait:
    """The process stands at the gate; app classes are loadable, none has run."""

    package: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """The app tried to reach the network past the proxy, and was refused.

    `kind`: `datagram`, `datagram-channel`, `socket-channel`, `asynchronous-channel` in Java (also
    `lookup`, which is answered with an address of the process' own and not refused); `connect`,
    `datagram`, `raw-socket`, `exec` below Java, in any code of the process or of programs it tried
    to start. `target` is `host/address:port` where it is known, for `exec` the command line.
    `trace` holds Java stack frames, one a line; empty below Java.
    """

    kind: str
    target: str
    trace: str


@dataclass(frozen=True, slots=True)
class Crash:
    """An uncaught exception ended the app.

    `exception` is its `toString`, `trace` what `Log.getStackTraceString` makes of it. What logcat
    shows under AndroidRuntime is for the device to write: `FATAL EXCEPTION: thread`, `Process: ...,
    PID: ...`, then the trace.
    """

    thread: str
    exception: str
    trace: str


@dataclass(frozen=True, slots=True)
class Exited:
    """The process is gone. `code` is its exit status, negative for a signal; None: unknown."""

    code: int | None


Event = LogRecord | ActivityState | DebuggerWait | Attempt | Crash | Exited
