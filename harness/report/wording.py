"""One voice: findings, reasons and verdicts as sentences for terminals, failures and JUnit.

Input: `ItemReport` values. Output: lines of plain text, at most `width` columns where words allow
it; whatever comes from outside is escaped. Colour is the caller's: each line may be passed to a
`Style` with the role of its text. Refuses to sound surer than the verdict is.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence

from harness.findings.finding import FindingKind, Reason, Stage, Verdict
from harness.report.grouping import Received, blind_spots, contacted, received
from harness.report.model import Contact, ItemReport, Report
from harness.report.plain import plain

Style = Callable[[str, str], str]
"""Takes a text and its role (`leak`, `pass`, `inconclusive`, `head`, `dim`), returns it dressed."""

SHOWN = 3
"""How many places, frames or companions of a group are spelled out."""

SHOWN_CONTACTS = 12

CLOSING = (
    "A pass means: nothing was found in what was read. What the first party passes on from its"
    " own servers can never be seen from here."
)

KINDS = {
    FindingKind.RECIPIENT: "",
    FindingKind.CLEARTEXT: "sent without encryption",
    FindingKind.PROXIED: "for the SDK, through an allowed host",
}


def undressed(text: str, role: str) -> str:
    """The style without any colour."""
    return text


def summary(
    items: Sequence[ItemReport], *, style: Style = undressed, width: int = 100
) -> tuple[str, ...]:
    """The block at the end of a run: verdicts, who got what, blind spots, and what nobody sees."""
    lines = [style(counts_line(items), Report(tuple(items)).verdict.value)]
    for item in items:
        lines += _item_lines(item, style, width)
    groups = received(items)
    if groups:
        lines += ["", style("Who got what was typed", "head")]
        for group in groups:
            lines += _group_lines(group, style, width)
    spots = blind_spots(items)
    if spots:
        lines += ["", style("Where the run was blind", "head")]
        for detail, action, count in spots:
            many = f" ({count} items)" if count > 1 else ""
            lines += _wrapped("  - ", plain(detail) + many, width)
            lines += _wrapped("    do: ", plain(action), width) if action else []
    lines += _contact_lines(contacted(items), style, width)
    return (*lines, "", *(style(line, "dim") for line in textwrap.wrap(CLOSING, width)))


def _contact_lines(contacts: Sequence[Contact], style: Style, width: int) -> list[str]:
    """Everybody who was sent anything at all, terms or not."""
    if not contacts:
        return []
    lines = ["", style("Who was sent anything at all", "head")]
    for each in contacts[:SHOWN_CONTACTS]:
        who = ", ".join(plain(name) for name in dict.fromkeys((each.sdk, each.company)) if name)
        owner = "first party" if each.party == "first" else who or "unknown"
        count = f"{each.requests} request{'s' if each.requests != 1 else ''}"
        text = f"{plain(each.host)}: {count}, {each.since_typing} since typing ({owner})"
        lines += _wrapped("  - ", text, width)
    hidden = len(contacts) - SHOWN_CONTACTS
    return lines + ([f"    and {hidden} more (see report.json)"] if hidden > 0 else [])


def counts_line(items: Sequence[ItemReport]) -> str:
    """`3 items: 1 leak, 2 pass`, the gravest first."""
    worst_first = sorted(Verdict, key=lambda verdict: -verdict.rank)
    counted = [(sum(item.verdict is each for item in items), each) for each in worst_first]
    named = ", ".join(f"{count} {verdict.value}" for count, verdict in counted if count)
    total = len(items)
    return f"{total} {'item' if total == 1 else 'items'}: {named or 'nothing was judged'}"


def one_line(item: ItemReport) -> str:
    """The verdict and its first reason, for a progress line."""
    reason = item.judgement.reasons[0].detail if item.judgement.reasons else ""
    return f"{item.verdict.value}: {plain(reason)}" if reason else item.verdict.value


def title(item: ItemReport) -> str:
    """`hépatite, consent accepted`, or what of it is known."""
    consent = f"consent {item.consent}" if item.consent else ""
    return ", ".join(filter(None, (plain(item.term), consent)))


def failure_text(item: ItemReport, *, style: Style = undressed, width: int = 100) -> str:
    """Why one item is not a pass: who got the term, what was blind, what to do."""
    groups = received([item])
    told = [
        reason
        for reason in item.judgement.reasons
        if reason.verdict is Verdict.INCONCLUSIVE or not item.judgement.findings
    ]
    known = f"consent {item.consent}" if groups and item.consent else "" if groups else title(item)
    extra = ", ".join(filter(None, (item.verdict.value, known)))
    head = f"{_first_words(item, groups, told)} ({extra})"
    lines = [style(line, item.verdict.value) for line in _wrapped("", head, width)]
    for group in groups:
        lines += _group_lines(group, style, width)
    for number, reason in enumerate(told):
        if number or groups:
            lines += _wrapped("  why: ", plain(reason.detail), width)
        lines += _wrapped("  do:  ", plain(reason.action), width) if reason.action else []
    for note in item.judgement.notes:
        lines += _wrapped("  note: ", plain(note), width)
    return "\n".join(lines)


def _first_words(item: ItemReport, groups: Sequence[Received], told: Sequence[Reason]) -> str:
    """What a list of failed tests shows of this one, where eighty columns are all there is."""
    if groups:
        hosts = list(dict.fromkeys(plain(group.recipient.host) for group in groups))
        more = f" and {len(hosts) - 1} more" if len(hosts) > 1 else ""
        return f"{hosts[0] or 'an unknown host'}{more} got {plain(item.term)}"
    return plain(told[0].detail) if told else item.verdict.value


def junit_properties(item: ItemReport) -> dict[str, str]:
    """Properties for the item's JUnit test case."""
    judgement = item.judgement
    recipients = dict.fromkeys(_who(group) for group in received([item]))
    fields = {
        "leak.verdict": judgement.verdict.value,
        "leak.term": item.term,
        "leak.consent": item.consent,
        "leak.recipients": "; ".join(recipients),
        "leak.reasons": "; ".join(dict.fromkeys(each.row for each in judgement.reasons)),
        "leak.app": f"{item.app.package} {item.app.version_name}".strip() if item.app else "",
        "leak.device": item.device.serial if item.device else "",
    }
    return {name: plain(value) for name, value in fields.items() if value}


