"""Notes in HAR entries: an exchange comes back as it was, and a redacted one as unread."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from harness.traffic.exchange import EMPTY, Body, Exchange, Kind, Layer, Request, Response, Stack
from harness.traffic.har_note import REDACTED, note_of, restored

WHOLE = Exchange(
    "7.1-3",
    Kind.HANDOVER,
    (Layer.SDK_API, Layer.IPC),
    "",
    0,
    1_000_000.125,
    Request("logEvent", "sdk-api:com.sdk", (), Body(b"abc", 9, "cut at 3")),
    Response(200, (), Body(b"", 5, "one-shot body")),
    Stack(("com.sdk.Api.logEvent(hooked)", "app.Main.go(Main.java:1)"), (("app.Later.run(1)",),)),
    "org.example.app:push",
    "com.sdk",
)
READ = Exchange(
    "file.har#4",
    Kind.HTTP,
    (Layer.WITNESS,),
    "com.sdk",
    443,
    0.0,
    replace(WHOLE.request, body=Body.of(b"abc")),
    Response(200),
)
"""What a reader of the standard alone makes of the entry."""


def note(exchange: Exchange = WHOLE, *, whole: bool = True) -> dict[str, object]:
    return dict(json.loads(json.dumps(note_of(exchange, whole=whole))))


def test_all_but_the_place_in_the_file_comes_back() -> None:
    assert restored(READ, note()) == replace(WHOLE, id=READ.id)


def test_no_response_stays_no_response() -> None:
    assert restored(READ, note(replace(WHOLE, response=None))).response is None


def test_what_was_redacted_counts_as_unread() -> None:
    silent = replace(WHOLE, request=replace(WHOLE.request, body=EMPTY))
    read = replace(READ, request=silent.request)
    assert restored(read, note(silent, whole=False)).request.body.unread == REDACTED
    assert restored(read, note(silent)).request.body == EMPTY
    assert restored(READ, note(whole=False)).request.body.unread == "cut at 3"


def test_bytes_that_a_reader_could_not_decode_stay_unread() -> None:
    whole = replace(WHOLE, request=replace(WHOLE.request, body=Body.of(b"abc")))
    damaged = replace(READ.request, body=Body(b"ab", 2, "its base64 is damaged"))
    again = restored(replace(READ, request=damaged), note(whole))
    assert again.request.body.unread == "its base64 is damaged"


@pytest.mark.parametrize(
    "damage",
    [
        {"kind": "telepathy"},
        {"seen_by": ["eye"]},
        {"host": 7},
        {"stack": []},
        {"stack": {"frames": "abc", "origins": []}},
        {"request": None},
    ],
)
def test_a_damaged_note_is_refused(damage: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="`_leak` is none that leak-harness writes"):
        restored(READ, note() | damage)


@pytest.mark.parametrize("foreign", ["a text", 7, [], {}, {"request": {}}])
def test_a_note_of_somebody_else_is_refused(foreign: object) -> None:
    with pytest.raises(ValueError, match="none that leak-harness writes"):
        restored(READ, foreign)
