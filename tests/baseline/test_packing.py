"""Every value survives being packed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.baseline.forms import flows_of
from harness.baseline.model import StoredExchange
from harness.baseline.packing import (
    check_json,
    check_of,
    exchange_blob,
    exchange_of,
    flow_of,
    flow_text,
    of_blob,
    plain_text,
    recipient_of,
    recipient_text,
    stack_bytes,
    to_blob,
    unsqueezed,
)
from harness.findings.expectations import Allow, Control, FileWaiver, LeakCheck, Waiver
from harness.findings.verdict import judge
from harness.traffic.exchange import Stack
from tests.baseline.runs import LEAKY


def test_exchanges() -> None:
    for each in LEAKY.judged:
        kept = StoredExchange(each.exchange, each.scan, each.recipient, "A", "a", "its path")
        exchange = each.exchange
        back = exchange_of(
            exchange_blob(kept),
            recipient=each.recipient,
            bodies=(
                exchange.request.body.data,
                exchange.response.body.data if exchange.response else b"",
            ),
            stack=stack_bytes(exchange.stack),
            whole=True,
        )
        assert back == kept


def test_recipients_and_flows() -> None:
    for flow in flows_of(judge(LEAKY)):
        recipient = recipient_of(recipient_text(flow.recipient))
        assert recipient == flow.recipient
        assert flow_of(flow_text(flow), recipient) == flow


@pytest.mark.parametrize(
    "check",
    [
        LeakCheck(),
        LeakCheck(
            allow=(Allow("clinic.example"), Allow("t.example", "mixpanel")),
            control=Control(("clinic.example",)),
            settle_s=0.5,
            min_prefix=3,
            flush="sdk",
            blind=(
                Waiver("t.example", "known", date(2030, 1, 2), "A. Muster"),
                FileWaiver("files/history*", "its own", date(2030, 1, 3)),
            ),
            differential=True,
        ),
        LeakCheck(control=Control(off="the search is local")),
    ],
)
def test_checks(check: LeakCheck) -> None:
    assert check_of(of_blob(to_blob(check_json(check)))) == check


@given(st.text(), st.lists(st.text()))
def test_any_text_survives(text: str, frames: list[str]) -> None:
    assert of_blob(to_blob({"a": text})) == {"a": text}
    assert "\0" not in plain_text(text)
    plain_text(text).encode("utf-8")
    assert to_blob(frames)
    assert stack_bytes(Stack(tuple(frames))).isascii()


def test_damage_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="damaged content"):
        unsqueezed(b"nonsense")
