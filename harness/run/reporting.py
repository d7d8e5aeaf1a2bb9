"""Results of a session as report items: one per test, its attempts brought together.

Input: the conductor's results. Output: `ItemReport`s, which the report room writes and words.
Refuses nothing. A leak on any attempt stands; otherwise the last attempt counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from typing import TypeVar

from harness.device.facts import AppInfo, DeviceInfo
from harness.errors import HarnessError
from harness.findings.facts import ItemFacts
from harness.findings.sorting import after_typing
from harness.findings.verdict import judge_attempts
from harness.report.model import (
    AppRecord,
    Contact,
    DeviceRecord,
    ItemReport,
    judgement_of_error,
)
from harness.run.conductor import Result
from harness.traffic.exchange import Kind

R = TypeVar("R", AppRecord, DeviceRecord)


def item_reports(results: Iterable[Result]) -> tuple[ItemReport, ...]:
    """The report items of all tests, in the order of their first attempts."""
    tests: dict[str, list[Result]] = {}
    for result in results:
        tests.setdefault(result.test, []).append(result)
    return tuple(item_report(attempts) for attempts in tests.values())


def item_report(attempts: Sequence[Result]) -> ItemReport:
    """The report item of one test from all its attempts, oldest first."""
    last = attempts[-1]
    judgement = judge_attempts([attempt.judgement for attempt in attempts])
    told = max((attempt.first for attempt in attempts), key=lambda verdict: verdict.rank)
    changed = any(attempt.first is not attempt.judgement.verdict for attempt in attempts)
    return ItemReport(
        id=last.test,
        file=last.file,
        term=last.cell.term,
        consent=last.cell.consent.value,
        judgement=judgement,
        app=_record(AppRecord, last.app) if last.app else None,
        device=_record(DeviceRecord, last.device),
        coverage=last.facts.coverage,
        attempts=tuple(attempt.judgement.verdict for attempt in attempts),
        exchanges=sum(len(attempt.facts.judged) for attempt in attempts),
        revised=told if changed else None,
        contacted=contacts([attempt.facts for attempt in attempts]),
        duration_s=sum(attempt.facts.ended_s - attempt.facts.started_s for attempt in attempts),
    )


def contacts(facts: Sequence[ItemFacts]) -> tuple[Contact, ...]:
    """Every host that the app sent to, over all attempts; a hand-over has a package and no host."""
    rows: dict[str, Contact] = {}
    for item in facts:
        for each in item.judged:
            recipient, exchange = each.recipient, each.exchange
            if exchange.kind is Kind.HANDOVER or not exchange.host:
                continue
            known = rows.get(exchange.host)
            base = known or Contact(exchange.host, recipient.party.value)
            rows[exchange.host] = replace(
                base,
                company=base.company or recipient.company,
                sdk=base.sdk or recipient.sdk,
                requests=base.requests + 1,
                sent_bytes=base.sent_bytes + exchange.request.body.size_bytes,
                since_typing=base.since_typing + after_typing(item, exchange),
            )
    return tuple(rows[host] for host in sorted(rows))


def unrun_report(test: str, file: str, term: str, consent: str, why: HarnessError) -> ItemReport:
    """The report item of a test that could not be played at all."""
    return ItemReport(
        id=test,
        file=file,
        term=term,
        consent=consent,
        judgement=judgement_of_error(why),
    )


def _record(kind: type[R], info: AppInfo | DeviceInfo) -> R:
    """The part of a device fact that goes into the report: fields of the same names."""
    return kind(**{field.name: getattr(info, field.name) for field in fields(kind)})
