"""Verdicts are ordered: proof beats blindness, blindness beats a pass."""

from __future__ import annotations

from harness.findings.finding import Verdict


def test_order() -> None:
    assert sorted(Verdict, key=lambda verdict: verdict.rank) == [
        Verdict.PASS,
        Verdict.INCONCLUSIVE,
        Verdict.LEAK,
    ]
