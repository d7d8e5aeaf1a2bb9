"""Which runs a scenario asks for: one cell for each term under each consent state.

Input: a scenario. Output: cells in the order of the file, each with the name that a test id shows.
Refuses nothing: the reader has refused scenarios without terms.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from harness.scenario.model import Consent, Scenario


@dataclass(frozen=True, slots=True)
class Cell:
    """One run: `term` typed while the consent is `consent`."""

    term: str
    consent: Consent
    label: str


def cells(scenario: Scenario) -> tuple[Cell, ...]:
    """The cells of `scenario`; the consent is part of the label where there are several."""
    several = len(scenario.consent) > 1
    return tuple(
        Cell(term, consent, f"{shown(term)}-{consent.value}" if several else shown(term))
        for consent in scenario.consent
        for term in scenario.terms
    )


def shown(term: str) -> str:
    """`term` as a test id may hold it: nothing invisible, no line breaks, no `::` or brackets."""
    safe = "".join(
        f"\\u{{{ord(ch):x}}}" if unicodedata.category(ch) in ("Cf", "Cc", "Zl", "Zp", "Cs") else ch
        for ch in term
    )
    return safe.replace("[", "(").replace("]", ")").replace("::", ":")
