"""Rows of the verdict table that a recording can decide."""

from __future__ import annotations

import pytest

from harness.attribution.recipient import Party, Recipient
from harness.detection.sighting import Scan, Sighting, Unread
from harness.findings.finding import FindingKind, Verdict
from harness.findings.scan_verdict import EMPTY, ScanJudgement, ScannedEntry, judge_scan

OURS = Recipient("api.clinic.example", "clinic.example", party=Party.FIRST)
THEIRS = Recipient("t.tracker.example", "tracker.example", party=Party.UNKNOWN)


def seen(part: str = "body", prefix: int = 0, term: str = "covid") -> Sighting:
    return Sighting(term, "nfc", part, (), (0, 5), part, prefix)


def entry(recipient: Recipient, *found: Sighting | Unread, **other: object) -> ScannedEntry:
    scan = Scan(
        tuple(one for one in found if isinstance(one, Sighting)),
        (),
        tuple(one for one in found if isinstance(one, Unread)),
    )
    encrypted, proxied = bool(other.get("encrypted", True)), str(other.get("proxied", ""))
    return ScannedEntry("x.har", 0, encrypted, scan, recipient, proxied)


def judged(*entries: ScannedEntry, **more: object) -> ScanJudgement:
    return judge_scan(entries, terms=["covid"], **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "verdict", "kind"),
    [
        (entry(THEIRS, seen()), Verdict.LEAK, FindingKind.RECIPIENT),
        (entry(OURS, seen()), Verdict.PASS, None),
        (entry(OURS, seen(), encrypted=False), Verdict.LEAK, FindingKind.CLEARTEXT),
        (entry(OURS, seen(), proxied="meta-pixel-web"), Verdict.LEAK, FindingKind.PROXIED),
        (entry(THEIRS, seen("response.body")), Verdict.PASS, None),
    ],
)
def test_sightings(one: ScannedEntry, verdict: Verdict, kind: FindingKind | None) -> None:
    judgement = judged(one)
    assert judgement.verdict is verdict
    assert judgement.sightings[0].finding is kind


@pytest.mark.parametrize(
    ("recipient", "part", "verdict"),
    [
        (THEIRS, "body", Verdict.INCONCLUSIVE),
        (THEIRS, "response.body", Verdict.PASS),
        (OURS, "body", Verdict.PASS),
    ],
)
def test_blindness(recipient: Recipient, part: str, verdict: Verdict) -> None:
    judgement = judged(entry(recipient, Unread(part, "why")))
    assert judgement.verdict is verdict
    assert judgement.blind[0].decisive is (verdict is Verdict.INCONCLUSIVE)


def test_proof_beats_blindness() -> None:
    judgement = judged(entry(THEIRS, Unread("body", "why")), entry(THEIRS, seen()))
    assert judgement.verdict is Verdict.LEAK
    assert len(judgement.reasons) == 2


def test_controls() -> None:
    got = entry(OURS, seen())
    assert judged(got, controls=["clinic.example"]).verdict is Verdict.PASS
    missed = judged(got, controls=["other.example"])
    assert missed.verdict is Verdict.INCONCLUSIVE
    assert "other.example" in missed.reasons[0]
    only_prefix = entry(OURS, seen(prefix=4))
    assert judged(only_prefix, controls=["clinic.example"]).verdict is Verdict.INCONCLUSIVE


def test_a_lone_prefix_is_too_little_and_growing_ones_are_not() -> None:
    """`Urologie` has eight grapheme clusters."""
    four = entry(THEIRS, seen(prefix=4, term="Urologie"))
    five = entry(THEIRS, seen(prefix=5, term="Urologie"))
    seven = entry(THEIRS, seen(prefix=7, term="Urologie"))
    assert judged(four).verdict is Verdict.PASS
    assert judged(four).sightings == ()
    assert judged(four, five).verdict is Verdict.LEAK
    assert judged(seven).verdict is Verdict.LEAK


def test_an_entry_that_is_no_request_is_a_doubt() -> None:
    assert judged(faults=2).verdict is Verdict.INCONCLUSIVE
    assert judged().verdict is Verdict.PASS


def test_a_recording_without_requests_is_no_pass() -> None:
    nothing = judged(count=0)
    assert (nothing.verdict, nothing.reasons) == (Verdict.INCONCLUSIVE, (EMPTY,))
    assert judged(count=1).verdict is Verdict.PASS
