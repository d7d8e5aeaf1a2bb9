"""Sightings that prove a leak, row by row."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.attribution.recipient import Party
from harness.detection.sighting import Identifier
from harness.findings.facts import ScannedExchange
from harness.findings.finding import FindingKind, Reason, Stage, Verdict
from harness.findings.verdict import judge
from harness.traffic.exchange import Kind, Layer
from tests.findings.building import (
    BOTH,
    FIRST_PARTY,
    PACKAGE,
    PAST,
    TERM,
    TRACKER,
    TYPED_S,
    check,
    exchange,
    facts,
    handover,
    rows,
    scanned,
    sighting,
    waived,
)

LEAK, INCONCLUSIVE, PASS = Verdict.LEAK, Verdict.INCONCLUSIVE, Verdict.PASS


def test_sent_to_a_host_that_is_not_allowed_is_a_leak() -> None:
    gaid = Identifier("advertising-id", "38400000", "body.json$.gaid")
    judgement = judge(facts(scanned(identifiers=(gaid,), sdk="Tracker")))
    assert judgement.verdict is LEAK
    (finding,) = judgement.findings
    assert finding.kind is FindingKind.RECIPIENT
    assert finding.stage is Stage.SENT
    assert finding.seen_by == BOTH
    assert finding.stack == ("com.tracker.Sender.send(Sender.java:1)",)
    assert finding.identifiers == (gaid,)
    assert finding.exchange == exchange().id
    assert not finding.late
    assert finding.allowed_by == ""
    assert judgement.reasons[0] == Reason(
        "sent", LEAK, f"{TRACKER} got '{TERM}' (body.json$.query)"
    )


@pytest.mark.parametrize("host", ["evilclinic.example", "clinic.example.test", "10.0.2.2", ""])
def test_a_host_beside_the_allowed_one_is_a_leak(host: str) -> None:
    assert judge(facts(scanned(exchange(host)))).verdict is LEAK


def test_another_term_decides_nothing_here() -> None:
    assert judge(facts(scanned(None, sighting("cancer")))).verdict is PASS


def test_two_equal_sightings_are_counted_in_one_sentence() -> None:
    judgement = judge(facts(scanned(exchange(name="a")), scanned(exchange(name="b"))))
    assert [reason.detail for reason in judgement.reasons] == [
        f"{TRACKER} got '{TERM}' (body.json$.query), 2 times"
    ]
    assert len(judgement.findings) == 2


def test_an_allow_entry_for_one_sdk_does_not_cover_another() -> None:
    entry = {"host": TRACKER, "sdk": "tracker"}
    allowed = check("clinic.example", entry)
    assert judge(facts(scanned(sdk="Tracker"), check=allowed)).verdict is PASS
    assert judge(facts(scanned(sdk="Other"), check=allowed)).verdict is LEAK
    assert judge(facts(scanned(), check=allowed)).verdict is LEAK


def test_seen_by_the_witness_alone_is_a_leak_and_a_hook_gap() -> None:
    judgement = judge(facts(scanned(exchange(seen_by=(Layer.WITNESS,)))))
    assert judgement.verdict is LEAK
    assert rows(judgement) == {"sent", "witness-only", "hook-gap"}
    assert len(judgement.findings) == 1


def test_cleartext_to_an_allowed_host_is_a_leak_unless_waived() -> None:
    plain = scanned(exchange(FIRST_PARTY, scheme="http", seen_by=(Layer.JAVA_HTTP,)))
    judgement = judge(facts(plain))
    assert judgement.verdict is LEAK
    assert rows(judgement) == {"cleartext"}
    assert judgement.findings[0].kind is FindingKind.CLEARTEXT
    assert judgement.findings[0].allowed_by == ""
    assert judge(facts(plain, check=waived(FIRST_PARTY))).verdict is PASS
    assert judge(facts(plain, check=waived(FIRST_PARTY, PAST))).verdict is LEAK


@pytest.mark.parametrize(
    ("scheme", "seen_by", "clear"),
    [
        ("https", (Layer.JAVA_HTTP,), False),
        ("wss", (Layer.WITNESS, Layer.JAVA_HTTP), False),
        ("tls", (Layer.WITNESS, Layer.JAVA_HTTP), False),
        ("tcp", (Layer.TLS,), False),
        ("tcp", (Layer.SOCKET,), True),
        ("ws", (Layer.JAVA_HTTP,), True),
    ],
)
def test_what_counts_as_cleartext(scheme: str, seen_by: tuple[Layer, ...], clear: bool) -> None:
    judgement = judge(facts(scanned(exchange(FIRST_PARTY, scheme=scheme, seen_by=seen_by))))
    assert ("cleartext" in rows(judgement)) is clear


def test_a_vendors_payload_at_an_allowed_host_is_a_leak_unless_the_sdk_is_named() -> None:
    proxied = scanned(
        exchange(FIRST_PARTY), proxied_by="Mixpanel", proxied_id="mixpanel", proxied_why="path"
    )
    judgement = judge(facts(proxied))
    assert judgement.verdict is LEAK
    assert judgement.findings[0].kind is FindingKind.PROXIED
    assert "on behalf of Mixpanel" in judgement.reasons[0].detail
    for name in ("mixpanel", "Mixpanel"):
        named = check("clinic.example", {"host": "clinic.example", "sdk": name})
        assert judge(facts(proxied, check=named)).verdict is PASS
    other = check("clinic.example", {"host": "clinic.example", "sdk": "amplitude"})
    assert judge(facts(proxied, check=other)).verdict is LEAK


def test_a_request_that_looks_like_two_sdks_needs_both_named() -> None:
    proxied = scanned(
        exchange(FIRST_PARTY), proxied_by="Mixpanel + PostHog", proxied_id="mixpanel + posthog"
    )
    one = {"host": "clinic.example", "sdk": "mixpanel"}
    other = {"host": "clinic.example", "sdk": "PostHog"}
    assert judge(facts(proxied, check=check("clinic.example", one))).verdict is LEAK
    assert judge(facts(proxied, check=check("clinic.example", one, other))).verdict is PASS


def test_cleartext_and_proxied_both_hold() -> None:
    both = scanned(
        exchange(FIRST_PARTY, scheme="http", seen_by=(Layer.JAVA_HTTP,)), proxied_by="Mixpanel"
    )
    assert rows(judge(facts(both))) == {"cleartext", "proxied"}


def test_an_sdks_interceptor_in_a_first_party_stack_is_a_note() -> None:
    passing = scanned(exchange(FIRST_PARTY), sdk="Datadog")
    judgement = judge(facts(passing))
    assert judgement.verdict is PASS
    assert judgement.notes == (
        f"Datadog is on the stack of a request to {FIRST_PARTY}, which is allowed",
    )
    named = check("clinic.example", {"host": "clinic.example", "sdk": "Datadog"})
    assert judge(facts(passing, check=named)).notes == ()


def test_handed_over_without_a_sending_is_a_leak_with_stage_handed() -> None:
    judgement = judge(facts(handover()))
    assert judgement.verdict is LEAK
    assert rows(judgement) == {"handed"}
    assert judgement.findings[0].stage is Stage.HANDED
    assert judgement.findings[0].recipient.host == "com.google.android.gms"


def test_an_sdk_entry_point_is_a_hand_over_too() -> None:
    entry = exchange("", seen_by=(Layer.SDK_API,), kind=Kind.HTTP)
    assert rows(judge(facts(scanned(entry, sdk="Tracker")))) == {"handed"}


def test_a_hand_over_to_an_allowed_destination_passes() -> None:
    allowed = check("clinic.example", "com.google.android.gms")
    assert judge(facts(handover(), check=allowed)).verdict is PASS


def entry_point(at_s: float = TYPED_S + 2) -> ScannedExchange:
    """The term handed to an SDK's entry point."""
    return scanned(exchange("", at_s=at_s, seen_by=(Layer.SDK_API,), name="e"), sdk="Tracker")


