"""What becomes of messages: paired, counted, complained about."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from harness.agent.inbox import Inbox
from harness.agent.reception import Reception
from harness.traffic.pairing import Pairing
from tests.fakes.clock import FakeClock

CORPUS = Path(__file__).parents[1] / "corpus" / "wire" / "batch.json"


def reception(inbox: Inbox | None = None) -> tuple[Inbox, Reception, FakeClock]:
    clock = FakeClock()
    inbox = inbox or Inbox()
    made = Reception(inbox, clock)
    made.pairing = Pairing("p")
    return inbox, made, clock


def recorded() -> tuple[dict[str, Any], bytes]:
    corpus = json.loads(CORPUS.read_text(encoding="utf-8"))
    return {"type": "send", "payload": corpus["message"]}, base64.b64decode(corpus["data"])


def test_a_batch_becomes_exchanges() -> None:
    inbox, received, clock = reception()
    inbox.put(*recorded())
    clock.sleep(7)
    assert "https://api.clinic.example/find?q=h%C3%A9patite" in [
        exchange.request.url for exchange in received.exchanges()
    ]
    assert (received.sequence.missing, received.last_event_at, received.errors) == (
        0,
        clock.now(),
        (),
    )


def test_a_malformed_message_is_an_error_and_its_events_are_missing() -> None:
    inbox, received, _ = reception()
    message, data = recorded()
    message["payload"]["events"][3]["conn"] = "two"
    inbox.put(message, data)
    later, data = recorded()
    later["payload"]["events"] = [{**later["payload"]["events"][3], "n": 8}]
    inbox.put(later, data)
    received.pump()
    assert received.sequence.missing == 7
    assert "message.events[3].conn" in received.errors[0]


def test_faults_and_uncaught_errors_are_told_once() -> None:
    inbox, received, _ = reception()
    for _ in range(2):
        inbox.put(
            {"type": "error", "description": "boom", "stack": "Error: boom\n at x.ts:1"}, None
        )
        fault = {"type": "fault", "v": 1, "where": "a.B.c", "what": "broke"}
        inbox.put({"type": "send", "payload": fault}, None)
    inbox.put("no object", None)
    received.pump()
    assert received.errors[:2] == ("Error: boom\n at x.ts:1", "a.B.c: broke")
    assert len(received.errors) == 3


def test_a_full_inbox_is_an_error() -> None:
    inbox, received, _ = reception(Inbox(max_messages=1))
    inbox.put(*recorded())
    inbox.put(*recorded())
    received.pump()
    assert any("inbox was full" in error for error in received.errors)
