"""The verdict: one table, applied from top to bottom.

Input: `ItemFacts`. Output: `Judgement`. Each row names a situation, what it demands, and the pure
function that says whether it holds. The overall verdict is the gravest one that a row demands:
proof beats blindness, blindness beats a pass. `pass` is what is left when no row holds, never
something a row can ask for. The same table makes `docs/verdict.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from harness.findings import blindness, controls, proof
from harness.findings.blindness import Collected
from harness.findings.facts import ItemFacts, Outcome, ScannedExchange
from harness.findings.finding import Finding, Judgement, Reason, Verdict
from harness.findings.sorting import Sorted, sort_sightings

__all__ = ["TABLE", "ItemFacts", "Outcome", "Row", "ScannedExchange", "judge", "judge_attempts"]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table.

    Attributes:
        key: stable name, used in `report.json`.
        situation: when it holds, for people.
        result: what follows, for people.
        demands: the verdict when it holds; None when it only writes notes.
        collect: says whether and where it holds.
    """

    key: str
    situation: str
    result: str
    demands: Verdict | None
    collect: Callable[[Sorted], Collected]


LEAK, BLIND = Verdict.LEAK, Verdict.INCONCLUSIVE

TABLE: tuple[Row, ...] = (
    Row(
        "sent",
        "the term is in bytes that the app sent after typing began, at a host that no entry of"
        " `allow` covers",
        "leak",
        LEAK,
        proof.sent,
    ),
    Row(
        "witness-only",
        "the same, seen only by the witness",
        "leak, hook gap",
        LEAK,
        proof.witness_only,
    ),
    Row(
        "cleartext",
        "the term went to an allowed host without encryption",
        "leak, unless the host is waived",
        LEAK,
        proof.cleartext,
    ),
    Row(
        "proxied",
        "a request to an allowed host has the path or payload of a vendor and carries the term",
        "leak, unless an entry `{host, sdk}` of `allow` names that SDK",
        LEAK,
        proof.proxied,
    ),
    Row(
        "handed",
        "the term was handed to an SDK's entry point or to another process, and no sending of it"
        " was seen",
        "leak with stage `handed`, unless the destination is allowed",
        LEAK,
        proof.handed,
    ),
    Row(
        "indistinct",
        "a recipient that is not allowed had the term in the same field before it was typed",
        "inconclusive: the term is not distinctive",
        BLIND,
        blindness.indistinct,
    ),
    Row("step", "a step failed", "inconclusive", BLIND, blindness.steps),
    Row("crash", "the app crashed", "inconclusive", BLIND, blindness.crash),
    Row(
        "typing",
        "the term was not typed, or could not be read back from the field",
        "inconclusive",
        BLIND,
        blindness.typing,
    ),
    Row("queued", "the term waits in the app's files", "inconclusive", BLIND, blindness.queued),
    Row(
        "silent-batcher",
        "an SDK that sends in batches was live and sent nothing after the input",
        "inconclusive",
        BLIND,
        blindness.silent_batcher,
    ),
    Row(
        "unread-request",
        "a request to a host that is not allowed could not be read",
        "inconclusive, unless waived; a note at an allowed host",
        BLIND,
        blindness.unread_request,
    ),
    Row(
        "unexplained",
        "bytes left that nobody could read or explain",
        "inconclusive, unless waived; a note at an allowed host",
        BLIND,
        blindness.unexplained,
    ),
    Row(
        "hook-gap",
        "the witness saw an exchange that the hooks missed",
        "inconclusive, unless waived; a note when it was before typing began",
        BLIND,
        blindness.hook_gap,
    ),
    Row(
        "layer",
        "a capture layer in use was dead, or nothing proves that it works",
        "inconclusive",
        BLIND,
        blindness.layers,
    ),
    Row("lost", "messages of the agent were lost", "inconclusive", BLIND, blindness.lost_messages),
    Row(
        "process",
        "a process of the app was not instrumented",
        "inconclusive",
        BLIND,
        blindness.processes,
    ),
    Row(
        "agent",
        "the agent left before the end, or the instrumentation had a fault",
        "inconclusive",
        BLIND,
        blindness.agent,
    ),
    Row(
        "control",
        "the control host did not get the term; with `control: {off: why}`, a layer in use did not"
        " pass its self-check",
        "inconclusive",
        BLIND,
        controls.control,
    ),
    Row(
        "asserted",
        "a recipient that the scenario asserts (`assertLeaks`) did not get the term",
        "inconclusive",
        BLIND,
        controls.asserted,
    ),
    Row(
        "nothing-allowed",
        "`allow` is empty and there is no other control",
        "inconclusive",
        BLIND,
        controls.nothing_allowed,
    ),
    Row("allowed", "an allowed host got the term", "listed as allowed", None, proof.allowed),
    Row("received", "the term is in received bytes", "note", None, proof.received),
    Row("before-input", "the term was sent before typing began", "note", None, proof.before_input),
    Row(
        "prefix",
        "a single beginning of the term that is not all but its last character",
        "note; two growing ones to one recipient count as the term",
        None,
        proof.prefix,
    ),
    Row(
        "input-path",
        "the term was handed to the keyboard, autofill or spell checker, or inside the app",
        "note",
        None,
        proof.input_path,
    ),
    Row(
        "forwarded",
        "an SDK was handed the term and was seen to send it",
        "note; the sending is judged by the rows above",
        None,
        proof.forwarded,
    ),
)

ATTEMPTS = "attempts"
PASS = "pass"


def judge(facts: ItemFacts) -> Judgement:
    """Apply the whole table to one item."""
    item = sort_sightings(facts)
    collected = [(row, row.collect(item)) for row in TABLE]
    reasons = tuple(
        Reason(row.key, row.demands, detail.text, detail.action)
        for row, found in collected
        if row.demands is not None
        for detail in found.details
    )
    verdict = max((reason.verdict for reason in reasons), key=_rank, default=Verdict.PASS)
    if not reasons:
        text = "nothing found in what was read"
        reasons = (Reason(PASS, Verdict.PASS, text),)
    return Judgement(
        verdict,
        reasons,
        findings=_unique(finding for _, found in collected for finding in found.findings),
        allowed=_unique(finding for _, found in collected for finding in found.allowed),
        notes=tuple(note for _, found in collected for note in found.notes),
    )


def judge_attempts(attempts: Sequence[Judgement]) -> Judgement:
    """The verdict on an item that ran several times: a leak stands, else the last one counts.

    Raises:
        ValueError: there was no attempt.
    """
    if not attempts:
        raise ValueError("no attempt to judge")
    last = attempts[-1]
    leaks = [number for number, each in enumerate(attempts, 1) if each.verdict is LEAK]
    if not leaks or last.verdict is LEAK:
        return last
    worst = attempts[leaks[-1] - 1]
    text = f"attempt {leaks[-1]} of {len(attempts)} leaked; a later {last.verdict} does not undo it"
    return replace(worst, reasons=(*worst.reasons, Reason(ATTEMPTS, LEAK, text)))


def _rank(verdict: Verdict) -> int:
    return verdict.rank


def _unique(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each finding once: two rows may speak of the same one."""
    return tuple(dict.fromkeys(findings))
