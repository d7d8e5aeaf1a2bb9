"""Runs to the `Baseline` that they show.

Input: a reader and a run, or one item's facts and judgement. Output: a `Baseline` (nobody approved
it; `baseline.approval` writes that down). A cell counts only where all its items could be judged:
what was blind shows nobody's absence. A leak shows its recipients although the item was blind
elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from harness.attribution.recipient import Recipient
from harness.baseline.approved import Baseline, Cell, Contact, Entry, EntryKey
from harness.baseline.forms import flows_of
from harness.baseline.model import AppVersion, Flow, ItemInfo, RunInfo
from harness.baseline.reading import RunReader
from harness.errors import ScenarioError
from harness.findings.coverage import Coverage
from harness.findings.facts import ItemFacts
from harness.findings.finding import Judgement, Verdict

RUNS_BACK = 20
"""How many runs `latest` looks through for a cell that the last one did not run."""


@dataclass
class _Gathering:
    """What becomes a `Baseline`."""

    entries: dict[EntryKey, Entry] = field(default_factory=dict)
    contacts: dict[tuple[str, str], Contact] = field(default_factory=dict)
    layers: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    blind: set[tuple[str, str]] = field(default_factory=set)

    def flow(self, scenario: str, consent: str, flow: Flow) -> None:
        who = flow.recipient
        new = Entry(
            host=who.host,
            consent=consent,
            stage=flow.stage,
            kind=flow.kind,
            leak=not flow.allowed_by,
            company=who.company,
            sdk=who.sdk,
            sdk_id=who.sdk_id,
            data=(flow.data,),
            encodings=(flow.encoding,),
            beside=flow.beside,
            seen_in=(scenario,),
        )
        known = self.entries.get(new.key, new)
        self.entries[new.key] = replace(
            known,
            leak=known.leak or new.leak,
            data=_joined(known.data, new.data),
            encodings=_joined(known.encodings, new.encodings),
            beside=_joined(known.beside, new.beside),
            seen_in=_joined(known.seen_in, new.seen_in),
        )

    def contact(self, consent: str, who: Recipient) -> None:
        if who.host:
            self.contacts.setdefault((who.host, consent), Contact(who.host, consent, who.company))

    def item(self, scenario: str, consent: str, coverage: Coverage, judgement: Judgement) -> None:
        key = (scenario, consent)
        live = {state.layer.value for state in coverage.layers if state.proved}
        self.layers[key] = self.layers[key] & live if key in self.layers else live
        if any(reason.verdict is Verdict.INCONCLUSIVE for reason in judgement.reasons):
            self.blind.add(key)

    def made(self, app: AppVersion, run: str, source: str) -> Baseline:
        cells = [
            Cell(*key, tuple(sorted(live)), app.label) for key, live in sorted(self.layers.items())
        ]
        return Baseline(
            app=app,
            run=run,
            cells=tuple(cell for cell in cells if cell.key not in self.blind),
            entries=tuple(sorted(self.entries.values(), key=lambda entry: entry.key)),
            contacts=tuple(sorted(self.contacts.values(), key=lambda contact: contact.key)),
            source=source,
            blind_in=tuple(cell for cell in cells if cell.key in self.blind),
        )


def observed(reader: RunReader, run: RunInfo, package: str = "") -> Baseline:
    """What a run showed of one app.

    Args:
        package: needed only where the run tested several.

    Raises:
        ScenarioError: the run did not test that app, or tested several.
    """
    app = app_of(run, package)
    items = [item for item in reader.items(run.id) if item.app and item.app.package == app.package]
    gathered = _Gathering()
    keys = {item.key for item in items}
    for item, flow in reader.flows(run.id):
        if item.key in keys:
            gathered.flow(item.scenario, item.consent, flow)
    for item, talk in reader.contacted(run.id):
        if item.key in keys:
            gathered.contact(item.consent, talk.recipient)
    for item in last_attempts(items):
        report = reader.report(item)
        gathered.item(item.scenario, item.consent, report.coverage, report.judgement)
    return gathered.made(app, run.id, f"run {run.id}")


def observed_item(
    facts: ItemFacts, judgement: Judgement, scenario: str, app: AppVersion
) -> Baseline:
    """What one item shows, as it is judged."""
    gathered = _Gathering()
    for flow in flows_of(judgement):
        gathered.flow(scenario, facts.consent, flow)
    for each in facts.judged:
        gathered.contact(facts.consent, each.recipient)
    gathered.item(scenario, facts.consent, facts.coverage, judgement)
    return gathered.made(app, "", "this run")


def latest(reader: RunReader, package: str, before: str = "") -> Baseline | None:
    """The last complete runs of an app, each cell from the newest that could judge it.

    Args:
        before: id of the run that is going on, which is no reference for itself.
    """
    runs = [run for run in reader.runs(package, limit=RUNS_BACK) if run.complete]
    return joined(observed(reader, run, package) for run in runs if run.id != before)


def joined(baselines: Iterable[Baseline]) -> Baseline | None:
    """Several as one, newest first; None for none."""
    whole: Baseline | None = None
    for each in baselines:
        if whole is None:
            whole = each
            continue
        known = {cell.key for cell in whole.cells}
        new = {cell.key for cell in each.cells} - known
        if not new:
            continue
        consents = {consent for _, consent in new} - {consent for _, consent in known}
        entries = [entry for entry in each.entries if _shown_in(entry, new)]
        contacts = [contact for contact in each.contacts if contact.consent in consents]
        whole = replace(
            whole,
            cells=(*whole.cells, *(cell for cell in each.cells if cell.key in new)),
            entries=_united(whole.entries, entries),
            contacts=(*whole.contacts, *contacts),
        )
    return whole


def last_attempts(items: Sequence[ItemInfo]) -> tuple[ItemInfo, ...]:
    """The items that count for what could be seen: the last attempt of each test."""
    last: dict[str, ItemInfo] = {}
    for item in items:
        if item.test not in last or item.attempt > last[item.test].attempt:
            last[item.test] = item
    return tuple(last.values())


def app_of(run: RunInfo, package: str = "") -> AppVersion:
    """The build that a run tested.

    Raises:
        ScenarioError: none of that name, or several and no name.
    """
    found = [app for app in run.apps if not package or app.package == package]
    packages = sorted({app.package for app in found})
    if len(packages) == 1:
        return found[-1]
    raise ScenarioError(
        f"run {run.id} tested several apps" if packages else f"run {run.id} did not test this app",
        seen=", ".join(packages or sorted({app.package for app in run.apps})) or "no app",
        expected=package,
        action="name one: --app PACKAGE" if packages else "choose a run of the same app",
    )


def _shown_in(entry: Entry, cells: set[tuple[str, str]]) -> bool:
    return any((scenario, entry.consent) in cells for scenario in entry.seen_in)


def _united(first: tuple[Entry, ...], second: Iterable[Entry]) -> tuple[Entry, ...]:
    rows = {entry.key: entry for entry in first}
    for entry in second:
        known = rows.get(entry.key, entry)
        rows[entry.key] = replace(
            known,
            leak=known.leak or entry.leak,
            data=_joined(known.data, entry.data),
            encodings=_joined(known.encodings, entry.encodings),
            beside=_joined(known.beside, entry.beside),
            seen_in=_joined(known.seen_in, entry.seen_in),
        )
    return tuple(rows[key] for key in sorted(rows))


def _joined(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return first if first == second else tuple(sorted({*first, *second}))
