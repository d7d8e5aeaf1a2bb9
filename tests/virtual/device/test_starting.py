"""Requests and what can become of them."""

from __future__ import annotations

from harness.virtual.device.starting import NotStarted, Start
from harness.virtual.host import IntentSpec


def test_a_plain_request_starts_at_once_and_stops_nothing() -> None:
    request = Start("org.x", IntentSpec("org.x/org.x.A"))
    assert not request.debug
    assert not request.stop_first


def test_a_failure_says_whether_it_was_a_deadline() -> None:
    assert NotStarted("no answer", timeout=True).timeout
    assert not NotStarted("it has ended").timeout
