"""Digests of terms, precomputed once per run and looked up by their first 16 hex digits. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harness.detection.views import View


@dataclass(frozen=True, slots=True)
class DigestHit:
    """A digest inside a token: range in the token, term, name, steps that lead to the raw digest.

    Attributes:
        needs: context that must precede the token (a clause of key names), empty for none.
    """

    start: int
    end: int
    term: int
    variant: str
    steps: tuple[str, ...]
    needs: str = ""


class Digests:
    """The digests of `terms`."""

    def __init__(self, terms: Sequence[str], salts: Sequence[str] = ()) -> None:
        self.terms = tuple(terms)

    def in_token(self, token: bytes) -> Iterator[DigestHit]:
        return iter(())

    def confirmed(self, hit: DigestHit, data: bytes, start: int) -> bool:
        return True

    def raw_matches(self, view: View) -> list[object]:
        return []
