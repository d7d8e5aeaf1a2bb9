"""A whole stored run, as the formats of `leak-harness report` take it.

Input: nothing. Output: frozen values that the command fills from the run store or a recording.
Times are Unix seconds of the host. It refuses to call a run a pass that was never finished.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.attribution.recipient import Recipient
from harness.detection.sighting import Scan
from harness.findings.finding import Judgement, Verdict
from harness.findings.verdict import judge_attempts
from harness.report.model import ItemReport, overall
from harness.traffic.exchange import Exchange


@dataclass(frozen=True, slots=True)
class Sent:
    """An exchange of an item, with what was seen in it when it was judged.

    Attributes:
        whole: nothing was taken out of its request when it was stored.
    """

    exchange: Exchange
    recipient: Recipient
    scan: Scan
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of an item's event log; `event` and `fields` are those of `harness.run.events`."""

    event: str
    at_s: float
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Picture:
    """An image as the run saved it; `name` is its file's."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Known:
    """A recipient over all stored runs of an app, with the versions that talked to it.

    Attributes:
        runs: in how many runs it was seen.
        got_term: it got a term in one of them.
    """

    package: str
    recipient: Recipient
    first_version: str
    last_version: str
    runs: int
    got_term: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not as in the baseline; `severity` is None where it is only noted."""

    package: str
    change: str
    severity: Verdict | None
    detail: str
    since: str = ""
    consent: str = ""


@dataclass(frozen=True, slots=True)
class ReportedItem:
    """One item; an attempt is an item of its own.

    Attributes:
        name: its id in the run; attempts of one `test` differ in it.
        title: the scenario's name, empty when it has none.
        scenario: its file, relative to the project where it lies inside.
        started_s: None when the source does not say.
        exchanges: by time; may be walked several times, and may be read from disk each time.
    """

    name: str
    test: str
    report: ItemReport
    title: str = ""
    scenario: str = ""
    started_s: float | None = None
    exchanges: Iterable[Sent] = ()
    events: tuple[Happened, ...] = ()
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportedRun:
    """One run.

    Attributes:
        source: where it was read from, for people.
        started_s: None when the source does not say; so is `finished_s`.
        complete: it was finished; a killed one is not.
        redacted: parts of what was sent were taken out when it was stored.
        versions: what judged it, by name.
        changes: what differs from the baseline, per package (see `harness.baseline.comparing`).
        told: the verdict that was stored with it; what changed since the baseline may have made
            it graver than any item's.
        history: everybody that the apps talked to in any stored run; empty when there is one only.
    """

    id: str
    source: str
    items: tuple[ReportedItem, ...]
    started_s: float | None = None
    finished_s: float | None = None
    complete: bool = True
    redacted: bool = True
    versions: Mapping[str, str] = field(default_factory=dict)
    changes: Mapping[str, Any] = field(default_factory=dict)
    history: tuple[Known, ...] = ()
    told: Verdict | None = None

    @property
    def reports(self) -> tuple[ItemReport, ...]:
        return tuple(item.report for item in self.items)

    @property
    def verdict(self) -> Verdict:
        """Over all tests and their attempts, and what changed; never lighter than it was told."""
        tests: dict[str, list[Judgement]] = {}
        for item in self.items:
            tests.setdefault(item.test, []).append(item.report.judgement)
        verdicts = [judge_attempts(attempts).verdict for attempts in tests.values()]
        verdicts += [each.severity for each in self.differences if each.severity]
        verdicts += [self.told] if self.told else []
        if not self.complete:
            verdicts.append(Verdict.INCONCLUSIVE)
        return overall(verdicts)

    @property
    def differences(self) -> tuple[Difference, ...]:
        """What changed since the baseline, and where that could not be told, app by app."""
        return tuple(
            each
            for package, found in self.changes.items()
            if isinstance(found, Mapping)
            for each in _differences(package, found)
        )

    @property
    def apps(self) -> tuple[str, ...]:
        """`package version` of each build that was tested."""
        known = (item.report.app for item in self.items)
        named = (f"{app.package} {app.version_name}".strip() for app in known if app)
        return tuple(dict.fromkeys(named))


def _differences(package: str, found: Mapping[str, Any]) -> Iterator[Difference]:
    grave = {each.value: each for each in (Verdict.LEAK, Verdict.INCONCLUSIVE)}
    for each in found.get("changes", ()):
        yield Difference(
            package,
            str(each.get("change", "")),
            grave.get(str(each.get("severity", ""))),
            str(each.get("detail", "")),
            str(each.get("since", "")),
            str(each.get("consent", "")),
        )
    for cell in found.get("blind", ()):
        detail = f"{cell}: could not see everything, so nothing that is missing there is gone"
        yield Difference(package, "blind", Verdict.INCONCLUSIVE, detail)
