"""An acceptance covers exactly what was accepted; each test changes one thing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from harness.findings.acceptance import Acceptance, Sending, covering, expired
from harness.findings.expectations import LeakCheck
from harness.findings.finding import FindingKind, Stage, Verdict
from harness.findings.verdict import judge
from tests.findings.building import (
    CHECK,
    FAR,
    PAST,
    check,
    exchange,
    facts,
    rows,
    scanned,
    sighting,
    verdict_with,
)
from tests.report.items import tracked

DAY = date(2026, 1, 1)
MIXPANEL = tracked()
ACCEPTED = Acceptance(
    host="api-js.mixpanel.com",
    sdk="mixpanel",
    stage=Stage.SENT,
    kind=FindingKind.RECIPIENT,
    consent="accepted",
    data=("term",),
    encodings=("base64 > json",),
    beside=("advertising-id",),
    owner="privacy@clinic.example",
    why="contract until the switch",
    until=FAR,
    source="baseline of 1.0",
)
SENDING = Sending(
    MIXPANEL.recipient,
    Stage.SENT,
    FindingKind.RECIPIENT,
    "accepted",
    "term",
    "base64 > json",
    frozenset({"advertising-id"}),
)


def accepting(*acceptances: Acceptance) -> LeakCheck:
    return replace(CHECK, accepted=acceptances or (ACCEPTED,))


def judged(*what: Any, by: LeakCheck | None = None, **fields: Any) -> Any:
    values = {"consent": "accepted", "check": by or accepting()} | fields
    return judge(facts(*(what or (MIXPANEL,)), **values))


def test_an_accepted_finding_is_allowed_and_never_silently() -> None:
    judgement = judged()
    assert (judgement.verdict, judgement.findings) == (Verdict.PASS, ())
    (allowed,) = (each for each in judgement.allowed if "mixpanel" in each.recipient.host)
    assert allowed.allowed_by == (
        "baseline of 1.0: accepted by privacy@clinic.example until 2100-01-01:"
        " contract until the switch"
    )
    assert any(
        "api-js.mixpanel.com got 'hépatite'" in note and "privacy@clinic.example" in note
        for note in judgement.notes
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"consent": "rejected"},
        {"data": "digest of the term"},
        {"encoding": "plain"},
        {"beside": frozenset({"advertising-id", "email"})},
        {"stage": Stage.HANDED},
        {"kind": FindingKind.PROXIED},
        {"cleartext": True},
        {"recipient": replace(MIXPANEL.recipient, host="evil.api-js.mixpanel.com")},
        {"recipient": replace(MIXPANEL.recipient, sdk_id="other")},
    ],
)
def test_nothing_beyond_is_covered(changed: dict[str, Any]) -> None:
    assert covering([ACCEPTED], SENDING, DAY) is ACCEPTED
    assert covering([ACCEPTED], replace(SENDING, **changed), DAY) is None


def test_fewer_companions_are_covered() -> None:
    assert covering([ACCEPTED], replace(SENDING, beside=frozenset()), DAY) is ACCEPTED


def test_the_end_is_the_end_and_is_told() -> None:
    ended = replace(ACCEPTED, until=PAST)
    assert covering([ended], SENDING, PAST) is ended
    assert covering([ended], SENDING, DAY) is None
    assert expired([ended], SENDING, DAY) is ended
    assert expired([ended], SENDING, PAST) is None
    judgement = judged(by=accepting(replace(ACCEPTED, until=date(1969, 1, 1))))
    assert judgement.verdict is Verdict.LEAK
    assert any("an acceptance has expired: baseline of 1.0" in r.detail for r in judgement.reasons)


def test_another_recipient_is_still_a_leak() -> None:
    other = scanned(exchange("other.example"), sighting())
    judgement = judged(MIXPANEL, other)
    assert judgement.verdict is Verdict.LEAK
    assert [each.recipient.host for each in judgement.findings] == ["other.example"]


def test_blindness_is_never_accepted() -> None:
    from harness.traffic.exchange import Body

    unread = tracked(name="unread", body=Body(b"", 10, "one-shot body"))
    unread = replace(unread, scan=replace(unread.scan, sightings=()))
    judgement = judged(MIXPANEL, unread)
    assert judgement.verdict is Verdict.INCONCLUSIVE
    assert rows(judgement) == {"unread-request"}
    assert verdict_with(lost=1).verdict is Verdict.INCONCLUSIVE


def test_an_accepted_recipient_is_no_positive_control() -> None:
    only = judge(replace(facts(consent="accepted", check=accepting()), judged=(MIXPANEL,)))
    assert only.verdict is Verdict.INCONCLUSIVE
    assert "control" in rows(only)


def test_cleartext_at_an_allowed_host_is_not_covered() -> None:
    plain = scanned(exchange("api.clinic.example", scheme="http", seen_by=()), sighting())
    host = replace(ACCEPTED, host="api.clinic.example", sdk="", kind=FindingKind.CLEARTEXT)
    by = replace(check(), accepted=(replace(host, encodings=("plain",)),))
    assert judged(plain, by=by).verdict is Verdict.LEAK
