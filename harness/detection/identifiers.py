"""Companions: identifiers that travel beside a term. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from harness.detection.sighting import Identifier


class NamedBytes(Protocol):
    """What is searched: a part of an exchange."""

    @property
    def name(self) -> str: ...

    @property
    def data(self) -> bytes: ...


class IdentifierFinder:
    """Finds the device's own values exactly and others by pattern."""

    def __init__(self, known: Sequence[Identifier]) -> None:
        self.known = tuple(known)

    def find(self, parts: Iterable[NamedBytes]) -> tuple[Identifier, ...]:
        return ()
