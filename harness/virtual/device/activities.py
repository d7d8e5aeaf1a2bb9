"""Running apps, as Android's activity manager sees them: start, stop, foreground, back stack.

One process per package. The task stack holds package names, `LAUNCHER` standing for the home
screen; the last entry is in front. Nothing is printed here: callers word values and exceptions.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any

from harness.virtual.device.incidents import first_line, report_crash, report_silence
from harness.virtual.device.logbuffer import DEBUG, ERROR, INFO, WARN, LogBuffer
from harness.virtual.device.packages import Package, PackageTable
from harness.virtual.device.ports import AppHandle, ProcessSource
from harness.virtual.device.running import RunningApp, watch
from harness.virtual.device.starting import NoSuchActivity, NotStarted, Start
from harness.virtual.host import (
    ActivityState,
    AppSpec,
    Attempt,
    CommandFailed,
    Crash,
    Event,
    Exited,
    Focus,
    HostError,
    HostTimeout,
    StartResult,
)

LAUNCHER = "com.android.launcher3"
LAUNCHER_ACTIVITY = f"{LAUNCHER}/{LAUNCHER}.uioverrides.QuickstepLauncher"
GATE_TIMEOUT_S = 60.0
LEAVE_TIMEOUT_S = 2.0

SpecOf = Callable[[Package, bool], AppSpec]


class ActivityManager:
    """All running apps of one device.

    Args:
        packages: what is installed.
        source: where processes come from.
        spec_of: package and debug flag -> what the process is bound with.
    """

    def __init__(
        self, packages: PackageTable, source: ProcessSource, log: LogBuffer, spec_of: SpecOf
    ) -> None:
        self._packages = packages
        self._source = source
        self._log = log
        self._spec_of = spec_of
        self._apps: dict[str, RunningApp] = {}
        self._stack: list[str] = [LAUNCHER]
        self._locks: dict[str, asyncio.Lock] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()
        self.generation = 0
        self.debug_app = ""
        self.attempted: Callable[[str, Attempt], None] = lambda package, attempt: None

    def running(self) -> list[RunningApp]:
        return [app for app in self._apps.values() if not app.exited]

    def app(self, package: str) -> RunningApp | None:
        """The running process of a package, if there is one."""
        return self._apps.get(package)

    def foreground(self) -> RunningApp | None:
        """The app in front; None: the launcher is."""
        return self._apps.get(self._stack[-1])

    async def changed(self, since: int) -> None:
        """Return when a process has started or ended after `generation` was `since`."""
        while self.generation == since:
            await self._changed.wait()

    async def start(self, request: Start) -> StartResult:
        """Start an activity and return when it has drawn; its app is then in front.

        Raises `NoSuchActivity`, `NotStarted`.
        """
        return await self._show(request, await self._launch(request))

    async def begin(self, request: Start) -> RunningApp:
        """Like `start`, but return as soon as there is a process, or it waits at its gate."""
        app = await self._launch(request)
        self._spawn(self._show_logged(request, app))
        if request.debug:
            await self._gate(app)
        return app

    async def ready(self, request: Start) -> RunningApp:
        """The app's process, bound; started if need be. Raises `HostError`, `NotStarted`."""
        app = await self._launch(request)
        await asyncio.shield(app.bound or asyncio.sleep(0))
        return app

    async def _launch(self, request: Start) -> RunningApp:
        async with self._locks.setdefault(request.package, asyncio.Lock()):
            return await self._process_for(request)

    async def _show(self, request: Start, app: RunningApp) -> StartResult:
        assert app.bound is not None
        try:
            await asyncio.shield(app.bound)
            result = await app.process.start_activity(request.intent)
        except CommandFailed as error:
            if error.kind == "no_such_activity":
                raise NoSuchActivity(request.intent.component) from error
            raise NotStarted(first_line(error)) from error
        except HostTimeout as error:
            report_silence(self._log, request.package, error)
            raise NotStarted(first_line(error), timeout=True) from error
        except HostError as error:
            raise NotStarted(first_line(error)) from error
        await self._bring_to_front(request.package)
        return result

    async def stop(self, package: str) -> None:
        """`am force-stop`."""
        app = self._apps.get(package)
        if self._packages.get(package) is not None:
            self._packages.change(package, stopped=True)
        if app is None:
            return
        why = f"Killing {app.process.pid}:{package} (adj 0): stop {package}"
        self._log.system(INFO, "ActivityManager", why)
        await app.process.kill()
        self._forget(app)

    async def stop_all(self) -> None:
        """End every process, at the end of the device."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*(app.process.terminate() for app in list(self._apps.values())))

    async def debugger_attached(self, pid: int) -> None:
        """A debugger has shaken hands with this process."""
        for app in self.running():
            if app.process.pid == pid and app.at_gate.is_set():
                app.at_gate.clear()
                await app.process.debugger_attached()

    async def home(self) -> None:
        """The HOME key."""
        app = self.foreground()
        self._to_top(LAUNCHER)
        if app is not None:
            await self._leave_front(app)

    async def back(self) -> None:
        """The BACK key: to the app in front; when it leaves, what was below comes up."""
        app = self.foreground()
        if app is None:
            return
        await app.process.back()
        await self._leave_if_empty(app)

    async def focus(self) -> Focus:
        """Window and activity in front, the launcher's when nothing else is."""
        app = self.foreground()
        if app is not None and app.process.alive:
            focus = await app.process.focus()
            if focus.component or not app.activities:
                return focus
        return Focus(LAUNCHER_ACTIVITY, LAUNCHER_ACTIVITY) if app is None else Focus("", "")

    async def _process_for(self, request: Start) -> RunningApp:
        package = self._packages.get(request.package)
        if package is None:
            raise NoSuchActivity(request.intent.component)
        if request.stop_first or request.debug:  # a debug start begins with a new process
            await self.stop(request.package)
        app = self._apps.get(request.package)
        if app is not None:
            return app
        process = await self._take(request.package)
        debug = request.debug or self.debug_app == request.package
        app = RunningApp(request.package, process)
        self._apps[request.package] = app
        watch(app, self._log.add, self._on_event)
        app.bound = asyncio.create_task(self._bind(app, self._spec_of(package, debug)))
        self._packages.change(request.package, stopped=False)
        text = f"Start proc {process.pid}:{request.package}/u0a{package.uid - 10_000} for activity"
        self._log.system(INFO, "ActivityManager", text)
        self._notify()
        return app

    async def _take(self, package: str) -> AppHandle:
        try:
            return await self._source.take()
        except HostError as error:
            self._log.system(ERROR, "ActivityManager", f"Failure starting process {package}")
            raise NotStarted(first_line(error)) from error

    async def _bind(self, app: RunningApp, spec: AppSpec) -> None:
        try:
            await app.process.bind(spec)
        except HostError:
            if not app.exited:
                await app.process.terminate()
            self._forget(app)
            raise

    async def _gate(self, app: RunningApp) -> None:
        """Wait until the process stands at its gate, or is past it, or gone."""
        assert app.bound is not None
        gate = asyncio.create_task(app.at_gate.wait())
        try:
            await asyncio.wait(
                {gate, app.bound}, timeout=GATE_TIMEOUT_S, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            gate.cancel()

    async def _show_logged(self, request: Start, app: RunningApp) -> None:
        try:
            await self._show(request, app)
        except (NoSuchActivity, NotStarted) as error:
            text = f"Unable to start {request.intent.component}: {error}"
            self._log.system(WARN, "ActivityTaskManager", text)

    async def _bring_to_front(self, package: str) -> None:
        before = self.foreground()
        self._to_top(package)
        if before is not None and before.package != package and before.process.alive:
            await self._leave_front(before)

    async def _leave_front(self, app: RunningApp) -> None:
        """Let an app pause and stop; one that does not answer holds up nobody for long."""
        leaving = self._spawn(self._hide(app))
        await asyncio.wait({leaving}, timeout=LEAVE_TIMEOUT_S)

    async def _hide(self, app: RunningApp) -> None:
        try:
            await app.process.home()
        except HostTimeout as error:
            report_silence(self._log, app.package, error)
        except HostError as error:
            self._log.system(WARN, "ActivityManager", first_line(error))

    def _to_top(self, name: str) -> None:
        if name in self._stack:
            self._stack.remove(name)
        self._stack.append(name)

    async def _leave_if_empty(self, app: RunningApp) -> None:
        """Show what lies below when `app` has no activity on the screen any more."""
        if not app.exited and (app.resumed or not app.process.alive):
            return
        if self._stack[-1] != app.package:
            return
        self._stack.pop()
        below = self.foreground()
        if below is not None:
            with contextlib.suppress(HostError):
                await below.process.start_activity(None)

    def _on_event(self, app: RunningApp, event: Event) -> None:
        match event:
            case ActivityState(component, "resumed", display_ms):
                if display_ms is not None:
                    text = f"Displayed {component}: +{display_ms}ms"
                    self._log.system(INFO, "ActivityTaskManager", text)
            case ActivityState(_, "destroyed") if app.empty:
                self._spawn(self._leave_if_empty(app))
            case Attempt():
                self.attempted(app.package, event)
            case Crash():
                report_crash(self._log, app, event)
                self._spawn(app.process.terminate())
            case Exited():
                text = f"Process {app.package} (pid {app.process.pid}) has died"
                self._log.system(INFO, "ActivityManager", text)
                self._forget(app)

    def _forget(self, app: RunningApp) -> None:
        if self._apps.get(app.package) is app:
            del self._apps[app.package]
            self._stack = [name for name in self._stack if name != app.package] or [LAUNCHER]
            self._notify()
            self._log.system(DEBUG, "Zygote", f"Process {app.process.pid} exited")

    def _notify(self) -> None:
        self.generation += 1
        self._changed.set()
        self._changed = asyncio.Event()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
