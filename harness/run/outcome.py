"""What a test is told of its item.

Input: the conductor and one of its tests. Output: `Told`: the verdict over the attempts, the words
of a failure (credentials redacted), the properties for JUnit. Refuses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from harness.findings.finding import Verdict
from harness.report import wording
from harness.report.document import told
from harness.run.conductor import Conductor
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


def told_of(conductor: Conductor, test: str) -> Told:
    """The outcome of a test over all its attempts."""
    attempts, redactor = conductor.attempts(test), conductor.lab.redactor
    report = item_report(attempts)
    if redactor is not None:
        report = told(report, redactor)
    last = attempts[-1]
    text = f"{wording.failure_text(report)}\n  kept: {last.folder}"
    return Told(report.verdict, text, tuple(wording.junit_properties(report).items()))
