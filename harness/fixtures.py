"""The fixtures, a ladder from session to test; each knob is a fixture that a suite may override.

    leak_settings, leak_clock -> leak_provider -> leak_device -> leak_screen -> leak_hands
    leak_scanner, leak_catalogue -> leak_ledger -> leak_conductor
    leak_conductor -> leak_result (scenario files), leak_run (Python tests)

Input: settings, and what the rooms of the package make. Output: objects that scenario files and
Python tests use alike. A failing lab is an error with its own text, never a traceback. Imports are
inside the fixtures: a suite without scenarios must not pay for Frida and adb.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from harness.errors import HarnessError, ScenarioError
from harness.settings import SETTINGS_KEY, Settings

if TYPE_CHECKING:
    from harness.attribution.catalogue import Catalogue
    from harness.clock import Clock
    from harness.detection.engine import Engine
    from harness.device.device import Device
    from harness.device.providers import ProvidedDevice
    from harness.device.screen import Screen
    from harness.regression import Regression
    from harness.results import Results
    from harness.run.conductor import Conductor
    from harness.run.outcome import Told
    from harness.run.ports import HandsPort
    from harness.run.script import Script
    from harness.traffic.ledger import Ledger

RunScript = Callable[..., "AbstractContextManager[Script]"]


@contextmanager
def told() -> Iterator[None]:
    """Let an error of ours reach pytest as its text."""
    from harness.outcomes import Inconclusive

    try:
        yield
    except HarnessError as error:
        raise Inconclusive(str(error), error) from None


@pytest.fixture(scope="session")
def leak_settings(pytestconfig: pytest.Config) -> Settings:
    """The options of the run; what cannot be used is refused before a device starts."""
    from harness.device.apk import package_of
    from harness.folders import usable_folder

    settings = pytestconfig.stash[SETTINGS_KEY]
    with told():
        usable_folder(settings.output, "--leak-output")
        if settings.app is not None:
            package_of(settings.app)
    return settings


@pytest.fixture(scope="session")
def leak_report(pytestconfig: pytest.Config) -> Results:
    """What the run adds up to, and what is known of it from collection: terms, folders."""
    from harness.results import results_of

    return results_of(pytestconfig)


@pytest.fixture(scope="session")
def leak_clock() -> Clock:
    """Time."""
    from harness.clock import SystemClock

    return SystemClock()


@pytest.fixture(scope="session")
def leak_regression(leak_settings: Settings, leak_report: Results) -> Regression:
    """Where the run is kept and what it is compared with; opened before a device starts."""
    with told():
        return leak_report.open_regression()


@pytest.fixture(scope="session")
def leak_provider(
    leak_settings: Settings,
    leak_report: Results,
    leak_clock: Clock,
    leak_regression: Regression,
) -> Iterator[ProvidedDevice]:
    """The device that `--leak-device` names, held for the session."""
    from harness.device.providers import DeviceRequest, open_device

    request = DeviceRequest(
        device=leak_settings.device,
        internet=leak_settings.internet,
        scenario_internet=leak_report.internet[:1],
        output_dir=leak_settings.output,
    )
    with told():
        provided = open_device(request, leak_clock)
    yield provided
    provided.close()


@pytest.fixture(scope="session")
def leak_device(leak_provider: ProvidedDevice, leak_settings: Settings) -> Device:
    """The device, with the app of `--leak-app` installed."""
    device = leak_provider.device
    if leak_settings.app is not None:
        with told():
            device.install(leak_settings.app)
    return device


@pytest.fixture(scope="session")
def leak_screen(leak_device: Device, leak_clock: Clock) -> Screen:
    """Finding and waiting on the device's screen."""
    from harness.device.screen import Screen

    return Screen(leak_device, leak_clock)


@pytest.fixture(scope="session")
def leak_hands(
    leak_settings: Settings, leak_device: Device, leak_screen: Screen, leak_clock: Clock
) -> Any:
    """Starting the app with the agent in it, typing, submitting."""
    from harness.agent.retracing import agents_for
    from harness.device.hands import Hands

    with told():
        return Hands(leak_device, leak_screen, agents_for(leak_settings), leak_clock)


@pytest.fixture(scope="session")
def leak_catalogue() -> Catalogue:
    """Which SDKs and companies are known."""
    from harness.attribution.catalogue import Catalogue

    return Catalogue.load()


@pytest.fixture(scope="session")
def leak_scanner(leak_report: Results, leak_provider: ProvidedDevice) -> Engine:
    """Finds all terms of the run, and the identifiers that the device told."""
    from harness.detection.engine import Engine

    with told():
        known = leak_provider.known_identifiers()
        if not leak_report.terms:
            raise ScenarioError(
                "the run has no terms to look for",
                action='name them: @pytest.mark.leak_terms("hépatite", ...)',
            )
    return Engine(leak_report.terms, min_prefix=leak_report.min_prefix, known=known)


