"""Findings of many items, brought together by who received them.

Input: items. Output: `Received`: one per recipient, SDK, kind and stage, with all terms it got and
how often; blind spots; every host that was sent to. Pure. Recipients come by name, so that two runs
can be laid beside each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from harness.attribution.recipient import Recipient
from harness.findings.finding import Finding, FindingKind, Stage, Verdict
from harness.report.model import Contact, ItemReport

T = TypeVar("T")

PLATFORM = (
    "android.",
    "androidx.",
    "com.android.",
    "dalvik.",
    "java.",
    "javax.",
    "jdk.",
    "kotlin.",
    "kotlinx.",
    "libcore.",
    "okhttp3.",
    "okio.",
    "org.apache.harmony.",
    "org.conscrypt.",
    "retrofit2.",
    "sun.",
)
"""Packages whose frames name nobody: the platform and the libraries everybody uses."""


@dataclass(frozen=True, slots=True)
class Received:
    """What one recipient got.

    Attributes:
        terms: each term with the number of exchanges that carried it.
        places: location with the decoders that lead to it.
        frames: who sent it: the innermost frame that is not the platform's, then the app's own.
        companions: kind and value of the identifiers beside it.
    """

    recipient: Recipient
    kind: FindingKind
    stage: Stage
    terms: tuple[tuple[str, int], ...]
    places: tuple[tuple[str, tuple[str, ...]], ...]
    variants: tuple[str, ...]
    frames: tuple[str, ...]
    companions: tuple[tuple[str, str], ...]
    seen_by: tuple[str, ...]
    late: bool


def received(items: Sequence[ItemReport]) -> tuple[Received, ...]:
    """All findings, grouped."""
    groups: dict[tuple[str, str, str, str], list[tuple[ItemReport, Finding]]] = {}
    for item in items:
        for finding in item.judgement.findings:
            recipient = finding.recipient
            key = (recipient.host, recipient.sdk, finding.kind, finding.stage)
            groups.setdefault(key, []).append((item, finding))
    return tuple(_group(rows) for _, rows in sorted(groups.items(), key=lambda each: each[0]))


def _group(rows: list[tuple[ItemReport, Finding]]) -> Received:
    findings = [finding for _, finding in rows]
    carried: dict[str, set[tuple[str, str]]] = {}
    for item, finding in rows:
        carried.setdefault(finding.sighting.term, set()).add((item.id, finding.exchange))
    return Received(
        recipient=findings[0].recipient,
        kind=findings[0].kind,
        stage=findings[0].stage,
        terms=tuple((term, len(exchanges)) for term, exchanges in carried.items()),
        places=_once((each.sighting.location, each.sighting.decoding) for each in findings),
        variants=_once(each.sighting.variant for each in findings),
        frames=_once(
            frame for item, each in rows for frame in telling_frames(each.stack, _package(item))
        ),
        companions=_once((one.kind, one.value) for each in findings for one in each.identifiers),
        seen_by=_once(layer.value for each in findings for layer in each.seen_by),
        late=any(each.late for each in findings),
    )


def telling_frames(stack: Sequence[str], package: str) -> tuple[str, ...]:
    """The innermost frame that is not the platform's, and the app's own innermost one.

    Of a page's stack: the innermost one, and that of the script which the page got it by.
    """
    named = [frame for frame in stack if not frame.startswith(PLATFORM)]
    own = [frame for frame in named if package and frame.startswith(package + ".")]
    scripts = [_script(frame) for frame in named]
    others = (frame for frame, script in zip(named, scripts, strict=True) if script != scripts[0])
    loaders = list(others)[:1] if scripts and scripts[0] else []
    return _once([*named[:1], *own[:1], *loaders]) or tuple(stack[:1])


def _script(frame: str) -> str:
    """`https://own.example/a.js` of `load (https://own.example/a.js:9:19)`; empty for Java's."""
    found = re.search(r"\((https?://\S+?)(?::\d+)+\)$", frame)
    return found.group(1) if found else ""


def blind_spots(items: Sequence[ItemReport]) -> tuple[tuple[str, str, int], ...]:
    """Each reason for being inconclusive, its next action, and how many items it holds for."""
    counts: dict[tuple[str, str], set[str]] = {}
    for item in items:
        for reason in item.judgement.reasons:
            if reason.verdict is Verdict.INCONCLUSIVE:
                counts.setdefault((reason.detail, reason.action), set()).add(item.id)
    return tuple((detail, action, len(ids)) for (detail, action), ids in counts.items())


def contacted(items: Sequence[ItemReport]) -> tuple[Contact, ...]:
    """Every host that the apps sent to, with the sums over all items; the first party last."""
    rows: dict[str, Contact] = {}
    for item in items:
        for each in item.contacted:
            known = rows.get(each.host)
            rows[each.host] = each if known is None else _sum(known, each)
    return tuple(sorted(rows.values(), key=lambda row: (row.party == "first", row.host)))


def _sum(one: Contact, other: Contact) -> Contact:
    return replace(
        one,
        company=one.company or other.company,
        sdk=one.sdk or other.sdk,
        requests=one.requests + other.requests,
        sent_bytes=one.sent_bytes + other.sent_bytes,
        since_typing=one.since_typing + other.since_typing,
    )


def _package(item: ItemReport) -> str:
    return item.app.package if item.app else ""


def _once(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))
