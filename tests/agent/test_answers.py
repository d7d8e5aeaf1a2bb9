"""Answers to calls are read strictly."""

from __future__ import annotations

import pytest

from harness.agent.answers import (
    decode_checks,
    decode_field,
    decode_flushed,
    decode_sdk_flushes,
    decode_state,
)
from harness.agent.fields import WireError
from harness.agent.messages import CheckedWay
from harness.traffic.exchange import Layer


def test_answers() -> None:
    state = decode_state(
        {
            "v": 1,
            "runtime": "art",
            "pid": 3,
            "hooks": [],
            "fired": {"b": 2, "a": 1},
            "native": ["libflutter.so"],
            "seq": 9,
            "dropped": 4,
        }
    )
    assert state.native == ("libflutter.so",)
    assert (state.fired, state.seq, state.dropped) == ((("a", 1), ("b", 2)), 9, 4)
    assert decode_flushed({"seq": 5, "dropped": 0}) == (5, 0)
    assert decode_field(None) is None
    field = decode_field(
        {"text": "é", "hint": "", "className": "V", "password": True, "resourceId": "r"}
    )
    assert field is not None
    assert (field.text, field.password) == ("é", True)
    with pytest.raises(WireError):
        decode_flushed({"seq": "many"})


def test_an_answer_of_the_agent_is_read_strictly() -> None:
    row = {"layer": "tls", "way": "w", "sent": True, "detail": ""}
    assert decode_checks([row]) == (CheckedWay(Layer.TLS, "w", True, ""),)
    for wrong, place in (({}, "selfCheck"), ([{**row, "sent": 1}], "selfCheck[0].sent")):
        with pytest.raises(WireError) as caught:
            decode_checks(wrong)
        assert caught.value.where == place


def test_flushes_of_sdks_are_read_strictly() -> None:
    row = {"chain": "a.B#c()", "asked": 2, "error": ""}
    assert decode_sdk_flushes([row]) == (("a.B#c()", 2, ""),)
    for wrong, place in ((None, "flushSdks"), ([{**row, "asked": "2"}], "flushSdks[0].asked")):
        with pytest.raises(WireError) as caught:
            decode_sdk_flushes(wrong)
        assert caught.value.where == place
