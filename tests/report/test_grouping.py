"""Findings are brought together by who received them."""

from __future__ import annotations

from harness.findings.finding import FindingKind, Stage
from harness.report.grouping import blind_spots, contacted, received, telling_frames
from harness.report.model import Contact
from tests.findings.building import PACKAGE, TYPED_S, exchange, facts, handover, scanned
from tests.report.items import GAID, blind, leaking, passing, report, tracked


def test_one_recipient_of_three_terms_is_one_group() -> None:
    (group,) = received([leaking("hépatite"), leaking("cancer"), leaking("covid")])
    assert group.terms == (("hépatite", 1), ("cancer", 1), ("covid", 1))
    assert group.places == (
        ("body.form[data].json$[0].properties.query", ("form", "base64", "json")),
    )
    assert group.frames == (
        "com.mixpanel.android.util.HttpService.performRequest(HttpService.java:180)",
        f"{PACKAGE}.SearchActivity.search(SearchActivity.java:88)",
    )
    assert group.companions == (("advertising-id", GAID.value),)
    assert group.seen_by == ("java-http", "tls", "witness")
    assert not group.late


def test_exchanges_are_counted_not_sightings() -> None:
    twice = report(facts(tracked(name="a"), tracked(name="b"), tracked(name="b")))
    (group,) = received([twice])
    assert group.terms == (("hépatite", 2),)


def test_kind_stage_and_recipient_make_groups() -> None:
    plain = scanned(
        exchange("api.clinic.example", scheme="http", seen_by=exchange().seen_by[:1]),
    )
    groups = received([report(facts(tracked(), plain, scanned(), handover()))])
    assert {(group.recipient.host, group.kind, group.stage) for group in groups} == {
        ("api-js.mixpanel.com", FindingKind.RECIPIENT, Stage.SENT),
        ("api.clinic.example", FindingKind.CLEARTEXT, Stage.SENT),
        ("api.tracker.example", FindingKind.RECIPIENT, Stage.SENT),
        ("com.google.android.gms", FindingKind.RECIPIENT, Stage.HANDED),
    }


def test_a_late_finding_makes_the_group_late() -> None:
    (group,) = received([report(facts(tracked(at_s=TYPED_S + 500)))])
    assert group.late


def test_frames_of_the_platform_tell_nothing() -> None:
    assert telling_frames(["java.A.b(A.java:1)", "x.Y.z(Y.java:2)"], "org.app") == (
        "x.Y.z(Y.java:2)",
    )
    assert telling_frames(["java.A.b(A.java:1)"], "org.app") == ("java.A.b(A.java:1)",)
    assert telling_frames(["org.app.A.b(A.java:1)", "org.app.C.d(C.java:2)"], "org.app") == (
        "org.app.A.b(A.java:1)",
    )
    assert telling_frames(["x.Y.z(Y.java:2)", "org.application.A.b(A.java:1)"], "org.app") == (
        "x.Y.z(Y.java:2)",
    )
    assert telling_frames(["x.Y.z(Y.java:2)", "a.B.c(B.java:3)"], "") == ("x.Y.z(Y.java:2)",)
    assert telling_frames([], "org.app") == ()


def test_a_page_names_the_script_that_sent_and_the_one_that_loaded_it() -> None:
    pixel, again = "send (https://p.example/p.js:24:21)", "track (https://p.example/p.js:3:1)"
    loader, page = "load (https://own.example/a/tags.js:9:19)", "(markup) (https://own.example/:7)"
    assert telling_frames([pixel, again, loader, page], "org.app") == (pixel, loader)
    assert telling_frames([pixel, again], "org.app") == (pixel,)
    assert telling_frames([page], "org.app") == (page,)
    assert telling_frames(["x.Y.z(Y.java:2)", loader], "") == ("x.Y.z(Y.java:2)",)


def test_an_item_without_an_app_has_no_own_frames() -> None:
    (group,) = received([leaking(app=None)])
    assert len(group.frames) == 1


def test_blind_spots_are_counted_over_items() -> None:
    spots = blind_spots([blind(), passing(), leaking()])
    assert [(detail, count) for detail, _, count in spots] == [
        ("2 messages of the agent were lost", 1),
        ("positive control missing: 'hépatite' was not seen on its way to any allowed host", 1),
    ]


def test_contacts_are_summed_over_items_and_the_first_party_comes_last() -> None:
    own = Contact("api.clinic.example", "first", requests=2, sent_bytes=10, since_typing=1)
    tracker = Contact("t.example", "third", "Tracker Inc", "Tracker", 1, 5, 1)
    items = [leaking(contacted=(own, tracker)), leaking(contacted=(own,))]
    first, second = contacted(items)
    assert first == tracker
    assert (second.host, second.requests, second.sent_bytes, second.since_typing) == (
        "api.clinic.example",
        4,
        20,
        2,
    )
