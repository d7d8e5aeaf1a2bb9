"""What a pytest run with scenarios adds up to: `report.json`, the exit status, the summary.

Input: pytest's hooks, registered once a scenario was collected; the session's conductor. Output:
the report (each worker of pytest-xdist writes its part, the controller joins them), an exit status
that is not 0 unless every verdict is a pass, the block at the end of the terminal. Refuses to lose
an item: one that could not be played, or whose worker died, is in the report as inconclusive.
"""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from harness.baseline.writing import new_run_id
from harness.clock import SystemClock
from harness.errors import HarnessError, LabError, ScenarioError
from harness.findings.finding import Verdict
from harness.outcomes import Inconclusive
from harness.regression import Regression
from harness.report import document, wording
from harness.report.annotations import workflow_commands
from harness.report.model import ItemReport, overall
from harness.report.parsing import item_of
from harness.run.artifacts import write_private
from harness.run.reporting import item_reports, unrun_report
from harness.settings import SETTINGS_KEY
from harness.traffic.redaction import Redactor, fresh_key

if TYPE_CHECKING:
    from harness.run.conductor import Conductor

REPORT = "report.json"
PARTS = "parts"
COLOURS: dict[str, dict[str, bool]] = {
    "leak": {"red": True, "bold": True},
    "inconclusive": {"yellow": True, "bold": True},
    "pass": {"green": True},
    "head": {"bold": True},
    "dim": {"light": True},
}
"""Role of a text in `harness.report.wording` -> pytest's markup."""

Json = dict[str, Any]


PLUGIN_NAME = "leak-results"
"""Name under which the collector of results is registered once there is a scenario."""


def results_of(config: pytest.Config) -> Results:
    """The run's collector of results, made and registered on first use."""
    found = config.pluginmanager.get_plugin(PLUGIN_NAME)
    if found is None:
        found = Results(config)
        config.pluginmanager.register(found, PLUGIN_NAME)
    assert isinstance(found, Results)
    return found


