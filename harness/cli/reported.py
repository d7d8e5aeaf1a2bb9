"""Stored runs and recordings as the formats of `leak-harness report` take them.

Input: a store's reader and a run, or a `RecordedRun`. Output: a `ReportedRun`. Exchanges of a store
are read when they are walked, so that a run of any size can be written; the store must stay open
until then. A recording holds no steps, pictures or baseline.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from harness.baseline.model import About, ItemInfo, RunInfo, StoredExchange
from harness.baseline.reading import RunReader
from harness.baseline.recorded import RecordedItem, RecordedRun
from harness.report.run import Happened, Known, Picture, ReportedItem, ReportedRun, Sent

PICTURES = (".png", ".jpg", ".jpeg", ".webp")


def of_store(reader: RunReader, run: RunInfo) -> ReportedRun:
    """A run of the store, with steps and pictures."""
    return ReportedRun(
        id=run.id,
        source=f"run {run.id}",
        items=tuple(_item(reader, item) for item in reader.items(run.id)),
        started_s=run.started_s,
        finished_s=run.finished_s,
        complete=run.complete,
        redacted=run.redacted,
        versions=_versions(run.about),
        changes=run.changes or {},
        history=tuple(_history(reader, run)),
        told=run.verdict,
    )


def of_recording(run: RecordedRun) -> ReportedRun:
    """A file that `runs export` wrote."""
    items = tuple(map(_recorded, run.items))
    facts = [item.facts for item in run.items if item.facts is not None]
    return ReportedRun(
        id=run.id,
        source=run.source,
        items=items,
        started_s=min((each.started_s for each in facts), default=None),
        finished_s=max((each.ended_s for each in facts), default=None),
        complete=run.complete,
        redacted=run.redacted,
        versions=_versions(run.about),
    )


def _history(reader: RunReader, run: RunInfo) -> Iterator[Known]:
    for package in dict.fromkeys(app.package for app in run.apps):
        if len(reader.runs(package, limit=2)) > 1:
            for seen in reader.history(package):
                versions = seen.first_version, seen.last_version
                yield Known(package, seen.recipient, *versions, seen.runs, seen.got_term)


def _item(reader: RunReader, item: ItemInfo) -> ReportedItem:
    return ReportedItem(
        name=item.name,
        test=item.test,
        report=reader.report(item),
        title=item.title,
        scenario=item.scenario,
        started_s=item.started_s,
        exchanges=_Stored(reader, item),
        events=tuple(Happened(one.event, one.at_s, one.fields) for one in reader.events(item)),
        pictures=tuple(_pictures(reader, item)),
    )


def _pictures(reader: RunReader, item: ItemInfo) -> Iterator[Picture]:
    for artifact in reader.artifacts(item):
        if artifact.kept and artifact.name.lower().endswith(PICTURES):
            content = reader.artifact(item, artifact.name)
            if content is not None:
                yield Picture(artifact.name, content)


def _recorded(item: RecordedItem) -> ReportedItem:
    return ReportedItem(
        name=item.name,
        test=item.test,
        report=item.report,
        scenario=item.report.file,
        started_s=item.facts.started_s if item.facts else None,
        exchanges=tuple(map(_sent, item.exchanges)),
    )


@dataclass(frozen=True, slots=True)
class _Stored:
    """The exchanges of an item of the store, read anew each time."""

    reader: RunReader
    item: ItemInfo

    def __iter__(self) -> Iterator[Sent]:
        return map(_sent, self.reader.exchanges(self.item))


def _sent(stored: StoredExchange) -> Sent:
    return Sent(stored.exchange, stored.recipient, stored.scan, stored.whole)


def _versions(about: About) -> dict[str, str]:
    named = {
        "harness": about.harness,
        "agent": about.agent,
        "engine": about.engine,
        "catalogue": about.catalogue,
    }
    return {name: value for name, value in named.items() if value}
