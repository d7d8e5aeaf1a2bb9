"""A finding that somebody accepted, with a name, a reason and an end; it comes from a baseline.

Input: the accepted form, and a sending. Output: whether this very sending is covered: the same
host, SDK, stage, kind and consent state, and no data, encoding or companion beyond what was
accepted. Nothing is covered in cleartext, after the end, or by a host above it. Blindness is never
covered. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from harness.attribution.recipient import Recipient
from harness.findings.finding import FindingKind, Stage


@dataclass(frozen=True, slots=True)
class Sending:
    """One sending as an acceptance looks at it.

    Attributes:
        data, encoding: see `harness.findings.forms`.
        beside: kinds of the identifiers in the same exchange.
        cleartext: anybody on the way could read it.
    """

    recipient: Recipient
    stage: Stage
    kind: FindingKind
    consent: str
    data: str
    encoding: str
    beside: frozenset[str]
    cleartext: bool = False


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What was accepted.

    Attributes:
        sdk: catalogue id of the SDK that sends, empty for none.
        data, encodings, beside: all that is covered.
        until: the last day on which it counts.
        source: where it is written down, for people.
    """

    host: str
    sdk: str
    stage: Stage
    kind: FindingKind
    consent: str
    data: tuple[str, ...]
    encodings: tuple[str, ...]
    beside: tuple[str, ...]
    owner: str
    why: str
    until: date
    source: str

    def names(self, sending: Sending) -> bool:
        """Whether it speaks of this recipient, in whatever form."""
        recipient = sending.recipient
        who = (recipient.host, recipient.sdk_id, sending.stage, sending.kind, sending.consent)
        return who == (self.host, self.sdk, self.stage, self.kind, self.consent)

    def covers(self, sending: Sending, on: date) -> bool:
        return (
            self.names(sending)
            and on <= self.until
            and not sending.cleartext
            and sending.data in self.data
            and sending.encoding in self.encodings
            and sending.beside <= set(self.beside)
        )

    def __str__(self) -> str:
        return f"{self.source}: accepted by {self.owner} until {self.until}: {self.why}"


def covering(acceptances: Iterable[Acceptance], sending: Sending, on: date) -> Acceptance | None:
    """The acceptance that covers the sending on that day."""
    return next((each for each in acceptances if each.covers(sending, on)), None)


def expired(acceptances: Iterable[Acceptance], sending: Sending, on: date) -> Acceptance | None:
    """An acceptance of the recipient whose end has come."""
    return next((each for each in acceptances if each.names(sending) and on > each.until), None)
