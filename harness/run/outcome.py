"""What a test is told of its item.

Input: all attempts of one test. Output: `Told`: the verdict over the attempts, the words of a
failure, the properties for JUnit. Refuses nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.findings.finding import Verdict
from harness.report import wording
from harness.run.conductor import Result
from harness.run.reporting import item_report


@dataclass(frozen=True, slots=True)
class Told:
    """`text` says why the verdict is no pass and where the artifacts are."""

    verdict: Verdict
    text: str
    properties: tuple[tuple[str, str], ...]

    @property
    def leak(self) -> bool:
        return self.verdict is Verdict.LEAK

    @property
    def inconclusive(self) -> bool:
        return self.verdict is Verdict.INCONCLUSIVE


def told_of(attempts: Sequence[Result]) -> Told:
    """The outcome of a test whose attempts these are, oldest first."""
    report = item_report(attempts)
    last = attempts[-1]
    text = f"{wording.failure_text(report)}\n  kept: {last.folder}"
    return Told(report.verdict, text, tuple(wording.junit_properties(report).items()))
