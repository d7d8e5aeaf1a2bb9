"""What the ledger needs of detection and attribution, as contracts.

Input: nothing. Output: protocols that `Engine`, `Attributor` and `Catalogue` satisfy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from harness.attribution.recipient import Recipient
from harness.detection.sighting import Scan
from harness.findings.facts import Vendor
from harness.traffic.exchange import Exchange


class Scanner(Protocol):
    """`harness.detection.engine.Engine`, as far as it is the ledger needs it."""

    def scan(self, exchange: Exchange) -> Scan: ...
    def learn(self) -> bool:
        """Whether what was scanned before should be scanned again."""


class Attributes(Protocol):
    """`harness.attribution.parties.Attributor`, as far as the ledger needs it."""

    def recipient(self, exchange: Exchange) -> Recipient: ...
    def proxied(self, exchange: Exchange, recipient: Recipient) -> Sequence[Vendor]: ...


class KnownSdk(Protocol):
    """An entry of the catalogue."""

    @property
    def name(self) -> str: ...
    @property
    def delivery(self) -> str:
        """`immediate`, `batched` or `other-process`."""


class Known(Protocol):
    """`harness.attribution.catalogue.Catalogue`, as far as the ledger needs it."""

    def by_id(self, sdk_id: str) -> KnownSdk | None: ...
    def names(self) -> Sequence[str]: ...
