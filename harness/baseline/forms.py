"""In which forms did whom get the term? Findings brought down to what a baseline compares.

Input: a judgement. Output: `Flow` values, each form once, in a stable order. What depends on the
word that was typed (percent escapes around its letters, its case) is no part of a form, so that
runs with other terms compare. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from harness.baseline.model import Flow
from harness.detection.decoders import ESCAPES
from harness.detection.sighting import Sighting
from harness.detection.terms import CASES, FORMS
from harness.findings.finding import Finding, Judgement

TERM, BEGINNING, DIGEST = "term", "beginning of the term", "digest of the term"
PLAIN = "plain"
_TEXTUAL = {name for name, _ in (*FORMS, *CASES)}


def data_of(sighting: Sighting) -> str:
    """What of the term it was."""
    if sighting.prefix:
        return BEGINNING
    return TERM if sighting.variant.partition("+")[0] in _TEXTUAL else DIGEST


def encoding_of(sighting: Sighting) -> str:
    """The decoders that lead to it, and the digest, outermost first."""
    steps = [step for step in sighting.decoding if step not in ESCAPES]
    if data_of(sighting) == DIGEST:
        steps.append(sighting.variant)
    return " > ".join(steps) or PLAIN


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


def beside_of(flows: Iterable[Flow]) -> tuple[str, ...]:
    """All kinds of identifiers beside a term, sorted."""
    return tuple(sorted({kind for flow in flows for kind in flow.beside}))