def sent_by(sdk: str, at_s: float = TYPED_S + 2, party: Party = Party.THIRD) -> ScannedExchange:
    """The term sent to an allowed host by an SDK."""
    sent = scanned(exchange(FIRST_PARTY, at_s=at_s, name="sent"), sdk=sdk)
    return replace(sent, recipient=replace(sent.recipient, party=party))


def test_a_hand_over_that_was_sent_on_is_judged_where_it_went() -> None:
    judgement = judge(facts(entry_point(), sent_by("Tracker")))
    assert judgement.verdict is PASS
    assert any("judged there" in note for note in judgement.notes)
    assert judge(facts(entry_point(), scanned(sdk="Tracker"))).verdict is LEAK
    assert rows(judge(facts(entry_point(), sent_by("Other")))) == {"handed"}


def test_a_first_party_request_with_the_sdk_on_its_stack_does_not_explain_it() -> None:
    passing = sent_by("Tracker", party=Party.FIRST)
    assert rows(judge(facts(entry_point(), passing))) == {"handed"}
    assert "handed" not in rows(judge(facts(entry_point(), replace(passing, proxied_by="T"))))


def test_what_another_process_was_handed_is_explained_by_nothing() -> None:
    assert rows(judge(facts(handover(sdk="Tracker"), sent_by("Tracker")))) == {"handed"}


def test_a_sending_before_the_hand_over_does_not_explain_it() -> None:
    late = entry_point(TYPED_S + 10)
    assert rows(judge(facts(late, sent_by("Tracker", TYPED_S + 8.9)))) == {"handed"}
    assert judge(facts(late, sent_by("Tracker", TYPED_S + 9))).verdict is PASS


@pytest.mark.parametrize(
    "package",
    ["com.google.android.inputmethod.latin", "com.google.android.as", PACKAGE],
)
def test_the_input_path_and_the_app_itself_are_notes(package: str) -> None:
    judgement = judge(facts(handover(package)))
    assert judgement.verdict is PASS
    assert "input path" in judgement.notes[0]


def test_a_package_that_only_begins_like_a_keyboard_is_not_excused() -> None:
    assert judge(facts(handover("com.google.android.assistant"))).verdict is LEAK


def test_sending_over_the_network_to_a_keyboards_name_is_not_excused() -> None:
    assert judge(facts(scanned(exchange("com.google.android.as")))).verdict is LEAK


def test_an_sdk_of_the_apps_own_package_is_not_the_app_itself() -> None:
    entry = exchange("", seen_by=(Layer.SDK_API,), package=PACKAGE)
    assert rows(judge(facts(scanned(entry)))) == {"handed"}
