"""Sightings know whether they were sent or received."""

from __future__ import annotations

import pytest

from harness.detection.sighting import Identifier, Sighting, Unread


@pytest.mark.parametrize(
    ("part", "received"),
    [("url", False), ("body", False), ("response.body", True), ("response.header[x]", True)],
)
def test_received_or_sent(part: str, received: bool) -> None:
    assert Sighting("t", "nfc", part, (), (0, 1), part).in_response is received
    assert Unread(part, "why").in_response is received


@pytest.mark.parametrize(
    ("kind", "location", "secret"),
    [
        ("auth-token", "header[authorization]", True),
        ("cookie", "header[cookie].JSESSIONID", True),
        ("cookie", "header[cookie].connect.sid", True),
        ("cookie", "header[cookie].access_token", True),
        ("cookie", "header[cookie]._fbp", False),
        ("cookie", "header[cookie].IDE", False),
        ("cookie", "header[cookie].residence", False),
        ("advertising-id", "url.query[session]", False),
        ("email", "body.json$.login", False),
    ],
)
def test_what_lets_somebody_in_is_a_credential(kind: str, location: str, secret: bool) -> None:
    assert Identifier(kind, "v", location).credential is secret
