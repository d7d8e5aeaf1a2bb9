"""Judges a stored run again, with today's engine, catalogue and verdict table; no device.

Input: a `RecordedRun`. Output: `Replayed` items: the verdict then, the verdict now, and why they
differ. What redaction took out of a request cannot be searched again. If the engine is the one that
judged the run, what it saw then is what it would see now. If the engine has changed, what it would
find there is unknown, and the request counts as unread: a blind spot, as the verdict table has it.
What was seen once stays seen: a sighting of then is never lost by replaying.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from harness.attribution.catalogue import Catalogue
from harness.attribution.parties import Attributor
from harness.baseline.model import StoredExchange
from harness.baseline.recorded import RecordedItem, RecordedRun
from harness.baseline.review import ROW
from harness.baseline.versions import catalogue_digest, engine_digest
from harness.detection.engine import Engine
from harness.detection.sighting import Identifier, Scan, Sighting, Unread
from harness.findings.facts import ItemFacts, ScannedExchange, proxied_for
from harness.findings.finding import Finding, Judgement, Reason, Verdict
from harness.findings.sorting import CLOCK_SLACK_S
from harness.findings.verdict import judge, judge_attempts
from harness.report.model import ItemReport, overall
from harness.traffic.observed import silent_batchers
from harness.traffic.redaction import MARK

REDACTED = Unread(
    "request",
    "parts were taken out when it was stored, and the engine has changed since; record with"
    " --leak-keep-secrets to replay it",
)


@dataclass(frozen=True, slots=True)
class Replayed:
    """One item, then and now.

    Attributes:
        why: a sentence per reason that came or went; empty when the verdict rests on the same.
    """

    item: RecordedItem
    now: ItemReport
    why: tuple[str, ...] = ()

    @property
    def then(self) -> ItemReport:
        return self.item.report


@dataclass(frozen=True, slots=True)
class Replay:
    """A whole run, judged again.

    Attributes:
        cause: what is not as it was then, as a clause.
        unsearched: how many requests could not be searched again.
    """

    run: RecordedRun
    items: tuple[Replayed, ...]
    cause: str
    unsearched: int

    @property
    def verdict(self) -> Verdict:
        """Over all tests and their attempts; a run that was never finished is no pass."""
        tests: dict[str, list[Judgement]] = {}
        for each in self.items:
            tests.setdefault(each.item.test, []).append(each.now.judgement)
        verdicts = [judge_attempts(attempts).verdict for attempts in tests.values()]
        if not self.run.complete:
            verdicts.append(Verdict.INCONCLUSIVE)
        return overall(verdicts)


def replay(run: RecordedRun) -> Replay:
    """Judge a run again."""
    same_engine = run.about.engine == engine_digest()
    judge_again = _Judge(run, same_engine)
    items = tuple(map(judge_again.item, run.items))
    return Replay(run, items, _cause(run, same_engine), judge_again.unsearched)


def _cause(run: RecordedRun, same_engine: bool) -> str:
    changed = [] if same_engine else ["the detection engine"]
    if run.about.catalogue != catalogue_digest():
        changed.append("the catalogue of SDKs")
    if not changed:
        return "engine and catalogue are those that judged it"
    return f"{' and '.join(changed)} changed since (leak-harness {run.about.harness} then)"


class _Judge:
    """What all items of a run share."""

    def __init__(self, run: RecordedRun, same_engine: bool) -> None:
        self._run = run
        self._same_engine = same_engine
        self._facts = [(item, item.facts) for item in run.items if item.facts is not None]
        self._catalogue = Catalogue.load()
        terms = {
            term: None for _, facts in self._facts for term in (facts.term, *facts.other_terms)
        }
        shortest = min((facts.check.min_prefix for _, facts in self._facts), default=4)
        usable = tuple(term for term in terms if term.strip())
        known = tuple(dict.fromkeys(_known(run.items)))
        self._engine = Engine(usable, min_prefix=shortest, known=known) if usable else None
        self.unsearched = 0

    def item(self, item: RecordedItem) -> Replayed:
        """An item that was never played stays what it was."""
        if item.facts is None or self._engine is None:
            return Replayed(item, item.report)
        facts = self._again(item, item.facts, self._engine)
        judgement = _with_comparison(judge(facts), item.report.judgement)
        now = replace(item.report, judgement=judgement, coverage=facts.coverage)
        return Replayed(item, now, tuple(_differences(item.report.judgement, judgement)))

    def _again(self, item: RecordedItem, facts: ItemFacts, engine: Engine) -> ItemFacts:
        first_party = [entry.host for entry in facts.check.allow if not entry.sdk]
        attributor = Attributor(self._catalogue, first_party, facts.package)
        judged = tuple(self._scanned(item, each, attributor, engine) for each in item.exchanges)
        batched = {sdk.id: sdk.name for sdk in self._catalogue.sdks if sdk.delivery == "batched"}
        silent = set(facts.coverage.silent_batchers)
        if all(each.whole for each in item.exchanges):
            silent |= set(silent_batchers(judged, batched, facts.typed_s))
        # What could not be read is asked of the exchanges again; today's engine may read more.
        coverage = replace(facts.coverage, unread=(), silent_batchers=tuple(sorted(silent)))
        return replace(facts, judged=judged, coverage=coverage)

    def _scanned(
        self, item: RecordedItem, stored: StoredExchange, attributor: Attributor, engine: Engine
    ) -> ScannedExchange:
        exchange = stored.exchange
        recipient = attributor.recipient(exchange)
        vendors = attributor.proxied(exchange, recipient)
        proxied = (stored.proxied_by, stored.proxied_id, stored.proxied_why)
        if vendors or stored.whole:
            proxied = proxied_for(vendors, self._catalogue)
        scan = self._scan(item, stored, engine)
        return ScannedExchange(exchange, scan, recipient, *proxied)

    def _scan(self, item: RecordedItem, stored: StoredExchange, engine: Engine) -> Scan:
        if not stored.whole and self._same_engine:
            return stored.scan
        then, fresh = stored.scan, engine.scan(stored.exchange)
        own = [each for each in fresh.sightings if self._is_of(item, each, stored)]
        kept = [each for each in then.sightings if each.in_response or not stored.whole]
        sightings = _joined(own, kept)
        answers = [each for each in then.unread if each.in_response]
        if stored.whole:
            unread = [each for each in fresh.unread if not each.in_response]
        else:
            self.unsearched += 1
            unread = [*(each for each in then.unread if not each.in_response), REDACTED]
        identifiers = fresh.identifiers if stored.whole and sightings else then.identifiers
        return Scan(sightings, identifiers, tuple(dict.fromkeys((*unread, *answers))))

    def _is_of(self, item: RecordedItem, sighting: Sighting, stored: StoredExchange) -> bool:
        """Whether this item typed what was found: a later item may have typed the same term."""
        if any(each.term == sighting.term for each in stored.scan.sightings):
            return True
        at_s = stored.exchange.started_s + CLOCK_SLACK_S
        typists = [
            (facts.typed_s, other.name)
            for other, facts in self._facts
            if other.worker == item.worker
            and facts.term == sighting.term
            and facts.typed_s is not None
            and facts.typed_s <= at_s
        ]
        return not typists or max(typists)[1] == item.name


def _known(items: Iterable[RecordedItem]) -> Iterable[Identifier]:
    """Identifiers that the device had told, as far as they are readable."""
    for item in items:
        for each in item.exchanges:
            for found in each.scan.identifiers:
                if found.exact and MARK not in found.value:
                    yield Identifier(found.kind, found.value, "", True)


def _joined(fresh: Sequence[Sighting], then: Sequence[Sighting]) -> tuple[Sighting, ...]:
    """Each place of a term once; today's view of it goes first."""
    found = {(each.term, each.location, each.prefix): each for each in (*then, *fresh)}
    return tuple(found.values())


