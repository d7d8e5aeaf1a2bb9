"""Notes in HAR entries: an exchange comes back as it was, and a redacted one as unread."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from harness.traffic.exchange import EMPTY, Body, Exchange, Kind, Layer, Request, Response, Stack
from harness.traffic.har_note import REDACTED, note_of, noted, restored

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
    "",
    0,
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
    unanswered = replace(READ, response=Response(0))
    assert restored(unanswered, note(replace(WHOLE, response=None))).response is None


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


def test_what_a_reader_missed_stays_missed() -> None:
    """Of an empty body as well: one that is announced but absent, a trailer that is not there."""
    said_whole = note(replace(WHOLE, request=replace(WHOLE.request, body=EMPTY)))
    absent = Body(b"", 500, "the file does not hold the body of 500 bytes")
    read = replace(READ, request=replace(READ.request, body=absent))
    assert restored(read, said_whole).request.body == absent
    longer = replace(READ, request=replace(READ.request, body=Body(b"abc", 500)))
    assert restored(longer, said_whole).request.body == Body(b"abc", 500)
    answered = replace(READ, response=Response(200, (), absent))
    whole = replace(WHOLE, response=Response(200))
    assert restored(answered, note(whole)).response == answered.response


@pytest.mark.parametrize(
    "damage",
    [
        {"kind": "telepathy"},
        {"seen_by": ["eye"]},
        {"host": 7},
        {"stack": []},
        {"started_s": float("nan")},
        {"port": 10**400, "started_s": 10**400},
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


WEB = Exchange(
    "file.har#5",
    Kind.HTTP,
    (Layer.WITNESS,),
    "graph.facebook.com",
    443,
    0.0,
    Request("POST", "https://graph.facebook.com/tr?q=cancer", (), EMPTY),
    Response(200),
)


@pytest.mark.parametrize(
    ("forged", "told"),
    [
        ({"host": "clinic.example"}, "host 'clinic.example'"),
        ({"host": ""}, "host ''"),
        ({"kind": "handover", "package": "org.example.clinic"}, "kind 'handover'"),
        ({"kind": "stream"}, "kind 'stream'"),
        ({"kind": "datagram"}, "kind 'datagram'"),
        ({"seen_by": ["ipc"]}, "that it did not leave the device"),
    ],
)
def test_a_note_cannot_say_whom_the_url_does_not_name(forged: dict[str, object], told: str) -> None:
    read, doubt = noted(WEB, note(WEB) | forged)
    assert read == WEB
    assert doubt == f"its `_leak` says {told}, which its url contradicts"
    assert noted(WEB, note(WEB)) == (WEB, "")
    assert noted(WEB, None) == (WEB, "")


@pytest.mark.parametrize(
    "forged",
    [{"package": "com.other"}, {"package": "", "host": "clinic.example"}, {"kind": "http"}],
)
def test_a_note_of_a_hand_over_names_the_receiver_of_the_url(forged: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="which its url contradicts"):
        restored(READ, note() | forged)


def test_an_answer_that_the_entry_holds_stays() -> None:
    answered = replace(READ, response=Response(200, (), Body.of(b"abc")))
    assert restored(answered, note(replace(WHOLE, response=None))).response == answered.response
