"""The messages of the agent: the corpus that hooks/src/outbox.ts is tested on as well."""

from __future__ import annotations

import base64
import copy
import json
from pathlib import Path
from typing import Any

import pytest

from harness.agent.events import (
    AnswerPart,
    BodyPart,
    BytesSeen,
    CarrierSeen,
    CipherSeen,
    DatagramSeen,
    FlowSeen,
    HandoverSeen,
    LookupSeen,
    RequestSeen,
    ResponseSeen,
)
from harness.agent.messages import Batch, Fault, Ready
from harness.agent.wire import Decoder, WireError, frames
from harness.traffic.exchange import Layer, Stack

CORPUS = Path(__file__).parents[1] / "corpus" / "wire" / "batch.json"
RECORDED: dict[str, Any] = json.loads(CORPUS.read_text(encoding="utf-8"))
DATA = base64.b64decode(RECORDED["data"])


def message() -> dict[str, Any]:
    return copy.deepcopy(RECORDED["message"])


def decoded(payload: object, data: bytes | None = DATA) -> Batch:
    value = Decoder().message(payload, data)
    assert isinstance(value, Batch)
    return value


def test_every_kind_of_event() -> None:
    first_ms = RECORDED["message"]["events"][0]["t"]
    request, body, cut, carrier, written, cipher, response, *further = decoded(message()).events
    udp, name, handed, flow, answer = further
    assert request == RequestSeen(
        1,
        first_ms,
        11,
        "okhttp3.internal.http.CallServerInterceptor.intercept",
        1,
        "POST",
        "https://api.clinic.example/find?q=h%C3%A9patite",
        (("Host", "api.clinic.example"), ("Content-Length", "14")),
        True,
        Stack(
            ("org.example.Search.send(Search.java:7)", "java.lang.Thread.run(Thread.java:840)"),
            (("org.example.Search.onClick(Search.java:3)",),),
        ),
    )
    assert body == BodyPart(2, first_ms + 1, 11, 1, "hépatite 😀".encode(), 14, "")
    assert cut == BodyPart(3, first_ms + 2, 11, 1, b"", 4, "cut at 15 bytes")
    assert carrier == CarrierSeen(4, first_ms + 3, 11, 2, 3, "10.0.0.9", 443)
    assert written == BytesSeen(
        5,
        first_ms + 4,
        12,
        Layer.TLS,
        "sun.security.ssl.SSLSocketImpl$AppOutputStream.write([B,int,int)",
        3,
        "api.clinic.example",
        443,
        0,
        b"GET /",
        5,
        "",
        Stack(("java.lang.Thread.run(Thread.java:840)",)),
    )
    assert isinstance(cipher, CipherSeen)
    assert (cipher.host, cipher.data) == ("10.0.0.9", b"\x16\x03\x01\x00\x00")
    assert isinstance(response, ResponseSeen)
    assert (response.status, response.version, response.error) == (200, "h2", "")
    caller = Stack(("org.example.Udp.send(Udp.java:5)",))
    send = "java.net.DatagramSocket.send(java.net.DatagramPacket)"
    packet = (send, "udp.example", 53, b"hepatitis", 9, caller)
    assert udp == DatagramSeen(8, first_ms + 7, 14, *packet)
    look_up = "java.net.InetAddress.getAllByName"
    assert name == LookupSeen(9, first_ms + 8, 14, look_up, "Term.tunnel.example", caller)
    track = ("a.b.Sdk.track(java.lang.String)", "", "", False)
    data = '["hépatite"]'.encode()
    head = (10, first_ms + 9, 15, Layer.SDK_API)
    cipher_of = ("javax.crypto.Cipher.doFinal([B)", "AES/ECB/NoPadding")
    assert answer == AnswerPart(12, first_ms + 11, 11, 1, b'{"ok":true}', 11, "")
    both = ("hépatite".encode(), bytes(range(16)))
    assert flow == FlowSeen(11, first_ms + 10, 15, *cipher_of, *both)
    assert handed == HandoverSeen(*head, *track, data, len(data), "", caller)


def test_stacks_sent_before_are_known_later() -> None:
    decoder = Decoder()
    decoder.message(message(), DATA)
    later = message()
    later["stacks"] = []
    assert decoder.message(later, DATA) == decoded(message())


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (("type",), "parcel", "message.type"),
        (("v",), 2, "message.v"),
        (("events",), {}, "message.events"),
        (("events", 1), "text", "message.events[1]"),
        (("events", 0, "k"), "rumour", "message.events[0].k"),
        (("events", 0, "n"), "1", "message.events[0].n"),
        (("events", 0, "n"), True, "message.events[0].n"),
        (("events", 0, "body"), 1, "message.events[0].body"),
        (("events", 0, "headers", 1), ["only a name"], "message.events[0].headers[1]"),
        (("events", 0, "stack"), [77], "message.events[0].stack"),
        (("events", 1, "len"), 1000, "message.events[1].at"),
        (("events", 1, "at"), -1, "message.events[1].at"),
        (("events", 4, "layer"), "java-http", "message.events[4].layer"),
        (("stacks", 0), [1], "message.stacks[0]"),
        (("events", 10, "split"), 99, "message.events[10].split"),
    ],
)
def test_malformed_is_refused_with_its_place(
    path: tuple[str | int, ...], value: object, place: str
) -> None:
    broken = message()
    target: Any = broken
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    with pytest.raises(WireError) as caught:
        Decoder().message(broken, DATA)
    assert caught.value.where == place
    assert caught.value.expected


@pytest.mark.parametrize("payload", [None, "text", 3, [], {"type": "batch"}])
def test_no_message_at_all(payload: object) -> None:
    with pytest.raises(WireError):
        Decoder().message(payload, None)


def test_bytes_that_did_not_come_along() -> None:
    with pytest.raises(WireError, match="malformed"):
        Decoder().message(message(), None)


def test_ready_and_fault() -> None:
    row = {"layer": "tls", "target": "a.B.c", "state": "missing", "detail": "no class"}
    ready = {"type": "ready", "v": 1, "runtime": "jvm", "pid": 7, "hooks": [row]}
    value = Decoder().message(ready, None)
    assert isinstance(value, Ready)
    assert (value.runtime, value.pid, value.hooks[0].state) == ("jvm", 7, "missing")
    fault = {"type": "fault", "v": 1, "where": "a.B.c", "what": "broke"}
    assert Decoder().message(fault, None) == Fault("a.B.c", "broke")
    with pytest.raises(WireError):
        Decoder().message({**ready, "runtime": "dalvik"}, None)


def test_frames_lose_loader_and_module() -> None:
    printed = "java.base/java.lang.Thread.run(Thread.java:840)\napp//x.Y.z(Y.java:1)\na.B.c(B.kt)"
    assert frames(printed) == (
        "java.lang.Thread.run(Thread.java:840)",
        "x.Y.z(Y.java:1)",
        "a.B.c(B.kt)",
    )
