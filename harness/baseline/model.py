"""What the run store holds, as values.

Input: nothing. Output: frozen values that `writing` takes and `reading` gives. Times are Unix
seconds of the host. Refuses nothing: a row that cannot be one of these is the reader's error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.attribution.recipient import Recipient
from harness.detection.sighting import Scan
from harness.findings.facts import ItemFacts, ScannedExchange
from harness.findings.finding import FindingKind, Stage, Verdict
from harness.report.model import ItemReport
from harness.traffic.exchange import Exchange


@dataclass(frozen=True, slots=True)
class AppVersion:
    """One build of an app. `signer` is what the device says of its certificate."""

    package: str
    version_name: str = ""
    version_code: int = 0
    sha256: str = ""
    signer: str = ""

    @property
    def label(self) -> str:
        """`1.4.0`, or the best that is known instead."""
        return self.version_name or (f"build {self.version_code}" if self.version_code else "?")


@dataclass(frozen=True, slots=True)
class About:
    """What judged a run: versions of this package, and digests of what decides.

    Attributes:
        harness: version of leak-harness.
        agent: sha256 of the agent's bundle, empty when none was loaded.
        engine: sha256 over the detection engine's code.
        catalogue: sha256 of the SDK catalogue.
        origin: `pytest`, `demo`, or where else the run came from.
    """

    harness: str = ""
    agent: str = ""
    engine: str = ""
    catalogue: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class RunInfo:
    """One run.

    Attributes:
        finished_s: None while it is going on, and for ever if it was killed.
        verdict: the gravest of its items' so far, by their last judgement.
        apps: the builds that were tested.
        items: how many items are stored.
        changes: what the run said of its baseline, as it was written (see `baseline.changes`).
    """

    id: str
    started_s: float
    finished_s: float | None
    verdict: Verdict
    redacted: bool
    about: About
    apps: tuple[AppVersion, ...] = ()
    items: int = 0
    changes: Mapping[str, Any] | None = None

    @property
    def complete(self) -> bool:
        return self.finished_s is not None


@dataclass(frozen=True, slots=True)
class ItemInfo:
    """One item of a run; an attempt is an item of its own.

    Attributes:
        key: the store's own number; `RunReader` takes it.
        name: the item's id in its run; attempts of one `test` differ in it.
        worker: the process that ran it, empty when there was one only.
        scenario: its file, relative to the project where it lies inside.
        title: the scenario's name.
        closed_as: the verdict it had before what was sent late.
        app: None when it could not be asked.
    """

    key: int
    run: str
    name: str
    test: str
    attempt: int
    worker: str
    scenario: str
    scenario_sha256: str
    title: str
    term: str
    consent: str
    verdict: Verdict
    closed_as: Verdict
    started_s: float
    ended_s: float
    app: AppVersion | None


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """One item as it is given to the store.

    Attributes:
        report: its entry of the report; `report.id` is the test's.
        facts: what the verdict rests on; None for an item that could not be played.
        folder: where its events, pictures and logs lie; None when there is none.
    """

    name: str
    report: ItemReport
    attempt: int = 1
    worker: str = ""
    scenario: str = ""
    scenario_sha256: str = ""
    title: str = ""
    closed_as: Verdict | None = None
    app: AppVersion | None = None
    facts: ItemFacts | None = None
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class StoredExchange:
    """An exchange as it is stored, with what was seen in it when it was judged.

    Attributes:
        whole: the store took nothing out of its request, so that it can be searched again.
    """

    exchange: Exchange
    scan: Scan
    recipient: Recipient
    proxied_by: str = ""
    proxied_id: str = ""
    proxied_why: str = ""
    whole: bool = True

    def scanned(self) -> ScannedExchange:
        """As the verdict takes it."""
        return ScannedExchange(
            self.exchange,
            self.scan,
            self.recipient,
            self.proxied_by,
            self.proxied_id,
            self.proxied_why,
        )


@dataclass(frozen=True, slots=True)
class Flow:
    """One form in which a recipient got a term.

    Attributes:
        data: `term`, `beginning of the term` or `digest of the term`.
        encoding: the decoders that lead to it, outermost first, and its digest: `base64 > json`.
        beside: kinds of the identifiers in the same exchange, sorted.
        allowed_by: the rule that allows it; empty for a finding.
        count: how often.
    """

    recipient: Recipient
    stage: Stage
    kind: FindingKind
    data: str
    encoding: str
    beside: tuple[str, ...] = ()
    allowed_by: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Contacted:
    """A recipient that an item's app talked to, terms or not."""

    recipient: Recipient
    exchanges: int
    first_s: float
    last_s: float


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One line of an item's event log; `fields` are those of `harness.run.events`."""

    event: str
    at_s: float
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Artifact:
    """A picture or a log; `kept` says whether the store has its content."""

    name: str
    sha256: str
    size_bytes: int
    kept: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """A recipient in the history of an app: who, in which versions, with terms or without."""

    recipient: Recipient
    first_version: str
    first_s: float
    last_version: str
    last_s: float
    runs: int
    got_term: bool
