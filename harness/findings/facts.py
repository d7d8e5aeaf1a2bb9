"""Everything the verdict on one item rests on, as values.

One item is one scenario cell: one term typed once under one consent state. Times are Unix seconds
of the host.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import zip_longest
from typing import Protocol

from harness.attribution.recipient import Recipient
from harness.detection.sighting import Scan
from harness.findings.coverage import Coverage
from harness.findings.expectations import LeakCheck
from harness.traffic.exchange import Exchange

JOINT = " + "
"""Between the SDKs that one request looks like."""


class Vendor(Protocol):
    """A vendor's wire signature; see `harness.attribution.signatures.Signature`."""

    @property
    def sdk_id(self) -> str: ...
    @property
    def source(self) -> str: ...


class Named(Protocol):
    """Who has a name."""

    @property
    def name(self) -> str: ...


class Names(Protocol):
    """`harness.attribution.catalogue.Catalogue`, as far as it tells names."""

    def by_id(self, sdk_id: str) -> Named | None: ...


def proxied_for(vendors: Sequence[Vendor], catalogue: Names) -> tuple[str, str, str]:
    """`proxied_by`, `proxied_id` and `proxied_why` of an exchange that looks like theirs."""
    known = [(vendor.sdk_id, catalogue.by_id(vendor.sdk_id)) for vendor in vendors]
    return (
        JOINT.join(sdk.name if sdk else sdk_id for sdk_id, sdk in known),
        JOINT.join(sdk_id for sdk_id, _ in known),
        JOINT.join(vendor.source for vendor in vendors),
    )


@dataclass(frozen=True, slots=True)
class ScannedExchange:
    """An exchange with what was found in it and who got it.

    Attributes:
        proxied_by: the SDK whose path or payload this is although the host is not the SDK's own
            (first-party proxying); empty otherwise. Where a request looks like that of several,
            all of them, joined by `JOINT`.
        proxied_id: the catalogue's id of that SDK; joined likewise, in the same order.
        proxied_why: the signature that says so, as a clause.
    """

    exchange: Exchange
    scan: Scan
    recipient: Recipient
    proxied_by: str = ""
    proxied_id: str = ""
    proxied_why: str = ""

    @property
    def proxied(self) -> tuple[tuple[str, str], ...]:
        """Name and id of each SDK that it is proxied for."""
        if not self.proxied_by and not self.proxied_id:
            return ()
        names, ids = self.proxied_by.split(JOINT), self.proxied_id.split(JOINT)
        return tuple(zip_longest(names, ids, fillvalue=""))


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """The facts about one item.

    Attributes:
        item: id of the item.
        term: what was to be typed.
        other_terms: all other terms of the run.
        consent: consent state of the cell, empty when the scenario does not speak of it.
        started_s: when the item began.
        typed_s: when typing of the term began; None when it never did.
        ended_s: when the item's capture window closed, flush included.
        typing_confirmed: the text was read back from the field.
        typing_detail: what was read back instead.
        failed_steps: a sentence per failed step.
        crashed: what is known of a crash of the app, empty when there was none.
        judged: exchanges of the item's window, and later ones that carry its term.
        asserted_leaks: hosts that the scenario asserts to receive the term (`assertLeaks`).
    """

    item: str
    term: str
    package: str
    started_s: float
    typed_s: float | None
    ended_s: float
    check: LeakCheck
    judged: tuple[ScannedExchange, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)
    other_terms: tuple[str, ...] = ()
    consent: str = ""
    typing_confirmed: bool = False
    typing_detail: str = ""
    failed_steps: tuple[str, ...] = ()
    crashed: str = ""
    asserted_leaks: tuple[str, ...] = ()

    @property
    def day(self) -> date:
        """The day (UTC) on which waivers are looked at."""
        return datetime.fromtimestamp(self.ended_s, UTC).date()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the run knows about an item when it closes; the ledger adds the traffic."""

    typing_confirmed: bool
    typing_detail: str = ""
    failed_steps: tuple[str, ...] = ()
    crashed: str = ""
    coverage: Coverage = field(default_factory=Coverage)
    asserted_leaks: tuple[str, ...] = ()
