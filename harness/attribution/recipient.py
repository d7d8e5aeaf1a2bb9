"""Who got an exchange, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Party(StrEnum):
    FIRST = "first"
    THIRD = "third"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Recipient:
    """A recipient; fields that nothing is known of are empty.

    Attributes:
        host: as in the exchange; for a hand-over the receiving package.
        domain: registrable domain (public suffix list), or the host where there is none.
        company: by the catalogue.
        sdk: by the sender's stack if that names one, else by the host.
        sdk_id: the catalogue's id of `sdk`.
        basis: the opinions that `sdk` rests on: some of `stack`, `host`, `payload`.
        confidence: in `sdk`: `high` if two opinions agree on its vendor and none differs, `low` if
            one differs, else `medium`; empty without an SDK.
    """

    host: str
    domain: str
    company: str = ""
    sdk: str = ""
    sdk_id: str = ""
    party: Party = Party.UNKNOWN
    basis: tuple[str, ...] = ()
    confidence: str = ""

    def brief(self) -> dict[str, str]:
        """What each report says of it."""
        return {
            "host": self.host,
            "domain": self.domain,
            "company": self.company,
            "sdk": self.sdk,
            "party": self.party.value,
        }
