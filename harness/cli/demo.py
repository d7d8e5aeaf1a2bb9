"""`leak-harness demo`: a sample app on the embedded device, from consent dialog to verdict.

Input: which sample. Output: one verdict per searched word and flavour, who got what, `report.json`
and `report.html`; of the incident the table of release by consent, too. Exits 0 if and only if
every verdict is the one announced as expected. Needs the checkout, because the apps are built from
their sources.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from harness.cli.demo_cases import (
    CLINIC,
    CLINIC_CASES,
    INCIDENT_CASES,
    SCENARIOS,
    TELLING_CASES,
    Case,
)
from harness.errors import LabError
from harness.folders import usable_folder

if TYPE_CHECKING:
    from harness.clock import Clock
    from harness.device.providers import ProvidedDevice
    from harness.run.conductor import Conductor, Result
    from harness.run.matrix import Cell
    from harness.scenario.model import Scenario
    from harness.storage import Storage
    from harness.traffic.redaction import Redactor

EXIT_UNEXPECTED = 1
MAX_WIDTH = 110
PAGE = "report.html"
COLOURS = {"leak": "red", "inconclusive": "yellow", "pass": "green"}


@click.command("demo")
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("leak-results/demo"),
    show_default=True,
    help="Folder for report.json, report.html, pictures and logs.",
)
@click.option(
    "--incident",
    is_flag=True,
    help="Play the doctor-booking web application of June 2021 instead: three releases, each with"
    " consent not asked for, given, refused and withdrawn (12 runs, some minutes).",
)
def command(output: Path, incident: bool) -> None:
    """Run a sample app on the embedded device and print the verdicts.

    Searches for three words in a small doctor-search app that carries real analytics SDKs: once
    with consent, once without, and once in its fixed release; then for one of them in a web page
    that carries advertisers' pixels, and in its next release. Exits 0 if and only if all verdicts
    are as expected.
    """
    if not CLINIC.is_dir():
        raise LabError(
            "the sample app's sources are not here",
            where=str(CLINIC),
            action="run the demo from a checkout of the project",
        )
    usable_folder(output, "--output")
    results = _play(output, INCIDENT_CASES if incident else (*CLINIC_CASES, *_telling()))
    unexpected = _tell(results, output, matrix=incident)
    if unexpected:
        raise SystemExit(EXIT_UNEXPECTED)


def _telling() -> tuple[Case, ...]:
    """The two cases with web pages, or none and a note where no browser can be had."""
    from harness.virtual.toolchain.chromium import chromium

    try:
        chromium()
    except LabError as error:
        click.echo(f"note: the web pages of 2021 are left out. {error}", err=True)
        return ()
    return TELLING_CASES


def _play(output: Path, cases: Sequence[Case]) -> list[tuple[Case, Result]]:
    """Every case on one device, one after another; late traffic is judged before returning."""
    from harness.clock import SystemClock
    from harness.device.providers import DeviceRequest, open_device
    from harness.report.model import overall
    from harness.virtual.apk import build_app

    clock = SystemClock()
    scenarios = {case.scenario: _scenario(case.scenario) for case in cases}
    click.echo("building the sample app", err=True)
    apks = {case: build_app(case.app, case.flavour) for case in cases}
    click.echo("starting a virtual Android device", err=True)
    answers = tuple(dict.fromkeys(case.scenario.parent / "internet" for case in cases))
    request = DeviceRequest("virtual", scenario_internet=answers, output_dir=output)
    tests: dict[str, Case] = {}
    installed = None
    storage = _storage(output, clock)
    with closing(open_device(request, clock)) as provided:
        conductor = conductor_for(provided, tuple(scenarios.values()), output, clock, storage.put)
        for case in cases:
            scenario = scenarios[case.scenario]
            told = case.consent.value if case.consent else _consent(scenario)
            click.echo(f"\n{case.flavour}, consent {told}\n  {case.story}", err=True)
            if installed != apks[case]:
                installed = apks[case]
                provided.device.install(installed)
            for cell in cells_of(case, scenario):
                test = f"{case.flavour}/{case.scenario.name}[{cell.label}]"
                tests[test] = case
                result = conductor.run(test, scenario, cell)
                word = result.judgement.verdict.value
                click.echo(f"  {cell.term:<12} {click.style(word, COLOURS[word])}", err=True)
        conductor.finish()
    storage.end(verdict=overall([result.judgement.verdict for result in conductor.results]))
    click.echo(storage.told, err=True)
    if not storage.failure:
        click.echo(f"other formats: {storage.command('report')} --output FILE", err=True)
    write_page(output, "" if storage.failure else storage.run)
    return [(tests[result.test], result) for result in conductor.results]


def write_page(output: Path, run: str) -> None:
    """The run as a page for people; an older one goes, whether this run was stored or not."""
    from harness.baseline.store import Store
    from harness.cli.reported import of_store
    from harness.cli.storing import write_pieces
    from harness.report.html import document

    path = output / PAGE
    path.unlink(missing_ok=True)
    if run:
        with Store.open(str(output / "runs.db"), create=False) as store:
            pieces = document(of_store(store.reader, store.reader.find(run)))
            write_pieces(pieces, str(path))


def cells_of(case: Case, scenario: Scenario) -> list[Cell]:
    """The cells of the scenario that the story is about."""
    from harness.run.matrix import cells

    return [
        cell
        for cell in cells(scenario)
        if case.consent in (None, cell.consent) and (not case.terms or cell.term in case.terms)
    ]


def _storage(output: Path, clock: Clock) -> Storage:
    """A store beside the report: the flavours are no releases to compare other runs with."""
    from harness.baseline.writing import new_run_id
    from harness.storage import Storage

    return Storage(
        str(output / "runs.db"),
        new_run_id(clock.wall()),
        _redactor(),
        root=SCENARIOS.parent,
        origin="demo",
        clock=clock,
    )


def _redactor() -> Redactor:
    """Takes nothing out: apps, accounts and servers of the demo are made up, and a reader is to see
    the proof of each finding."""
    from harness.traffic.redaction import Redactor, fresh_key

    return Redactor(fresh_key(), enabled=False)


def _scenario(path: Path) -> Scenario:
    from harness.scenario.reader import Given, read_scenario

    shown = os.path.relpath(path)
    return read_scenario(path.read_text(encoding="utf-8"), path, Given(display=shown))


def _consent(scenario: Scenario) -> str:
    return ", ".join(state.value for state in scenario.consent)


def conductor_for(
    provided: ProvidedDevice,
    scenarios: Sequence[Scenario],
    output: Path,
    clock: Clock,
    on_result: Callable[[Result], None] = lambda result: None,
) -> Conductor:
    """What the pytest fixtures put together, for one device and these scenarios."""
    from harness.agent.session import AgentSession
    from harness.attribution.catalogue import Catalogue
    from harness.attribution.parties import Attributor
    from harness.detection.engine import Engine
    from harness.device.hands import Hands
    from harness.device.screen import Screen
    from harness.findings.expectations import LeakCheck
    from harness.run.conductor import Conductor, Lab
    from harness.traffic.ledger import Ledger

    catalogue = Catalogue.load()
    terms = dict.fromkeys(term for scenario in scenarios for term in scenario.terms)
    engine = Engine(
        tuple(terms),
        min_prefix=min(scenario.leak_check.min_prefix for scenario in scenarios),
        known=provided.known_identifiers(),
    )
    screen = Screen(provided.device, clock)

    def attributor(package: str, check: LeakCheck) -> Attributor:
        first_party = [entry.host for entry in check.allow if not entry.sdk]
        return Attributor(catalogue, first_party, package)

    return Conductor(
        Lab(
            device=provided.device,
            screen=screen,
            hands=Hands(provided.device, screen, AgentSession, clock),
            clock=clock,
            witness=provided,
            ledger=Ledger(engine, catalogue),
            attributor=attributor,
            output=output,
            redactor=_redactor(),
            on_result=on_result,
        )
    )


def _tell(results: Sequence[tuple[Case, Result]], output: Path, *, matrix: bool = False) -> int:
    """Print the summary, write the report; returns how many verdicts were not as expected."""
    from harness.report import document, wording
    from harness.report.matrix import matrix_lines
    from harness.run.reporting import item_reports

    reports = item_reports([result for _, result in results])
    redactor = _redactor()
    items = [document.item_json(report, redactor) for report in reports]
    reports = tuple(document.told(report, redactor) for report in reports)
    path = output / "report.json"
    document.write_document(document.document(items), path)
    width = min(shutil.get_terminal_size().columns, MAX_WIDTH)
    for line in wording.summary(reports, style=_style, width=width):
        click.echo(line)
    if matrix:
        told = matrix_lines(reports, style=_style)
        click.echo("\n".join(("", _style("Release by consent", "head"), *told)))
    expected = {result.test: case.expected for case, result in results}
    wrong = [report for report in reports if report.verdict is not expected[report.id]]
    click.echo("")
    for report in wrong:
        click.echo(f"not as expected: {report.id}: {report.verdict}, not {expected[report.id]}")
        click.echo(wording.failure_text(report, style=_style))
    as_expected = len(reports) - len(wrong)
    click.echo(f"{as_expected} of {len(reports)} verdicts are as expected")
    click.echo(f"report: {path}")
    if (output / PAGE).is_file():
        click.echo(f"to be read in a browser: {output / PAGE}")
    return len(wrong)


def _style(text: str, role: str) -> str:
    colour = COLOURS.get(role)
    if colour:
        return click.style(text, colour, bold=True)
    return click.style(text, bold=role == "head", dim=role == "dim")
