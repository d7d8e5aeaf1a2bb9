"""`scan --differential`: three recordings compared, and what that means for the verdict.

Input: the recordings, the judgement of the ordinary scan. Output: the comparison, and a judgement
that is no pass where a field follows the term unread, or where there was nothing to compare.
What happens at the first party is told and decides nothing, as with everything unread there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from harness.attribution.parties import covers
from harness.cli.scanner import Task
from harness.detection.differential import Comparison, Follower, compare
from harness.detection.engine import Engine
from harness.findings.finding import Verdict
from harness.findings.scan_verdict import ScanJudgement
from harness.traffic.captures import read_capture
from harness.traffic.exchange import Body, Exchange, Kind, Request

NOTHING = "nothing could be compared: the three recordings have no request in common"


def compare_files(captures: Sequence[Path]) -> Comparison:
    """The comparison of A, A again and B.

    Raises:
        ScenarioError: one of them cannot be read to its end.
    """
    first, again, other = (
        [entry for entry in read_capture(path) if isinstance(entry, Exchange)] for path in captures
    )
    return compare(first, again, other)


def judged(judgement: ScanJudgement, comparison: Comparison, task: Task) -> ScanJudgement:
    """The judgement with the doubts that the comparison raises."""
    doubts = [] if comparison.compared else [NOTHING]
    doubts += [
        f"{host}: {count} request{'s' if count > 1 else ''} without a counterpart in the other "
        "recordings, so that nothing could be compared"
        for host, count in comparison.alone.items()
        if comparison.compared and not _own(host, task)
    ]
    unread = unread_followers(judgement, comparison.followers, task)
    doubts += [
        f"{item.host} {item.location} follows the typed term"
        for item in unread
        if not _own(item.host, task)
    ]
    if not doubts:
        return judgement
    verdict = max(judgement.verdict, Verdict.INCONCLUSIVE, key=lambda one: one.rank)
    reasons = tuple(dict.fromkeys((*judgement.reasons, *doubts)))
    return replace(judgement, verdict=verdict, reasons=reasons)


def unread_followers(
    judgement: ScanJudgement, followers: Sequence[Follower], task: Task
) -> list[Follower]:
    """Those in which the term was not read, neither by the scan nor in the values alone."""
    read = {
        (item.entry.file, item.entry.index, item.sighting.location) for item in judgement.sightings
    }
    engine = Engine(task.terms, min_prefix=task.min_prefix, salts=task.salts)
    return [
        item
        for item in followers
        if (item.repeated or (item.file_a, item.index_a, item.location) not in read)
        and not all(_reads(engine, item, value) for value in (item.value_a, item.value_b) if value)
    ]


def _own(host: str, task: Task) -> bool:
    return any(covers(domain, host) for domain in task.first_party)


def _reads(engine: Engine, item: Follower, value: bytes) -> bool:
    """Whether a term stands in the value, or in the name of its place."""
    return any(
        engine.scan(_as_body(item.host, data)).sightings
        for data in (value, item.location.encode("utf-8", "replace"))
    )


def _as_body(host: str, data: bytes) -> Exchange:
    request = Request("POST", f"https://{host}/", (), Body.of(data))
    return Exchange("", Kind.HTTP, (), host, 0, 0.0, request)
