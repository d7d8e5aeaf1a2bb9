"""Every event can be written as JSON and says when it happened."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import get_args

import pytest

from harness.run.events import Event
from tests.run.stage import SEARCH, stage


@pytest.mark.parametrize("kind", get_args(Event))
def test_every_event_has_a_moment(kind: type) -> None:
    assert "at_s" in {field.name for field in fields(kind)}


def test_events_are_plain_values_in_order_of_time() -> None:
    events = stage(SEARCH).run().events
    assert json.loads(json.dumps([asdict(event) for event in events]))
    moments = [event.at_s for event in events]
    assert moments == sorted(moments)
