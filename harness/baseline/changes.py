"""What is different between a baseline and what was seen now: one table of rules.

Input: two `Baseline` values. Output: `Changed` values, the gravest first, and the cells that cannot
be compared. Pure. What appears is told wherever it appears; what disappeared is told only where the
same scenarios were run again under the same consent and could see. A change at a recipient that the
scenarios allow is a note, unless the baseline's own `rules` make it graver; they never make
anything lighter. An encoding or a companion of an accepted finding that was not accepted is a leak,
because the finding stands (`harness.findings.acceptance`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from harness.baseline.approved import Baseline, Cell, Change, Entry, Severity
from harness.findings.blindness import CARRIED_ELSEWHERE
from harness.findings.finding import Stage
from harness.traffic.exchange import Layer

NETWORK = (Layer.JAVA_HTTP, Layer.TLS, Layer.SOCKET, Layer.WEBVIEW)
"""Layers whose silence may hide a sending; the others only add to what these see."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of change: when it holds, and what it demands.

    Attributes:
        finding: severity where the recipient is a finding.
        allowed: severity where a rule of the scenarios allows it, or nobody got a term.
    """

    change: Change
    what: str
    finding: Severity
    allowed: Severity


L, B, N = Severity.LEAK, Severity.INCONCLUSIVE, Severity.NOTE

RULES: tuple[Rule, ...] = (
    Rule(Change.NEW_RECIPIENT, "somebody gets a term who did not before", L, N),
    Rule(Change.NO_LONGER_ALLOWED, "a known recipient is not allowed any more", L, N),
    Rule(Change.NEW_DATA, "a known recipient gets another kind of data", L, N),
    Rule(Change.NEW_IDENTIFIER, "an identifier travels beside the term that did not", L, N),
    Rule(Change.CHANGED_ENCODING, "a known recipient gets the term in another encoding", L, N),
    Rule(Change.LAYER_BLIND, "a capture layer saw traffic before and is blind now", B, B),
    Rule(Change.NEW_CONTACT, "the app talks to a host that it did not talk to", N, N),
    Rule(Change.RECIPIENT_GONE, "somebody who got a term does not get it any more", N, N),
    Rule(Change.CONTACT_GONE, "the app does not talk to a host any more", N, N),
)

_RULES = {rule.change: rule for rule in RULES}


@dataclass(frozen=True, slots=True)
class Changed:
    """One difference.

    Attributes:
        since: version of the app that it is compared with.
        host, company, sdk: of the recipient, empty for a layer.
        detail: a sentence.
    """

    change: Change
    severity: Severity
    since: str
    consent: str
    detail: str
    host: str = ""
    company: str = ""
    sdk: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences, and where there is nothing to compare with.

    Attributes:
        new_cells: run now, and not in the baseline.
        not_run: in the baseline, and not run now.
        blind: run now, and not able to see.
    """

    changes: tuple[Changed, ...]
    new_cells: tuple[Cell, ...] = ()
    not_run: tuple[Cell, ...] = ()
    blind: tuple[Cell, ...] = ()

    @property
    def severity(self) -> Severity:
        """What the comparison demands: a blind cell hides what is new in it."""
        found = [each.severity for each in self.changes]
        found += [Severity.INCONCLUSIVE] * bool(self.blind)
        return max(found, key=lambda severity: severity.rank, default=Severity.NOTE)


def compare(before: Baseline, now: Baseline) -> Comparison:
    """Everything that is different now."""
    run = {cell.key for cell in (*now.cells, *now.blind_in)}
    known = {cell.key for cell in before.cells}
    found = [
        *_appeared(before, now),
        *_contacts(before, now),
        *_layers(before, now),
        *_disappeared(before, now),
    ]
    return Comparison(
        changes=tuple(sorted(found, key=_order)),
        new_cells=tuple(cell for cell in now.cells if cell.key not in known),
        not_run=tuple(cell for cell in before.cells if cell.key not in run),
        blind=now.blind_in,
    )


def _appeared(before: Baseline, now: Baseline) -> Iterator[Changed]:
    known = {entry.key: entry for entry in before.entries}
    talked = {contact.key for contact in before.contacts}
    for entry in now.entries:
        former = known.get(entry.key)
        if former is None:
            spoken = (entry.host, entry.consent) in talked
            change = Change.NEW_DATA if spoken else Change.NEW_RECIPIENT
            yield _of(before, entry, change, _appearance(entry, spoken))
            continue
        if entry.leak and not former.leak:
            text = f"{entry.who} was allowed and is not any more"
            yield _of(before, entry, Change.NO_LONGER_ALLOWED, text)
        for change, what, new in (
            (Change.NEW_DATA, "kind of data", _new(entry.data, former.data)),
            (Change.NEW_IDENTIFIER, "beside the term", _new(entry.beside, former.beside)),
            (Change.CHANGED_ENCODING, "encoding", _new(entry.encodings, former.encodings)),
        ):
            if new:
                text = f"{entry.who}: new {what}: {', '.join(new)}"
                yield _of(before, entry, change, text)


