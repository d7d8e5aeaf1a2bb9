"""Host, domain, company, SDK, party; and first-party proxying."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from harness.attribution.catalogue import Catalogue
from harness.attribution.parties import Attributor, covers, proxied, registrable_domain
from harness.attribution.recipient import Party
from harness.traffic.exchange import Exchange, Kind, Layer, Request, Stack

MIXPANEL = "com.mixpanel.android.mpmetrics.AnalyticsMessages.flush(A.java:3)"
CATALOGUE = Catalogue.load()
OURS = Attributor(CATALOGUE, ["clinic.example"], "org.example.clinic")


def sent(url: str, *frames: str) -> Exchange:
    host = urlsplit(url).hostname or ""
    request = Request("GET", url)
    layers = (Layer.JAVA_HTTP,)
    return Exchange("1", Kind.HTTP, layers, host, 443, 0.0, request, stack=Stack(frames))


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.doctolib.de", "doctolib.de"),
        ("a.b.example.co.uk", "example.co.uk"),
        ("x.github.io", "x.github.io"),
        ("10.0.0.1", "10.0.0.1"),
        ("[::1]", "[::1]"),
        ("localhost", "localhost"),
        ("1.2.3.4.", "1.2.3.4."),
        ("WWW.Example.co.uk.", "example.co.uk"),
        ("b.c.city.kobe.jp", "city.kobe.jp"),
        ("b.c.kobe.jp", "b.c.kobe.jp"),
        ("", ""),
    ],
)
def test_registrable_domains(host: str, domain: str) -> None:
    """By the public suffix list's own examples."""
    assert registrable_domain(host) == domain


def test_a_domain_covers_itself_and_what_is_below() -> None:
    assert covers("clinic.example", "API.clinic.example".lower())
    assert covers("clinic.example", "clinic.example")
    assert not covers("clinic.example", "notclinic.example")
    assert not covers("", "clinic.example")


@pytest.mark.parametrize(
    ("url", "party"),
    [
        ("https://api.clinic.example/", Party.FIRST),
        ("https://www.facebook.com/tr?id=1&ev=2", Party.THIRD),
        ("https://other.example/", Party.THIRD),
    ],
)
def test_parties_with_a_list(url: str, party: Party) -> None:
    assert OURS.recipient(sent(url)).party is party


def test_without_a_list_only_the_catalogue_knows_third_parties() -> None:
    nobody = Attributor(CATALOGUE)
    assert nobody.recipient(sent("https://other.example/")).party is Party.UNKNOWN
    assert nobody.recipient(sent("https://tr.outbrain.com/")).party is Party.THIRD


def test_the_stack_names_the_sdk_and_the_host_the_company() -> None:
    found = OURS.recipient(sent("https://collector.other.example/", MIXPANEL))
    assert (found.sdk_id, found.company, found.basis) == ("mixpanel", "", ("stack",))
    found = OURS.recipient(sent("https://api.mixpanel.com/track", MIXPANEL))
    assert (found.company, found.basis) == ("Mixpanel", ("stack", "host"))


def test_the_payload_decides_between_tenants_of_one_host() -> None:
    found = OURS.recipient(sent("https://www.facebook.com/tr/?id=1&ev=PageView"))
    assert (found.sdk_id, found.basis) == ("meta-pixel-web", ("host", "payload"))


TRACK = "?id=1&ev=PageView"
FACEBOOK = "com.facebook.appevents.AppEventsLogger.flush(A.java:1)"


@pytest.mark.parametrize(
    ("url", "frames", "sdk", "basis", "confidence"),
    [
        ("https://api.mixpanel.com/x", (MIXPANEL,), "mixpanel", ("stack", "host"), "high"),
        ("https://collector.other.example/", (MIXPANEL,), "mixpanel", ("stack",), "medium"),
        ("https://tr.outbrain.com/", (MIXPANEL,), "mixpanel", ("stack",), "low"),
        (f"https://www.facebook.com/tr/{TRACK}", (), "meta-pixel-web", ("host", "payload"), "high"),
        (
            f"https://www.facebook.com/tr/{TRACK}",
            (FACEBOOK,),
            "meta-app-events",
            ("stack", "host", "payload"),
            "high",
        ),
        (f"https://m.own.example/tr/{TRACK}", (MIXPANEL,), "mixpanel", ("stack",), "low"),
        ("https://tr.outbrain.com/", (), "outbrain-pixel-web", ("host",), "medium"),
        ("https://nobody.example/", (), "", (), ""),
    ],
)
def test_three_opinions_and_a_confidence(
    url: str, frames: tuple[str, ...], sdk: str, basis: tuple[str, ...], confidence: str
) -> None:
    found = OURS.recipient(sent(url, *frames))
    assert (found.sdk_id, found.basis, found.confidence) == (sdk, basis, confidence)


def test_a_web_view_is_no_android_sdk() -> None:
    seen = replace(sent("https://www.facebook.com/x"), seen_by=(Layer.WEBVIEW,))
    assert OURS.recipient(seen).sdk_id == "meta-pixel-web"


def test_a_hand_over_goes_to_a_package() -> None:
    handed = replace(
        sent("binder://x/"), kind=Kind.HANDOVER, host="", package="com.google.android.gms"
    )
    found = OURS.recipient(handed)
    assert (found.host, found.company, found.party) == (
        "com.google.android.gms",
        "Google",
        Party.THIRD,
    )
    own = replace(handed, package="org.example.clinic")
    assert OURS.recipient(own).party is Party.FIRST


def test_proxying_is_a_vendors_signature_at_somebody_elses_host() -> None:
    pixel = "/tr/?id=1&ev=PageView"
    own, vendor = sent(f"https://m.clinic.example{pixel}"), sent(f"https://www.facebook.com{pixel}")
    (row,) = OURS.proxied(own, OURS.recipient(own))
    assert row.sdk_id == "meta-pixel-web"
    assert proxied(vendor, OURS.recipient(vendor)) == ()
    plain = sent("https://m.clinic.example/search?q=x")
    assert proxied(plain, OURS.recipient(plain)) == ()


def test_a_vendors_own_signature_hides_nobody_elses() -> None:
    both = sent("https://www.facebook.com/tr/?id=1&ev=PageView&writeKey=k&anonymousId=a")
    assert [row.sdk_id for row in proxied(both, OURS.recipient(both))] == ["segment-android"]
