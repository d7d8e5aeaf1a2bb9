"""What a person must judge, and the verdict, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from harness.attribution.recipient import Recipient
from harness.detection.sighting import Identifier, Sighting
from harness.traffic.exchange import Layer


class Verdict(StrEnum):
    """Ordered by `rank`: proof beats blindness, blindness beats a pass."""

    PASS = "pass"
    INCONCLUSIVE = "inconclusive"
    LEAK = "leak"

    @property
    def rank(self) -> int:
        return ("pass", "inconclusive", "leak").index(self.value)


class Stage(StrEnum):
    SENT = "sent"
    HANDED = "handed"


class FindingKind(StrEnum):
    """Why a sighting is a finding."""

    RECIPIENT = "recipient"
    CLEARTEXT = "cleartext"
    PROXIED = "proxied"


@dataclass(frozen=True, slots=True)
class Finding:
    """A sighting at a recipient that no rule allows, with what travelled beside it.

    Attributes:
        exchange: id of the exchange.
        allowed_by: the `allow` entry that covers it; empty for a finding.
        late: the sighting came while a later item was running.
    """

    kind: FindingKind
    sighting: Sighting
    recipient: Recipient
    stage: Stage
    seen_by: tuple[Layer, ...]
    stack: tuple[str, ...]
    identifiers: tuple[Identifier, ...]
    exchange: str
    allowed_by: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """One row of the verdict table that applied.

    Attributes:
        row: key of the row in `harness.findings.verdict`.
        verdict: what that row demands.
        detail: a sentence with the particulars.
        action: the next thing to do, empty when there is none.
    """

    row: str
    verdict: Verdict
    detail: str
    action: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answer for one scenario item (or one scanned file)."""

    verdict: Verdict
    reasons: tuple[Reason, ...]
    findings: tuple[Finding, ...]
    allowed: tuple[Finding, ...]
    notes: tuple[str, ...] = ()