def _with_comparison(now: Judgement, then: Judgement) -> Judgement:
    """What the run's own baseline said stays said."""
    kept = tuple(reason for reason in then.reasons if reason.row == ROW)
    if not kept:
        return now
    verdict = max((now.verdict, *(reason.verdict for reason in kept)), key=lambda one: one.rank)
    reasons = tuple(reason for reason in now.reasons if reason.row != "pass")
    return replace(now, verdict=verdict, reasons=(*reasons, *kept))


def _differences(then: Judgement, now: Judgement) -> Iterable[str]:
    """Reasons and findings that came or went."""
    before, after = set(map(_reason, then.reasons)), set(map(_reason, now.reasons))
    yield from (f"new: {text}" for text in sorted(after - before))
    yield from (f"gone: {text}" for text in sorted(before - after))
    known, found = set(map(_finding, then.findings)), set(map(_finding, now.findings))
    if before == after:
        yield from (f"new: {text}" for text in sorted(found - known))
        yield from (f"gone: {text}" for text in sorted(known - found))


def _reason(reason: Reason) -> str:
    return f"{reason.row}: {reason.detail}"


def _finding(finding: Finding) -> str:
    sighting, recipient = finding.sighting, finding.recipient
    sdk = f" through {recipient.sdk}" if recipient.sdk else ""
    return f"{recipient.host} got {sighting.term!r}{sdk} ({sighting.location})"
