"""A run as GitHub-flavoured Markdown: for a pull request's comment or a ticket.

Input: a run. Output: lines, the verdict first. What comes from the app, the net or a scenario
stands in code spans or is escaped, so that it is neither markup nor HTML nor a link nor a mention
(a renderer turns `@name` into one after it has undone backslashes; in code it does not).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from harness.findings.finding import Verdict
from harness.report.grouping import Received, blind_spots, contacted, received
from harness.report.moments import minute
from harness.report.plain import plain
from harness.report.run import ReportedItem, ReportedRun
from harness.report.wording import CLOSING, KINDS, counts_line, handed, where_it_looked

SHOWN = 5
"""How many places or companions of a recipient are spelled out."""

SHOWN_PASSES = 50
"""A comment of GitHub's holds 65,536 characters; what is no pass is always listed."""

_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+!|~&])")
_ALIVE = re.compile(r"\S*(?:@|://|www\.)\S*")
"""What a renderer may turn into a mention or a link."""


def document(run: ReportedRun) -> Iterator[str]:
    """The whole text, piece by piece."""
    for line in _lines(run):
        yield line + "\n"


def code(text: str) -> str:
    """A code span that holds this text whatever is in it, in a table too."""
    safe = plain(text).replace("|", "\\|")
    if not safe:
        return ""
    longest = max((len(ticks) for ticks in re.findall("`+", safe)), default=0)
    fence = "`" * (longest + 1)
    space = " " if longest or safe != safe.strip() else ""
    return f"{fence}{space}{safe}{space}{fence}"


def prose(text: str) -> str:
    """Our sentences, which may name things of the app."""
    safe, pieces, at = plain(text), [], 0
    for match in _ALIVE.finditer(safe):
        pieces += [_MARKUP.sub(r"\\\1", safe[at : match.start()]), code(match.group())]
        at = match.end()
    return "".join([*pieces, _MARKUP.sub(r"\\\1", safe[at:])])


def _lines(run: ReportedRun) -> Iterator[str]:
    apps = ", ".join(map(code, run.apps)) or "no app"
    yield f"## {run.verdict.value.upper()}: {apps}"
    yield ""
    yield f"**{counts_line(run.reports)}.** {_about(run)}"
    if not run.complete:
        yield from ("", "**The run was never finished, so it is no pass.**")
    yield from _received(received(run.reports))
    yield from _items(run.items)
    yield from _blind(run)
    yield from _changes(run)
    yield from _allowed(run)
    yield from _contacts(run)
    yield from ("", f"_{CLOSING}_")


def _about(run: ReportedRun) -> str:
    facts = [f"Run {code(run.id)}"]
    if run.started_s is not None:
        facts.append(minute(run.started_s))
    if version := run.versions.get("harness"):
        facts.append(f"leak-harness {prose(version)}")
    facts.append("redacted" if run.redacted else "not redacted")
    return ", ".join(facts) + "."


def _received(groups: tuple[Received, ...]) -> Iterator[str]:
    if not groups:
        return
    yield from ("", "### Who got what was typed", "")
    yield from _head("recipient", "company, SDK", "got", "where", "beside it", "sent by", "seen by")
    for group in groups:
        recipient = group.recipient
        remarks = ", ".join(filter(None, (KINDS[group.kind], handed(group.stage))))
        host = code(recipient.host) or "an unknown host"
        got = (f"{code(term)} ({count}x)" for term, count in group.terms)
        where = (
            code(place) + (f" ({prose(', '.join(steps))})" if steps else "")
            for place, steps in group.places
        )
        beside = (f"{prose(kind)} {code(value)}" for kind, value in group.companions)
        yield _row(
            f"{host}: {remarks}" if remarks else host,
            prose(", ".join(dict.fromkeys(filter(None, (recipient.sdk, recipient.company))))),
            _some(got),
            _some(where),
            _some(beside),
            _some(map(code, group.frames)),
            ", ".join(group.seen_by),
        )


def _items(items: tuple[ReportedItem, ...]) -> Iterator[str]:
    yield from ("", "### Scenarios", "")
    yield from _head("verdict", "scenario", "term", "consent", "why")
    passed = [item for item in items if item.report.verdict is Verdict.PASS]
    left_out = {id(item) for item in passed[SHOWN_PASSES:]}
    gravest_first = sorted(items, key=lambda item: -item.report.verdict.rank)
    for item in gravest_first:
        report = item.report
        if id(item) in left_out:
            continue
        why = [reason.detail for reason in report.judgement.reasons]
        if report.verdict is Verdict.PASS:
            why.append(where_it_looked(report))
        if report.revised is not None:
            why.append(f"revised: it had closed as {report.revised.value}")
        name = code(item.name)
        yield _row(
            f"**{report.verdict.value}**",
            name,
            code(report.term),
            prose(report.consent),
            _some(map(prose, why)),
        )
    if left_out:
        yield _row("**pass**", f"and {len(left_out)} more", "", "", "")


def _blind(run: ReportedRun) -> Iterator[str]:
    spots = blind_spots(run.reports)
    if not spots:
        return
    yield from ("", "### Where the run was blind", "")
    for detail, action, count in spots:
        many = f" ({count} items)" if count > 1 else ""
        yield f"- {prose(detail)}{many}" + (f". **Do:** {prose(action)}" if action else "")


def _changes(run: ReportedRun) -> Iterator[str]:
    if not run.differences:
        return
    yield from ("", "### What changed", "")
    yield from _head("severity", "app", "change", "since", "consent", "what")
    for each in run.differences:
        severity = f"**{each.severity.value}**" if each.severity else "note"
        yield _row(
            severity, code(each.package), prose(each.change), prose(each.since),
            prose(each.consent), prose(each.detail),
        )  # fmt: skip


def _allowed(run: ReportedRun) -> Iterator[str]:
    """Who got a term and may, by which rule; a finding that somebody accepted is among them."""
    found = ((each, item) for item in run.reports for each in item.judgement.allowed)
    rows = dict.fromkeys(
        (each.recipient.host, each.sighting.term, item.consent, each.allowed_by)
        for each, item in found
    )
    if rows:
        yield from ("", "### Who got it and may", "")
        yield from _head("recipient", "got", "consent", "allowed by")
    for host, term, consent, rule in rows:
        yield _row(code(host), code(term), prose(consent), prose(rule))


def _contacts(run: ReportedRun) -> Iterator[str]:
    rows = contacted(run.reports)
    if not rows:
        return
    yield from ("", "### Who was sent anything at all", "")
    yield from _head("host", "who", "requests", "since typing")
    for each in rows:
        who = ", ".join(dict.fromkeys(filter(None, (each.sdk, each.company))))
        owner = "first party" if each.party == "first" else prose(who) or "unknown"
        yield _row(code(each.host), owner, str(each.requests), str(each.since_typing))


def _head(*names: str) -> tuple[str, str]:
    return _row(*names), "|" + "---|" * len(names)


def _row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def _some(texts: Iterable[str]) -> str:
    shown = list(dict.fromkeys(texts))
    more = [f"and {len(shown) - SHOWN} more"] if len(shown) > SHOWN else []
    return "<br>".join([*shown[:SHOWN], *more])
