"""In which forms did whom get the term? Findings brought down to what a baseline compares.

Input: a judgement. Output: `Flow` values, each form once, in a stable order. Pure.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from harness.baseline.model import Flow
from harness.findings.finding import Finding, Judgement
from harness.findings.forms import data_of, encoding_of


def flow_of_finding(finding: Finding) -> Flow:
    return Flow(
        recipient=finding.recipient,
        stage=finding.stage,
        kind=finding.kind,
        data=data_of(finding.sighting),
        encoding=encoding_of(finding.sighting),
        beside=tuple(sorted({each.kind for each in finding.identifiers})),
        allowed_by=finding.allowed_by,
    )


def flows_of(judgement: Judgement) -> tuple[Flow, ...]:
    """Each form of findings and of what is allowed once, with its number."""
    counts = Counter(map(flow_of_finding, (*judgement.findings, *judgement.allowed)))
    return tuple(
        replace(flow, count=count) for flow, count in sorted(counts.items(), key=_in_order)
    )


def _in_order(row: tuple[Flow, int]) -> tuple[object, ...]:
    return flow_key(row[0])


def flow_key(flow: Flow) -> tuple[object, ...]:
    """What tells two forms apart, in the order in which people look for them."""
    recipient = flow.recipient
    who = (recipient.host, recipient.sdk, flow.stage.value, flow.kind.value)
    return (*who, flow.data, flow.encoding, flow.beside, flow.allowed_by, recipient.basis)