def _item_lines(item: ItemReport, style: Style, width: int) -> list[str]:
    verdict = item.verdict.value
    label = verdict.upper()
    name = plain(item.id)
    extra = title(item)
    lead = f"  {label:<12}  "
    text = name if plain(item.term) in name else f"{name} ({extra})"
    first, *more = _wrapped(lead, text, width)
    lines = [style(first[: len(lead)], verdict) + first[len(lead) :], *more]
    if item.revised is not None:
        late = f"revised: it had closed as {item.revised.value}"
        lines += _wrapped(" " * len(lead), late, width)
    if item.verdict is Verdict.PASS:
        lines += _wrapped(" " * len(lead), where_it_looked(item), width)
    return lines


def where_it_looked(item: ItemReport) -> str:
    """What a pass rests on."""
    proved = [state.layer.value for state in item.coverage.layers if state.proved]
    layers = ", ".join(proved) or "no layer proved"
    hosts = dict.fromkeys(each.recipient.host for each in item.judgement.allowed)
    control = f"; the term reached {', '.join(map(plain, hosts))}" if hosts else ""
    return f"nothing found; exchanges read: {item.exchanges} (by {layers}){control}"


def _group_lines(group: Received, style: Style, width: int) -> list[str]:
    terms = ", ".join(f"{plain(term)} ({count}x)" for term, count in group.terms)
    places = [
        plain(location) + (f" (decoded: {', '.join(decoding)})" if decoding else "")
        for location, decoding in group.places
    ]
    companions = [f"{plain(kind)} {plain(value, 60)}" for kind, value in group.companions]
    rows = (
        ("got", [terms]),
        ("where", places),
        ("form", [", ".join(map(plain, group.variants))]),
        ("through", [plain(frame) for frame in group.frames]),
        ("beside", companions),
        ("seen by", [", ".join(group.seen_by)]),
        ("note", ["sent after the item had ended"] if group.late else []),
    )
    lines = _wrapped("  ", _who(group), width)
    lines = [style(line, "leak") for line in lines]
    for label, texts in rows:
        lines += _labelled(label, texts, width)
    return lines


def _who(group: Received) -> str:
    recipient = group.recipient
    company = recipient.company if recipient.company != recipient.sdk else ""
    names = [plain(name) for name in (recipient.sdk, company) if name]
    host = plain(recipient.host) or "an unknown host"
    who = f"{' of '.join(names)} ({host})" if names else host
    remarks = ", ".join(filter(None, (KINDS[group.kind], handed(group.stage))))
    return f"{who}: {remarks}" if remarks else who


def handed(stage: Stage) -> str:
    """A remark on what went no further than to another program on the device."""
    return "handed over on the device, no sending seen" if stage is Stage.HANDED else ""


def _labelled(label: str, texts: Sequence[str], width: int) -> list[str]:
    lines: list[str] = []
    for index, text in enumerate(texts[:SHOWN]):
        lines += _wrapped(f"      {label if index == 0 else '':<8}  ", text, width)
    hidden = len(texts) - SHOWN
    return lines + ([f"{'':16}and {hidden} more (see report.json)"] if hidden > 0 else [])


def _wrapped(lead: str, text: str, width: int) -> list[str]:
    """`text` behind `lead`, continued below itself; long words are never broken."""
    return textwrap.wrap(
        text,
        max(width, len(lead) + 20),
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_long_words=False,
        break_on_hyphens=False,
    )