@pytest.fixture(scope="session")
def leak_ledger(leak_scanner: Engine, leak_catalogue: Catalogue) -> Ledger:
    """Every exchange of the session, and whose it is."""
    from harness.traffic.ledger import Ledger

    return Ledger(leak_scanner, leak_catalogue)


@pytest.fixture(scope="session")
def leak_conductor(
    leak_settings: Settings,
    leak_report: Results,
    leak_clock: Clock,
    leak_provider: ProvidedDevice,
    leak_device: Device,
    leak_screen: Screen,
    leak_hands: HandsPort,
    leak_catalogue: Catalogue,
    leak_ledger: Ledger,
    leak_regression: Regression,
) -> Iterator[Conductor]:
    """Runs items on the device and has them judged; at the end it takes what was sent late."""
    from harness.attribution.parties import Attributor
    from harness.findings.expectations import LeakCheck
    from harness.run.conductor import Conductor, Lab
    from harness.run.play import Values

    def attributor(package: str, check: LeakCheck) -> Attributor:
        first_party = [entry.host for entry in check.allow if not entry.sdk]
        return Attributor(leak_catalogue, first_party, package)

    leak_report.conductor = conductor = Conductor(
        Lab(
            device=leak_device,
            screen=leak_screen,
            hands=leak_hands,
            clock=leak_clock,
            witness=leak_provider,
            ledger=leak_ledger,
            attributor=attributor,
            output=leak_settings.output,
            keep=leak_settings.screenshot,
            redactor=leak_report.redactor(),
            values=Values(leak_settings.env, os.environ),
            on_result=leak_regression.put,
            reference=leak_regression.reviewer,
        )
    )
    yield conductor
    with told():
        conductor.finish()


def answer_from(scenario: Path, provider: ProvidedDevice) -> None:
    """Let the device's internet answer from the folder beside a scenario, where it has one.

    Raises:
        ScenarioError: `internet` is there and no folder.
    """
    from harness.collect import folder_of_answers

    folder = folder_of_answers(scenario)
    if "internet" in provider.capabilities:
        provider.use_internet([folder] if folder else [])


@pytest.fixture
def leak_result(
    request: pytest.FixtureRequest, leak_conductor: Conductor, leak_provider: ProvidedDevice
) -> Told:
    """The scenario item, played and judged; an inconclusive one is an error of this fixture."""
    from harness.collect import FlowItem
    from harness.outcomes import Inconclusive
    from harness.run.outcome import told_of

    item = request.node
    if not isinstance(item, FlowItem):
        raise pytest.UsageError("`leak_result` is for scenario files; Python tests use `leak_run`")
    with told():
        answer_from(item.path, leak_provider)
        leak_conductor.run(item.nodeid, item.scenario, item.cell)
    outcome = told_of(leak_conductor, item.nodeid)
    item.user_properties.extend([*outcome.properties, *item.scenario.properties])
    if outcome.inconclusive:
        raise Inconclusive(outcome.text)
    return outcome


@pytest.fixture
def leak_run(
    request: pytest.FixtureRequest, leak_conductor: Conductor, leak_provider: ProvidedDevice
) -> Iterator[RunScript]:
    """Play a scenario from Python: `with leak_run(package, term, allow=[...]) as app: ...`.

    At the end of the block the run is judged: a leak raises `LeakFound` there and then, an
    inconclusive one is an error when the test is torn down.
    """
    from harness.outcomes import Inconclusive, LeakFound
    from harness.run.matrix import Cell
    from harness.run.outcome import told_of
    from harness.run.script import Script, scenario_for
    from harness.run.window import window

    unclear: list[str] = []
    known = request.getfixturevalue("leak_report").terms

    @contextmanager
    def run(package: str, term: str, **wishes: Any) -> Iterator[Script]:
        with told():
            if term not in known:
                raise ScenarioError(
                    f"the term {term!r} was not declared before the run",
                    action=f"mark the test: @pytest.mark.leak_terms({term!r})",
                )
            answer_from(request.path, leak_provider)
        scenario = scenario_for(package, term, path=request.path, **wishes)
        numbers.append(len(numbers) + 1)
        test = request.node.nodeid + (f"~{numbers[-1]}" if len(numbers) > 1 else "")
        cell = Cell(term, scenario.consent[0], term)
        with (
            leak_conductor.item(test, scenario, cell) as item,
            window(item.play, item.id, item.look),
        ):
            yield Script(item)
        outcome = told_of(leak_conductor, test)
        request.node.user_properties.extend(outcome.properties)
        if outcome.leak:
            raise LeakFound(outcome.text)
        if outcome.inconclusive:
            unclear.append(outcome.text)

    numbers: list[int] = []
    yield run
    if unclear:
        raise Inconclusive("\n\n".join(unclear))