class Results:
    """See the module's docstring.

    Attributes:
        terms: all terms of the run, so that every item is searched for all of them.
        min_prefix: the smallest that a scenario asks for.
        conductor: set by the fixture that makes it; None while nothing was played.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.terms: tuple[str, ...] = ()
        self.min_prefix = 4
        self._unwritten = ""
        self.internet: tuple[Path, ...] = ()
        self.conductor: Conductor | None = None
        self.settings = config.stash[SETTINGS_KEY]
        self._cells: dict[str, tuple[str, str, str]] = {}
        self._unrun: dict[str, HarnessError] = {}
        self._run_id = ""
        self._document: Json | None = None
        self._stored_as = ""
        self.regression: Regression | None = None
        self._key = fresh_key()
        self._former = _raise_on_sigterm()

    # ---- collection ---------------------------------------------------------------------

    def collected(self, items: Sequence[pytest.Item]) -> None:
        """Learn the terms of the run, and which items are ours."""
        from harness.collect import FlowItem, terms_of_item

        ours = [item for item in items if "leak_conductor" in getattr(item, "fixturenames", ())]
        terms: dict[str, None] = {}
        folders: dict[Path, None] = {}
        for item in ours:
            found = terms_of_item(item)
            terms |= dict.fromkeys(found)
            consent = ""
            if isinstance(item, FlowItem):
                consent = item.cell.consent.value
                self.min_prefix = min(self.min_prefix, item.scenario.leak_check.min_prefix)
            folders |= _answers(item.path)
            self._cells[item.nodeid] = (str(item.path), found[0] if found else "", consent)
        self.terms, self.internet = tuple(terms), tuple(folders)

    def worker_expected(self, node: Any) -> None:
        """The controller's side of pytest-xdist: remember whose parts are to be joined."""
        self._run_id = node.workerinput["testrunuid"]
        self._stored_as = self._stored_as or new_run_id(SystemClock().wall())
        node.workerinput["leak_stored_as"] = self._stored_as

    def open_regression(self) -> Regression:
        """Open the run store and the baseline once.

        Raises:
            HarnessError: one of them cannot be used.
        """
        if self.regression is None:
            given = getattr(self.config, "workerinput", {}).get("leak_stored_as", "")
            self._stored_as = self._stored_as or given or new_run_id(SystemClock().wall())
            self.regression = Regression(
                self.settings,
                self._stored_as,
                self.redactor(),
                root=self.config.rootpath,
                worker=self._worker,
            )
        return self.regression

    @property
    def _worker(self) -> str:
        return str(getattr(self.config, "workerinput", {}).get("workerid", ""))

    # ---- while it runs ------------------------------------------------------------------

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        played = self.conductor is not None and bool(self.conductor.attempts(item.nodeid))
        if item.nodeid in self._cells and report.failed and not played:
            self._unrun[item.nodeid] = _reason(call)
        return report

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        if self._worker and nodeid in self._cells:
            self._write_part()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """pytest-xdist reports an item whose worker died with the phase `???`."""
        if str(report.when) == "???" and ".y" in report.nodeid.partition("::")[0]:
            self._cells.setdefault(report.nodeid, (report.nodeid.partition("::")[0], "", ""))
            self._unrun[report.nodeid] = LabError("the worker process that ran it died")

    # ---- the end ------------------------------------------------------------------------

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """After the fixtures are torn down, so after late traffic has been judged."""
        if self._worker:
            self._write_part()
            self._end_regression(None)
            return
        items = [*self._parts(), *self._items()]
        if not items:
            return
        self._document = document.document(items)
        whole = session.exitstatus != pytest.ExitCode.INTERRUPTED
        self._end_regression(Verdict(self._document["verdict"]) if whole else None)
        try:
            document.write_document(self._document, self.settings.output / REPORT)
        except LabError as error:
            self._unwritten = str(error)
        unkept = self.regression is not None and self.regression.failed
        failed = bool(self._unwritten) or unkept or self._document["verdict"] != "pass"
        if failed and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._document is None:
            return
        writer = terminalreporter._tw

        def style(text: str, role: str) -> str:
            return writer.markup(text, **COLOURS.get(role, {}))

        terminalreporter.section("who received what was typed")
        items = [item_of(item) for item in self._document["scenarios"]]
        for line in wording.summary(items, style=style, width=min(writer.fullwidth, 110)):
            terminalreporter.write_line(line)
        last = self._unwritten or f"report: {self.settings.output / REPORT}"
        told = self.regression.told() if self.regression else ()
        for line in (last, *told, *workflow_commands(items, os.environ)):
            terminalreporter.write_line(line)

    def pytest_unconfigure(self) -> None:
        if self._former is not None:
            signal.signal(signal.SIGTERM, self._former)

    def _unrun_reports(self) -> list[ItemReport]:
        """Items that could not be played at all."""
        played = {each.test for each in self.conductor.results} if self.conductor else set()
        return [
            unrun_report(test, *self._cells[test], why)
            for test, why in self._unrun.items()
            if test not in played
        ]

    def _end_regression(self, verdict: Verdict | None) -> None:
        """Store what the conductor did not tell; with a verdict the run is whole."""
        try:
            regression = self.regression if self._worker else self.open_regression()
        except HarnessError:
            return  # every item says so, and none is a pass
        if regression is not None:
            regression.end(self._unrun_reports(), verdict)
        if regression is not None and self._document is not None:
            worst = overall([Verdict(self._document["verdict"]), regression.verdict])
            added = {"run": regression.run, "baseline": regression.changes}
            self._document |= {"verdict": worst.value, **added}

    def _items(self) -> list[Json]:
        """What this process knows of its items."""
        reports: list[ItemReport] = []
        if self.conductor is not None:
            reports += item_reports(self.conductor.results)
        reports += self._unrun_reports()
        redactor = self.redactor()
        return [document.item_json(report, redactor) for report in reports]

    def redactor(self) -> Redactor:
        """One key for all that this process writes."""
        return Redactor(
            self._key,
            keep=self.terms,
            secrets=self.settings.env.values(),
            enabled=not self.settings.keep_secrets,
        )

    def _part_folder(self, run_id: str) -> Path:
        return self.settings.output / PARTS / run_id

    def _write_part(self) -> None:
        run_id = self.config.workerinput["testrunuid"]  # type: ignore[attr-defined]  # a worker's
        content = json.dumps(self._items(), ensure_ascii=False).encode("utf-8", "backslashreplace")
        write_private(self._part_folder(run_id) / f"{self._worker}.json", content)

    def _parts(self) -> list[Json]:
        if not self._run_id:
            return []
        items: list[Json] = []
        for part in sorted(self._part_folder(self._run_id).glob("*.json")):
            items += json.loads(part.read_bytes())
        done = {item["id"] for item in items}
        self._unrun = {test: why for test, why in self._unrun.items() if test not in done}
        return items


def _reason(call: pytest.CallInfo[None]) -> HarnessError:
    """What kept an item from being played."""
    raised = call.excinfo.value if call.excinfo else None
    if isinstance(raised, Inconclusive) and raised.error is not None:
        return raised.error
    return HarnessError(" ".join(str(raised).split()) or type(raised).__name__)


def _raise_on_sigterm() -> Any:
    """Let SIGTERM end the run as Ctrl-C does, so that devices are given back; the former handler.

    None when somebody else handles it already, or when this is not the main thread.
    """
    if threading.current_thread() is not threading.main_thread():
        return None
    if signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        return None

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt(f"signal {signal.Signals(number).name}")

    return signal.signal(signal.SIGTERM, interrupt)


def _answers(test: Path) -> dict[Path, None]:
    """The folder of answers beside a test; one that is wrong is the error of its own test."""
    from harness.collect import folder_of_answers

    try:
        folder = folder_of_answers(test)
    except ScenarioError:
        return {}
    return {folder: None} if folder else {}