def _appearance(entry: Entry, spoken: bool) -> str:
    verb = "was handed" if entry.stage is Stage.HANDED else "gets"
    text = f"{entry.who} {verb} {' and '.join(entry.data)}"
    if entry.beside:
        text += f" with {', '.join(entry.beside)}"
    return f"{text}; it was talked to before, without a term" if spoken else text


def _contacts(before: Baseline, now: Baseline) -> Iterator[Changed]:
    known = {contact.key for contact in before.contacts}
    receiving = {(entry.host, entry.consent) for entry in (*before.entries, *now.entries)}
    consents = {cell.consent for cell in before.cells}
    for contact in now.contacts:
        if contact.key in known | receiving or contact.consent not in consents:
            continue
        text = f"the app talks to {contact.host}"
        yield _plain(before, Change.NEW_CONTACT, contact.consent, text, contact.host)


def _layers(before: Baseline, now: Baseline) -> Iterator[Changed]:
    former = {cell.key: cell for cell in before.cells}
    for cell in (*now.cells, *now.blind_in):
        lost = _lost(set(former[cell.key].layers), set(cell.layers)) if cell.key in former else ()
        for layer in lost:
            text = f"{cell}: capture layer {layer} saw traffic before and sees none now"
            since = before.version_of(*cell.key)
            severity = Severity.INCONCLUSIVE
            yield Changed(Change.LAYER_BLIND, severity, since, cell.consent, text)


def _lost(former: set[str], now: set[str]) -> tuple[Layer, ...]:
    """Network layers that fell silent, unless another one carries the same traffic and is live."""
    return tuple(
        layer
        for layer in NETWORK
        if layer.value in former - now
        and not any(other.value in now for other in CARRIED_ELSEWHERE.get(layer, ()))
    )


def _disappeared(before: Baseline, now: Baseline) -> Iterator[Changed]:
    """Only where the same cells were run again and could see."""
    seeing = {cell.key for cell in now.cells}
    present = {entry.key for entry in now.entries}
    for entry in before.entries:
        cells = {(scenario, entry.consent) for scenario in entry.seen_in}
        if entry.key not in present and cells <= seeing:
            text = f"{entry.who} does not get {' or '.join(entry.data)} any more"
            yield _of(before, entry, Change.RECIPIENT_GONE, text)
    talked = {contact.key for contact in now.contacts}
    run = {cell.consent for cell in before.cells if cell.key in seeing}
    whole = {cell.consent for cell in before.cells if cell.key not in seeing}
    gone = {(entry.host, entry.consent) for entry in before.entries}
    for contact in before.contacts:
        if contact.key not in talked | gone and contact.consent in run - whole:
            text = f"the app does not talk to {contact.host} any more"
            yield _plain(before, Change.CONTACT_GONE, contact.consent, text, contact.host)


def _of(before: Baseline, entry: Entry, change: Change, text: str) -> Changed:
    rule = _RULES[change]
    finding = entry.leak and change is not Change.RECIPIENT_GONE
    severity = rule.finding if finding else rule.allowed
    return Changed(
        change=change,
        severity=_raised(before.rules, change, severity),
        since=before.version_of(entry.seen_in[0] if entry.seen_in else "", entry.consent),
        consent=entry.consent,
        detail=text,
        host=entry.host,
        company=entry.company,
        sdk=entry.sdk,
    )


def _plain(before: Baseline, change: Change, consent: str, text: str, host: str) -> Changed:
    severity = _raised(before.rules, change, _RULES[change].allowed)
    return Changed(change, severity, before.app.label, consent, text, host)


def _raised(rules: Mapping[Change, Severity], change: Change, severity: Severity) -> Severity:
    return max(severity, rules.get(change, severity), key=lambda each: each.rank)


def _new(now: Iterable[str], before: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(now) - set(before)))


def _order(changed: Changed) -> tuple[int, int, str, str, str]:
    kinds = list(Change)
    return (
        -changed.severity.rank,
        kinds.index(changed.change),
        changed.consent,
        changed.host,
        changed.detail,
    )
