"""Answers to one question: what of this run could not be seen, or not be trusted?

Input: sorted facts of an item. Output: `Collected`: reasons why a pass would be unfounded, and
notes for what a waiver, an allowed host or the time excuses. Each function is one row of the
table in `harness.findings.verdict`, which gives it its verdict.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from harness.findings.carriers import allowing, field_key, unread_gaps, witness_gap, witness_only
from harness.findings.coverage import Gap, LayerState
from harness.findings.facts import ItemFacts
from harness.findings.finding import Finding
from harness.findings.sorting import CLOCK_SLACK_S, Situation, Sorted, after_typing
from harness.traffic.exchange import Layer

WAIT_LONGER = "raise settleMs"
QUEUED_ADVICE = (
    "raise settleMs, so that it is sent and can be judged; if the file never leaves the device,"
    " waive it in leakCheck.blind: {file, why, until}"
)
CARRIED_ELSEWHERE = {
    Layer.JAVA_HTTP: (Layer.TLS, Layer.WITNESS),
    Layer.TLS: (Layer.WITNESS,),
    Layer.SOCKET: (Layer.WITNESS,),
    Layer.WEBVIEW: (Layer.WITNESS,),
}
"""Layers whose traffic all passes another one, whose proof will do while they are silent: what
they miss is a hook gap then. A layer that is dead is never excused."""


@dataclass(frozen=True, slots=True)
class Detail:
    """Particulars of one reason, as a sentence, and the next action."""

    text: str
    action: str = ""


@dataclass(frozen=True, slots=True)
class Collected:
    """What one row found."""

    details: tuple[Detail, ...] = ()
    findings: tuple[Finding, ...] = ()
    allowed: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()


def indistinct(item: Sorted) -> Collected:
    rows = [row for row in item.of(Situation.INDISTINCT) if row.allowed_by is None]
    places = sorted({field_key(row.scanned, row.sighting) for row in rows})
    action = "choose a term that does not occur in the app's own data"
    return Collected(
        tuple(
            Detail(
                f"{item.facts.term!r} is not distinctive: {host} had it in {field} already before"
                " it was typed",
                action,
            )
            for host, field in places
        )
    )


def queued(item: Sorted) -> Collected:
    details: list[Detail] = []
    notes: list[str] = []
    for each in sorted(item.facts.coverage.queued, key=lambda each: (each.file, each.detail)):
        place = f"{each.file} ({each.detail})" if each.detail else each.file
        waiver = item.facts.check.waived_file(each.file, item.facts.day)
        if waiver is None:
            details.append(Detail(f"the term was queued, not sent: {place}", QUEUED_ADVICE))
        else:
            notes.append(f"{place} holds the term; {waiver}")
    return Collected(tuple(details), notes=tuple(notes))


def silent_batcher(item: Sorted) -> Collected:
    """Says nothing of a term that was never typed: nobody can be holding it back."""
    if item.facts.typed_s is None:
        return Collected()
    return Collected(
        tuple(
            Detail(
                f"{sdk} sends in batches, was live and sent nothing after the input", WAIT_LONGER
            )
            for sdk in sorted(item.facts.coverage.silent_batchers)
        )
    )


def unread_request(item: Sorted) -> Collected:
    details: list[str] = []
    notes: list[str] = []
    listed = set(item.facts.coverage.unread)
    for scanned in item.facts.judged:
        gaps = unread_gaps(scanned)
        listed -= set(gaps)
        for gap in gaps if after_typing(item.facts, scanned.exchange) else ():
            sentence = f"a request to {gap.host} could not be read ({gap.detail})"
            if allowing(item.facts.check, scanned) is not None:
                notes.append(f"{sentence}; the host is allowed")
            else:
                _file(item.facts, gap, sentence, details, notes)
    for gap in listed:
        _file_unless_allowed(item.facts, gap, "could not be read", details, notes)
    return _collected(details, notes)


def unexplained(item: Sorted) -> Collected:
    details: list[str] = []
    notes: list[str] = []
    for gap in item.facts.coverage.unexplained:
        _file_unless_allowed(item.facts, gap, "stayed unexplained", details, notes)
    return _collected(details, notes)


def hook_gap(item: Sorted) -> Collected:
    details: list[str] = []
    notes: list[str] = []
    missed = {
        witness_gap(scanned.exchange)
        for scanned in item.facts.judged
        if witness_only(scanned.exchange)
    }
    for gap in missed | set(item.facts.coverage.hook_gaps):
        sentence = f"the hooks missed an exchange with {gap.host or 'an unknown host'}" + (
            f" ({gap.detail})" if gap.detail else ""
        )
        if gap.at_s and not _since_typing(item.facts, gap.at_s):
            notes.append(f"{sentence}, before typing began")
        else:
            _file(item.facts, gap, sentence, details, notes)
    return _collected(details, notes)


def layers(item: Sorted) -> Collected:
    """Dead layers, and installed ones that nothing proves to see anything."""
    states = item.facts.coverage.layers
    used = [state for state in states if state.in_use]
    proved = {state.layer for state in used if state.proved}
    details = [
        Detail(f"capture layer {state.layer} was dead: {state.detail or 'not installed'}")
        for state in used
        if not state.installed
    ]
    details += [
        Detail(
            f"capture layer {state.layer} was never seen to work",
            "let the scenario send something through it, or keep the self-check on",
        )
        for state in used
        if state.installed and not _proof_of(state, proved)
    ]
    if not any(state.layer is not Layer.WITNESS for state in used):
        details.append(Detail("no hook layer was in use at all"))
    return Collected(tuple(sorted(details, key=lambda detail: detail.text)))


def lost_messages(item: Sorted) -> Collected:
    count = item.facts.coverage.lost
    text = f"{count} messages of the agent were lost"
    return Collected((Detail(text, "run again on a less busy machine"),)) if count else Collected()


def processes(item: Sorted) -> Collected:
    return Collected(
        tuple(
            Detail(
                f"process {process.name} of the app was not instrumented"
                + (f": {process.detail}" if process.detail else "")
            )
            for process in sorted(item.facts.coverage.processes, key=lambda state: state.name)
            if not process.instrumented
        )
    )


def agent(item: Sorted) -> Collected:
    coverage = item.facts.coverage
    details = [Detail(f"instrumentation fault: {error}") for error in sorted(coverage.errors)]
    if coverage.detached:
        details.insert(0, Detail(f"the agent left before the end: {coverage.detached}"))
    return Collected(tuple(details))


def typing(item: Sorted) -> Collected:
    facts = item.facts
    if facts.typed_s is None:
        return Collected((Detail(f"{facts.term!r} was never typed"),))
    if facts.typing_confirmed:
        return Collected()
    seen = f": {facts.typing_detail}" if facts.typing_detail else ""
    action = "check the focused field, or try another typing method"
    return Collected((Detail(f"{facts.term!r} was not read back from the field{seen}", action),))


def steps(item: Sorted) -> Collected:
    return Collected(tuple(Detail(f"step failed: {step}") for step in item.facts.failed_steps))


def crash(item: Sorted) -> Collected:
    text = item.facts.crashed
    return Collected((Detail(f"the app crashed: {text}"),)) if text else Collected()


def _since_typing(facts: ItemFacts, at_s: float) -> bool:
    return facts.typed_s is None or at_s >= facts.typed_s - CLOCK_SLACK_S


def _proof_of(state: LayerState, proved: set[Layer]) -> bool:
    return state.proved or any(other in proved for other in CARRIED_ELSEWHERE.get(state.layer, ()))


def _file_unless_allowed(
    facts: ItemFacts, gap: Gap, what: str, details: list[str], notes: list[str]
) -> None:
    sentence = f"traffic to {gap.host or 'an unknown host'} {what}" + (
        f" ({gap.detail})" if gap.detail else ""
    )
    plain = [entry for entry in facts.check.allow if not entry.sdk]
    if gap.host and any(entry.covers(gap.host) for entry in plain):
        notes.append(f"{sentence}; the host is allowed")
    elif gap.at_s and facts.typed_s is not None and not _since_typing(facts, gap.at_s):
        notes.append(f"{sentence}, before typing began")
    else:
        _file(facts, gap, sentence, details, notes)


def _file(facts: ItemFacts, gap: Gap, sentence: str, details: list[str], notes: list[str]) -> None:
    """A reason, or a note if an unexpired waiver covers the host."""
    waiver = facts.check.waived(gap.host, facts.day) if gap.host else None
    if waiver is None:
        details.append(sentence)
    else:
        notes.append(f"{sentence}; {waiver}")


def _collected(details: Iterable[str], notes: Iterable[str]) -> Collected:
    action = "make it readable, or waive the host in leakCheck.blind with a reason and an end"
    found = tuple(Detail(text, action) for text in counted(details))
    return Collected(found, notes=counted(notes))


def counted(sentences: Iterable[str]) -> tuple[str, ...]:
    """Equal sentences once, with their number."""
    counts = sorted(Counter(sentences).items())
    return tuple(text if count == 1 else f"{text}, {count} times" for text, count in counts)
