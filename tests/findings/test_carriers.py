"""Questions about one exchange."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from harness.attribution.recipient import Party
from harness.detection.sighting import Unread
from harness.findings.carriers import (
    allowing,
    field_key,
    is_handed,
    on_input_path,
    open_ended,
    recipient_key,
    sends_for_its_sdk,
    unread_gaps,
    witness_gap,
    witness_only,
)
from harness.findings.coverage import Gap
from harness.findings.facts import ScannedExchange
from harness.traffic.exchange import Body, Kind, Layer
from tests.findings.building import (
    TRACKER,
    TYPED_S,
    check,
    exchange,
    handover,
    scanned,
    sighting,
    silent,
)


@pytest.mark.parametrize(
    ("kind", "seen_by", "handed"),
    [
        (Kind.HANDOVER, (Layer.IPC,), True),
        (Kind.HANDOVER, (), True),
        (Kind.HTTP, (Layer.SDK_API, Layer.IPC), True),
        (Kind.HTTP, (Layer.SDK_API, Layer.TLS), False),
        (Kind.HTTP, (), False),
    ],
)
def test_what_is_a_hand_over(kind: Kind, seen_by: tuple[Layer, ...], handed: bool) -> None:
    assert is_handed(exchange(kind=kind, seen_by=seen_by)) is handed


def test_only_the_witness_means_nobody_else() -> None:
    assert witness_only(exchange(seen_by=(Layer.WITNESS,)))
    assert not witness_only(exchange(seen_by=(Layer.WITNESS, Layer.TLS)))
    assert not witness_only(exchange(seen_by=()))


def test_a_witness_gap_tells_no_content() -> None:
    seen = exchange(path="/secret?q=1", body=b"secret")
    assert witness_gap(seen) == Gap(TRACKER, "POST with 6 bytes", TYPED_S + 2)


def test_unread_gaps_are_those_of_the_request() -> None:
    parts = (Unread("url", "x"), Unread("response.body", "y"))
    cut = exchange(body=Body(b"", 9, "cut"))
    assert [gap.detail for gap in unread_gaps(silent(cut, unread=parts))] == ["body: cut", "url: x"]


def test_an_entry_that_names_the_sdk_goes_first() -> None:
    named = {"host": TRACKER, "sdk": "Tracker"}
    entry = allowing(check(TRACKER, named), scanned(sdk="Tracker"))
    assert str(entry) == f"{TRACKER} (sdk: Tracker)"
    assert str(allowing(check(TRACKER, named), scanned())) == TRACKER
    assert allowing(check(named), scanned()) is None


def test_recipients_and_fields_have_keys() -> None:
    assert recipient_key(scanned()) == "tracker.example"
    place = sighting(location="response.body.json$[3].a[12]")
    assert field_key(scanned(), place) == (TRACKER, "body.json$[].a[]")


def test_streams_are_open_ended() -> None:
    assert open_ended(exchange(kind=Kind.STREAM))
    assert not open_ended(exchange())


def test_an_interceptor_on_a_first_party_stack_sends_nothing_for_its_sdk() -> None:
    def by(party: Party, *basis: str, **fields: Any) -> ScannedExchange:
        base = scanned(exchange("api.clinic.example"), **fields)
        return replace(base, recipient=replace(base.recipient, party=party, basis=basis))

    assert not sends_for_its_sdk(by(Party.FIRST, "stack"))
    assert sends_for_its_sdk(by(Party.FIRST, "stack", "host"))
    assert sends_for_its_sdk(by(Party.FIRST, "stack", proxied_by="Mixpanel"))
    assert sends_for_its_sdk(by(Party.THIRD, "stack"))
    assert not sends_for_its_sdk(handover())
    lookup = scanned(exchange(kind=Kind.DATAGRAM))
    request = replace(lookup.exchange.request, method="DNS")
    asked = replace(lookup, exchange=replace(lookup.exchange, request=request))
    assert not sends_for_its_sdk(asked), "asking for an address sends nothing to it"


def test_the_receiving_package_tells_the_input_path_not_the_host() -> None:
    to_keyboard = handover("com.google.android.inputmethod.latin")
    elsewhere = replace(to_keyboard, recipient=replace(to_keyboard.recipient, host="x.example"))
    assert on_input_path(elsewhere, "org.app")
    unnamed = replace(to_keyboard, exchange=replace(to_keyboard.exchange, package=""))
    assert on_input_path(unnamed, "org.app")


@pytest.mark.parametrize(
    "header", [("Content-Type", "application/json"), ("X", "application/grpc")]
)
def test_only_a_grpc_content_type_makes_a_call_open_ended(header: tuple[str, str]) -> None:
    call = exchange()
    assert not open_ended(replace(call, request=replace(call.request, headers=(header,))))


def test_a_gap_is_undated_unless_it_says_when() -> None:
    assert Gap("a", "b").at_s == 0.0
