"""What a run of an app showed, brought down to what the next run is compared with.

Input: nothing. Output: frozen values: a `Baseline` is made from runs (`baseline.observing`),
written down and read back (`baseline.approval`), compared (`baseline.changes`). Refuses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from harness.baseline.model import AppVersion
from harness.findings.acceptance import Acceptance
from harness.findings.finding import FindingKind, Stage, Verdict


class Severity(StrEnum):
    """What a change demands; `note` demands nothing."""

    LEAK = "leak"
    INCONCLUSIVE = "inconclusive"
    NOTE = "note"

    @property
    def rank(self) -> int:
        return ("note", "inconclusive", "leak").index(self.value)

    @property
    def verdict(self) -> Verdict:
        return {"leak": Verdict.LEAK, "inconclusive": Verdict.INCONCLUSIVE}.get(
            self.value, Verdict.PASS
        )


class Change(StrEnum):
    """How two runs can differ."""

    NEW_RECIPIENT = "new-recipient"
    NO_LONGER_ALLOWED = "no-longer-allowed"
    NEW_DATA = "new-data"
    NEW_IDENTIFIER = "new-identifier"
    CHANGED_ENCODING = "changed-encoding"
    LAYER_BLIND = "layer-blind"
    NEW_CONTACT = "new-contact"
    RECIPIENT_GONE = "recipient-gone"
    CONTACT_GONE = "contact-gone"


@dataclass(frozen=True, slots=True)
class Cell:
    """A scenario under one consent state, with the layers that saw something in all its items.

    Attributes:
        version: the app's version that showed it.
    """

    scenario: str
    consent: str
    layers: tuple[str, ...] = ()
    version: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.scenario, self.consent

    def __str__(self) -> str:
        return f"{self.scenario} ({self.consent})" if self.consent else self.scenario


@dataclass(frozen=True, slots=True)
class Accepted:
    """Who accepts a finding, why, and until which day."""

    owner: str
    why: str
    until: date


EntryKey = tuple[str, str, str, Stage, FindingKind]


@dataclass(frozen=True, slots=True)
class Entry:
    """A recipient that got terms under one consent state.

    Attributes:
        sdk, sdk_id: of the catalogue, empty for none.
        leak: it was a finding; otherwise a rule of the scenarios allowed it.
        data, encodings, beside: see `harness.baseline.model.Flow`; sorted.
        seen_in: the scenarios that showed it, sorted.
        accept: only for a finding, and only where somebody said so.
    """

    host: str
    consent: str
    stage: Stage
    kind: FindingKind
    leak: bool
    company: str = ""
    sdk: str = ""
    sdk_id: str = ""
    data: tuple[str, ...] = ()
    encodings: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    seen_in: tuple[str, ...] = ()
    accept: Accepted | None = None

    @property
    def key(self) -> EntryKey:
        return self.host, self.sdk_id, self.consent, self.stage, self.kind

    @property
    def who(self) -> str:
        """`api.mixpanel.com (Mixpanel, Inc.; Mixpanel)`."""
        known = "; ".join(dict.fromkeys(filter(None, (self.company, self.sdk))))
        return f"{self.host} ({known})" if known else self.host


@dataclass(frozen=True, slots=True)
class Contact:
    """A host that the app talked to under one consent state, terms or not."""

    host: str
    consent: str
    company: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.host, self.consent


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is compared.

    Attributes:
        run: id of the run, or of the newest of several.
        approved: the day, None for what nobody approved (a run that is merely the last one).
        source: where it comes from, for people: a file, a run.
        blind_in: cells that were run and showed too little to be compared.
        rules: changes that a team wants to be graver than they are.
    """

    app: AppVersion
    run: str
    cells: tuple[Cell, ...]
    entries: tuple[Entry, ...]
    contacts: tuple[Contact, ...] = ()
    approved: date | None = None
    why: str = ""
    source: str = ""
    blind_in: tuple[Cell, ...] = ()
    rules: Mapping[Change, Severity] = field(default_factory=dict)

    def acceptances(self) -> tuple[Acceptance, ...]:
        """The findings that are accepted, for the verdict."""
        where = f"baseline of {self.app.label}"
        return tuple(
            Acceptance(
                host=each.host,
                sdk=each.sdk_id,
                stage=each.stage,
                kind=each.kind,
                consent=each.consent,
                data=each.data,
                encodings=each.encodings,
                beside=each.beside,
                owner=each.accept.owner,
                why=each.accept.why,
                until=each.accept.until,
                source=where,
            )
            for each in self.entries
            if each.accept is not None and each.leak
        )

    def version_of(self, scenario: str, consent: str) -> str:
        """The version that the cell is known from."""
        known = {cell.key: cell.version for cell in self.cells}
        return known.get((scenario, consent), "") or self.app.label
