"""What the page's template shows, as values.

Input: a run and a language. Output: `Page`. Pure but for the walk over the run's exchanges, which
may be read from disk. Everything in it is plain text as it was recorded; the template escapes.
"""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.detection.engine import Engine
from harness.findings.coverage import LayerState
from harness.findings.finding import Finding, FindingKind, Reason, Stage, Verdict
from harness.report.grouping import Received, blind_spots, contacted, received
from harness.report.html.flow import Drawing, drawing
from harness.report.html.pictures import Room, Shown, shown
from harness.report.html.situations import heading
from harness.report.html.texts import Words
from harness.report.html.timeline import Allowance, Entry, timeline
from harness.report.model import AppRecord, Contact, ItemReport
from harness.report.moments import minute
from harness.report.run import ReportedItem, ReportedRun

HAR = "run.har"
MAX_ROWS = 12_000
"""Exchanges in the page that are told in brief."""


@dataclass(frozen=True, slots=True)
class Told:
    """A reason: what kind it is, what there is to it, what to do."""

    heading: str
    detail: str
    action: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Card:
    """One recipient, with links to where the page proves it."""

    got: Received
    remarks: tuple[str, ...]
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One item; `open` when it is no pass."""

    anchor: str
    name: str
    title: str
    report: ItemReport
    reasons: tuple[Told, ...]
    entries: tuple[Entry, ...]
    pictures: tuple[Shown, ...]
    pictures_left: int
    open: bool


@dataclass(frozen=True, slots=True)
class GridRow:
    """One scenario of one build with one term; a cell per consent state holds its items."""

    title: str
    app: str
    term: str
    cells: tuple[tuple[Item, ...], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """All of it; `several`: more than one build was tested.

    Attributes:
        to_har: command line that writes the run's exchanges; `to_scan` searches them again.
    """

    run: ReportedRun
    verdict: Verdict
    when: str
    lead: str
    cards: tuple[Card, ...]
    drawing: Drawing | None
    blind: tuple[Told, ...]
    consents: tuple[str, ...]
    grid: tuple[GridRow, ...]
    changes: tuple[tuple[str, Mapping[str, Any]], ...]
    allowed: tuple[tuple[Finding, str], ...]
    contacts: tuple[Contact, ...]
    items: tuple[Item, ...]
    to_har: str
    to_scan: str
    several: bool


def page(run: ReportedRun, words: Words) -> Page:
    """The whole page."""
    terms = tuple(dict.fromkeys(each.term for each in run.reports if each.term.strip()))
    engine = Engine(terms) if terms else None
    allowance, room = Allowance(MAX_ROWS), Room()
    items = tuple(
        _item(item, number, engine, allowance, room, words) for number, item in enumerate(run.items)
    )
    groups = received(run.reports)
    consents = tuple(dict.fromkeys(each.consent for each in run.reports))
    return Page(
        run=run,
        verdict=run.verdict,
        when="" if run.started_s is None else minute(run.started_s),
        lead=_lead(run.verdict, groups, words),
        cards=tuple(_card(each, run, allowance, words) for each in groups),
        drawing=drawing(groups, words("flow.own")),
        blind=tuple(_blind(run, words)),
        consents=consents,
        grid=_grid(items, consents),
        changes=tuple(
            (app, found) for app, found in run.changes.items() if isinstance(found, Mapping)
        ),
        allowed=_allowed(run.reports),
        contacts=contacted(run.reports),
        items=items,
        to_har=_command("report", "--output", HAR, run.id),
        to_scan=_command("scan", "--explain", "1", *(f"--term={term}" for term in terms[:1]), HAR),
        several=len(_builds(run.reports)) > 1,
    )


def _command(*words: str) -> str:
    """To be copied into a shell: what apps, scenarios and recordings name stays one word of it."""
    *before, last = words
    ends = ("--",) if last.startswith("-") else ()
    return shlex.join(["leak-harness", *before, *ends, last])


def _item(
    item: ReportedItem,
    number: int,
    engine: Engine | None,
    allowance: Allowance,
    room: Room,
    words: Words,
) -> Item:
    pictures, left = shown(item.pictures, room)
    return Item(
        anchor=f"item-{number}",
        name=item.name,
        title=item.title,
        report=item.report,
        reasons=tuple(_told(reason, words) for reason in item.report.judgement.reasons),
        entries=timeline(item, number, engine, allowance),
        pictures=pictures,
        pictures_left=left,
        open=item.report.verdict is not Verdict.PASS,
    )


def _told(reason: Reason, words: Words, count: int = 1) -> Told:
    return Told(heading(reason.row, words.language), reason.detail, reason.action, count)


def _blind(run: ReportedRun, words: Words) -> Iterable[Told]:
    if not run.complete:
        yield Told("", words("incomplete"), "")
    if not run.items:
        yield Told("", words("nothing"), "")
    for each in run.differences:
        if each.severity is Verdict.INCONCLUSIVE:
            yield Told(heading("baseline", words.language), each.detail, "")
    rows = {
        (reason.detail, reason.action): reason
        for report in run.reports
        for reason in report.judgement.reasons
        if reason.verdict is Verdict.INCONCLUSIVE
    }
    for detail, action, count in blind_spots(run.reports):
        yield _told(rows[detail, action], words, count)


def _lead(verdict: Verdict, groups: tuple[Received, ...], words: Words) -> str:
    if verdict is Verdict.LEAK:
        hosts = {group.recipient.host for group in groups}
        return words("leak.lead", len(hosts)) if hosts else words("leak.other")
    return words(f"{verdict.value}.lead")


def _card(group: Received, run: ReportedRun, allowance: Allowance, words: Words) -> Card:
    remarks = [
        words(group.kind.value) if group.kind is not FindingKind.RECIPIENT else "",
        words("handed") if group.stage is Stage.HANDED else "",
        words("late") if group.late else "",
    ]
    links = [
        allowance.anchors.get((number, finding.exchange), "")
        for number, report in enumerate(run.reports)
        for finding in report.judgement.findings
        if (finding.recipient.host, finding.recipient.sdk, finding.kind, finding.stage)
        == (group.recipient.host, group.recipient.sdk, group.kind, group.stage)
    ]
    return Card(group, tuple(filter(None, remarks)), tuple(dict.fromkeys(filter(None, links))))


def _grid(items: tuple[Item, ...], consents: tuple[str, ...]) -> tuple[GridRow, ...]:
    builds = _builds([item.report for item in items])
    rows: dict[tuple[str, str, str], dict[str, list[Item]]] = {}
    for item in items:
        build = builds[item.report.app] if item.report.app else ""
        key = (item.title or item.report.file or item.name, build, item.report.term)
        rows.setdefault(key, {}).setdefault(item.report.consent, []).append(item)
    return tuple(
        GridRow(*key, tuple(tuple(cells.get(each, ())) for each in consents))
        for key, cells in rows.items()
    )


def _builds(reports: Sequence[ItemReport]) -> dict[AppRecord, str]:
    """Each build by the name people know it by; of equal names, with its digest."""
    apps = dict.fromkeys(each.app for each in reports if each.app is not None)
    names = {app: f"{app.package} {app.version_name}".strip() for app in apps}
    counts = Counter(names.values())
    return {
        app: f"{name} (sha256 {app.sha256[:8]})" if counts[name] > 1 else name
        for app, name in names.items()
    }


def _allowed(reports: tuple[ItemReport, ...]) -> tuple[tuple[Finding, str], ...]:
    found = {
        (each.recipient.host, each.sighting.term, report.consent, each.allowed_by): each
        for report in reports
        for each in report.judgement.allowed
    }
    return tuple((each, key[2]) for key, each in found.items())


def layer_state(state: LayerState) -> str:
    """Key of the word for it."""
    if not state.in_use:
        return "layer.unused"
    if not state.installed:
        return "layer.dead"
    return "layer.proved" if state.proved else "layer.installed"
