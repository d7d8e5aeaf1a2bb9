"""The matcher's answer about one exchange, as values."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LOGGED_IN = re.compile(r"(?i)sess|auth|token|jwt|csrf|xsrf|login|(?<![a-z])sid(?![a-z])")
"""Names of cookies that keep somebody logged in: `JSESSIONID`, `connect.sid`, `access_token`."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A term found in an exchange.

    Attributes:
        term: the term as the scenario spells it.
        variant: which form of it was found (`nfc`, `accent-folded`, `prefix[5]`, `sha256`, ...).
        location: the place in words a person can follow: `url.query[q]`,
            `header[cookie].fbp`, `body.json$.events[0].props.query`, ...; a response's locations
            start with `response.`.
        decoding: the decoders that lead from the raw bytes to the match, outermost first.
        range: half-open byte range in the raw bytes of `part` that holds the match (for a match
            under a decoder: the range of the encoded value).
        part: the raw bytes that `range` counts in: `url`, `header[name]`, `body`,
            `response.header[name]`, `response.body`.
        prefix: how many grapheme clusters of the term were found; 0 when it was whole.
    """

    term: str
    variant: str
    location: str
    decoding: tuple[str, ...]
    range: tuple[int, int]
    part: str
    prefix: int = 0

    @property
    def in_response(self) -> bool:
        return self.part.startswith("response.")


@dataclass(frozen=True, slots=True)
class Identifier:
    """A companion: something beside a term that says whose it is.

    Attributes:
        kind: `advertising-id`, `android-id`, `install-id`, `cookie`, `email`, ...
        exact: True when the value was known beforehand (the device told it), False when a
            pattern guessed it.
    """

    kind: str
    value: str
    location: str
    exact: bool = False

    @property
    def credential(self) -> bool:
        """Whoever has it can act as its owner: an authorization, or a cookie named like one."""
        cookie = self.location.rpartition("header[cookie].")[2] if self.kind == "cookie" else ""
        return self.kind == "auth-token" or bool(_LOGGED_IN.search(cookie))


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of an exchange that could not be read; `reason` is a clause."""

    part: str
    reason: str

    @property
    def in_response(self) -> bool:
        return self.part.startswith("response.")


@dataclass(frozen=True, slots=True)
class Scan:
    """All that the matcher has to say about one exchange."""

    sightings: tuple[Sighting, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    unread: tuple[Unread, ...] = ()
