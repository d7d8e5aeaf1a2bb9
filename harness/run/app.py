"""The app under test while a run plays: its current agent and what former agents saw.

Input: a `World` and the package. Output: the current session, all exchanges of the item, one
`Coverage` over all agents. An agent is closed only when the app is started again or the app's life
here ends, so that late sendings are still seen. Refuses to start any other app.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from harness.errors import HarnessError, LabError, ScenarioError
from harness.findings.coverage import (
    Coverage,
    Gap,
    LayerState,
    ProcessState,
    is_web_engine,
    layer_states,
)
from harness.run.companions import Companions
from harness.run.events import AppLaunched
from harness.run.pages import ELSEWHERE, Pages, joined
from harness.run.ports import LaunchedPort, ReportPort, SessionPort, World
from harness.scenario.model import LaunchApp
from harness.traffic.exchange import Exchange, Layer

FLUSH_TIMEOUT_S = 5.0


class AppUnderTest:
    """One package on one device; lives as long as the device is leased."""

    def __init__(self, world: World, package: str) -> None:
        self.world = world
        self.package = package
        self._current: LaunchedPort | None = None
        self._exchanges: dict[str, Exchange] = {}
        self._layers: set[Layer] = set()
        self._former: set[str] = set()
        self._is_former = False
        self._reports: list[ReportPort] = []
        self._faults: list[str] = []
        self._companions = Companions(world, package)
        self._pages = Pages(world)
        self._page_layers: list[LayerState] = []
        self._unwatched: list[Gap] = []
        self._processes: list[ProcessState] = []
        self._typed_s: float | None = None

    @property
    def session(self) -> SessionPort | None:
        """The agent in the running app, None before the first start."""
        return self._current.session if self._current else None

    @property
    def pid(self) -> int | None:
        return self._current.pid if self._current else None

    def launch(self, args: LaunchApp) -> None:
        """Start the app with the agent in it; a former agent is drained and closed first."""
        package = args.app_id or self.package
        if package != self.package:
            raise ScenarioError(
                f"only the app under test can be started with hooks, not {package}",
                expected=self.package,
            )
        self.leave()
        launched = self.world.hands.launch(
            package,
            clear_state=args.clear_state,
            stop_app=args.stop_app,
            permissions=args.permissions,
        )
        self._current = launched
        self._companions.look(launched.pid)
        self._pages.look(launched.pid)
        self.world.emit(
            AppLaunched(package, launched.strategy, launched.pid, self.world.clock.wall())
        )

    def typing_begins(self) -> None:
        """From now on what any process of the app sends counts: put agents into all there are."""
        if self._current is not None:
            self._pages.look(self._current.pid)
            self._pages.settle()
            self._companions.look(self._current.pid)
        if self._typed_s is None:
            self._typed_s = self.world.clock.wall()

    def look_for_pages(self) -> None:
        """Watch a web view as soon as it is there, so that little of what it sends is missed."""
        if self._current is not None:
            self._pages.look(self._current.pid, soon=True)

    def drain(self) -> tuple[Exchange, ...]:
        """All exchanges since the last `reset`, the newest view of each, by time."""
        for session in self._sessions():
            try:
                if not session.flush(FLUSH_TIMEOUT_S) and not session.report().detached:
                    self._faults.append(
                        f"the agent did not hand over all it holds within {FLUSH_TIMEOUT_S:g} s"
                    )
            except LabError as error:
                self._faults.append(str(error))
            self._take(session)
        if self.session is not None:
            self._keep(self._pages.exchanges())
        return tuple(sorted(self._exchanges.values(), key=lambda exchange: exchange.started_s))

    def _sessions(self) -> list[SessionPort]:
        """The agent of the main process first."""
        return [self.session, *self._companions.sessions] if self.session else []

    def _take(self, session: SessionPort) -> None:
        self._keep(session.exchanges())

    def _keep(self, exchanges: Iterable[Exchange]) -> None:
        fresh = [each for each in exchanges if each.id not in self._former]
        self._exchanges |= {exchange.id: exchange for exchange in fresh}
        self._layers |= {layer for exchange in fresh for layer in exchange.seen_by}

    def coverage(self, notes: Sequence[str] = ()) -> Coverage:
        """Where the agents of this item looked; without any agent every layer is missing."""
        main = [self.session.report()] if self.session else []
        others = [each.report() for each in self._companions.sessions]
        reports = [*self._reports, *main, *others]
        processes = [ProcessState(each.process, True) for each in main if each.process]
        hooks = [hook for report in reports for hook in report.hooks]
        checks = [check for report in reports for check in report.checks]
        fired: dict[str, int] = {}
        for report in reports:
            for target, count in report.fired:
                fired[target] = fired.get(target, 0) + count
        return Coverage(
            layers=(*layer_states(hooks, fired, self._layers, checks=checks), *self._web_layer()),
            hooks_missing=tuple(
                dict.fromkeys(hook.target for hook in hooks if hook.state == "missing")
            ),
            lost=sum(report.lost for report in reports),
            processes=(*self._processes, *processes, *self._companions.states(self._typed_s)),
            detached=next((each.detached for each in self._reports + main if each.detached), ""),
            errors=tuple(
                dict.fromkeys(
                    [
                        *(e for report in reports for e in report.errors),
                        *self._pages.gaps(),
                        *self._faults,
                    ]
                )
            ),
            native=tuple(sorted({each for report in reports for each in report.native})),
            unwatched=(*self._unwatched, *self._unwatched_now()),
            notes=tuple(notes),
        )

    def _unwatched_now(self) -> tuple[Gap, ...]:
        """Pages of the main process that were found late, and those of all others."""
        late = self._pages.late(self._typed_s) if self._typed_s is not None else ()
        reports = [each.report() for each in self._companions.sessions]
        others = [each for each in reports if any(map(is_web_engine, each.native))]
        return (*late, *(Gap("", f"{each.process}: {ELSEWHERE}") for each in others))

    def _web_layer(self) -> tuple[LayerState, ...]:
        now = self._pages.layer()
        return joined([*self._page_layers, *([now] if now else [])])

    def quiet_for_s(self) -> float | None:
        """Seconds without network events; None when there is no agent to ask."""
        session = self.session
        if session is None or session.report().detached or self._current is None:
            return None
        self._companions.look(self._current.pid, soon=True)
        self._pages.look(self._current.pid, soon=True)
        return min(self._pages.quiet_for_s(), *(each.quiet_for_s() for each in self._sessions()))

    def reset(self) -> None:
        """Forget what was seen so far: another item begins.

        The running agent stays, as a former one: what it still sees counts for its own item, and
        it says nothing about the coverage of the next one, unless that goes on with it.
        """
        self._former |= self._exchanges.keys()
        self._exchanges.clear()
        self._layers.clear()
        self._is_former = self.session is not None
        self._reports.clear()
        self._processes.clear()
        self._page_layers.clear()
        self._unwatched.clear()
        self._typed_s = None
        self._faults.clear()

    def leave(self) -> None:
        """Drain and close the running agent; never raises a lab error."""
        session = self.session
        if session is None:
            return
        self.drain()
        if self._is_former:
            self._faults.clear()  # they are those of an agent that is not this item's,
            self._layers.clear()  # and so is what it saw
        else:
            main = session.report()
            self._reports += [main, *(each.report() for each in self._companions.sessions)]
            self._processes += [ProcessState(main.process, True)] if main.process else []
            self._processes += self._companions.states(self._typed_s)
        self._faults += () if self._is_former else self._pages.gaps()
        layer = None if self._is_former else self._pages.layer()
        self._page_layers += [layer] if layer else []
        self._unwatched += () if self._is_former else self._unwatched_now()
        self._pages.close()
        self._companions.close()
        session.close()
        self._current = None
        self._is_former = False

    def stop(self) -> None:
        """Stop the app on purpose: its agent detaches, and that is no fault."""
        self.leave()
        self.world.device.force_stop(self.package)

    def crash_since(self, device_time_s: float) -> str:
        """What the device tells of a crash since then, empty if nothing."""
        try:
            return self.world.device.crash_of(self.package, device_time_s) or ""
        except HarnessError as error:
            self._faults.append(f"it is unknown whether the app crashed: {error.what}")
            return ""
