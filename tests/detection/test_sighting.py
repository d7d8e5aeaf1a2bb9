"""Sightings know whether they were sent or received."""

from __future__ import annotations

import pytest

from harness.detection.sighting import Sighting, Unread


@pytest.mark.parametrize(
    ("part", "received"),
    [("url", False), ("body", False), ("response.body", True), ("response.header[x]", True)],
)
def test_received_or_sent(part: str, received: bool) -> None:
    assert Sighting("t", "nfc", part, (), (0, 1), part).in_response is received
    assert Unread(part, "why").in_response is received
