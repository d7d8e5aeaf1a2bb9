"""Faults of where and how it was sent; importing this module adds them to the catalogue."""

from __future__ import annotations

import gzip
import os
from base64 import b64encode, urlsafe_b64encode
from dataclasses import replace
from hashlib import sha256

from harness.traffic.exchange import Kind, Layer
from tests.faults.catalogue import FAULTS, each_leak, fault, instead, moved, without_leaks
from tests.faults.stream import START_S, TERM, Stream, as_json, request, witnessed

__all__ = ["FAULTS"]


def host_fault(name: str, host: str) -> None:
    FAULTS[f"it goes to {name}"] = lambda of: each_leak(of, lambda each: moved(each, host))


host_fault("a host that ends like the first party", "evilclinic.example")
host_fault("a host that begins like the first party", "clinic.example.tracker.test")
host_fault("an IPv4 literal", "203.0.113.7")
host_fault("an IPv6 literal", "[2001:db8::7]")
host_fault("an internationalised host", "xn--trcker-bua.example")
host_fault("a bare name", "collector")


def header_fault(name: str, value: str = TERM) -> None:
    FAULTS[f"it travels in {name}"] = lambda of: instead(
        of, request("t.tracker.example", "/p", headers=((name, value),))
    )


header_fault("User-Agent", f"App/1.0 ({TERM})")
header_fault("Referer", "https://clinic.example/s?q=h%C3%A9patite")
header_fault("If-None-Match", f'"{TERM}"')
header_fault("Cookie", f"last={TERM}")


@fault
def it_is_in_the_host_name(of: Stream) -> Stream:
    return instead(of, request("hepatite.dns.tracker.example", "/"))


@fault
def it_goes_by_first_party_proxying(of: Stream) -> Stream:
    body = b'{"api_key": "k", "events": [{"event_properties": {"query": "h\\u00e9patite"}}]}'
    return instead(of, request("metrics.clinic.example", "/2/httpapi", body))


@fault
def it_goes_to_the_first_party_in_cleartext(of: Stream) -> Stream:
    plain = request("api.clinic.example", "/log", as_json(TERM), scheme="http")
    return instead(of, replace(plain, seen_by=(Layer.JAVA_HTTP,)))


@fault
def it_is_compressed(of: Stream) -> Stream:
    return instead(of, request("t.tracker.example", "/p", gzip.compress(as_json(TERM))))


@fault
def its_compressed_body_is_cut_in_the_middle(of: Stream) -> Stream:
    packed = gzip.compress(os.urandom(200) + as_json(TERM) + os.urandom(200))[:150]
    headers = (("Content-Encoding", "gzip"),)
    return instead(of, request("t.tracker.example", "/p", packed, headers=headers))


@fault
def it_is_encrypted_by_the_app_itself(of: Stream) -> Stream:
    sealed = bytes((byte * 131 + 7 * index * index + 89) % 256 for index, byte in enumerate(NOISE))
    headers = (("Content-Type", "application/octet-stream"),)
    return instead(of, request("t.tracker.example", "/p", sealed, headers=headers))


NOISE = gzip.compress(as_json(TERM) * 3) + bytes(range(256))


@fault
def it_is_uploaded_as_a_file(of: Stream) -> Stream:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="log"; filename="a.txt"\r\n\r\n'
        + TERM.encode()
        + b"\r\n--x--\r\n"
    )
    headers = (("Content-Type", "multipart/form-data; boundary=x"),)
    return instead(of, request("t.tracker.example", "/up", body, headers=headers))


@fault
def it_goes_by_websocket(of: Stream) -> Stream:
    message = request("ws.tracker.example", "/live", as_json(TERM), scheme="wss")
    return instead(of, replace(message, kind=Kind.WEBSOCKET))


@fault
def it_goes_on_a_stream_that_was_open_before(of: Stream) -> Stream:
    early = request("t.tracker.example", "/", as_json(TERM), at_s=START_S + 1, scheme="tls")
    return instead(of, replace(early, kind=Kind.STREAM))


@fault
def it_is_handed_to_play_services(of: Stream) -> Stream:
    handed = replace(
        request("", "", as_json(TERM), name="handed"),
        kind=Kind.HANDOVER,
        seen_by=(Layer.IPC,),
        package="com.google.android.gms",
    )
    left = without_leaks(of)
    seen = of.witnessed
    if seen is not None:
        seen = tuple(map(witnessed, left.hooked))
    return replace(left, hooked=(*left.hooked, handed), witnessed=seen)


@fault
def the_first_party_redirects_to_a_third(of: Stream) -> Stream:
    first = request("go.clinic.example", f"/r?q={TERM}", name="hop 1")
    return instead(of, first, request("r.tracker.example", f"/r?q={TERM}", name="hop 2"))


@fault
def only_its_digest_is_sent(of: Stream) -> Stream:
    digest = sha256(TERM.encode()).hexdigest()
    return instead(of, request("t.tracker.example", f"/p?h={digest}"))


def encoded_fault(name: str, body: bytes, content_type: str = "application/octet-stream") -> None:
    headers = (("Content-Type", content_type),)
    FAULTS[f"it is {name}"] = lambda of: instead(
        of, request("t.tracker.example", "/p", body, headers=headers)
    )


def _jwt() -> bytes:
    parts = (b'{"alg":"none"}', as_json(TERM), b"x")
    return b".".join(urlsafe_b64encode(part).rstrip(b"=") for part in parts)


def _protobuf() -> bytes:
    word = TERM.encode()
    return b"\x0a" + bytes([len(word)]) + word + b"\x10\x07"


def _grpc() -> bytes:
    message = _protobuf()
    return b"\0" + len(message).to_bytes(4, "big") + message


def _photo() -> bytes:
    """A JPEG whose Exif comment holds the word (CIPA DC-008, tag UserComment)."""
    comment = b"UNICODE\0" + TERM.encode("utf-16-le")
    entry = (0x9286).to_bytes(2, "little") + (7).to_bytes(2, "little")
    entry += len(comment).to_bytes(4, "little") + (26).to_bytes(4, "little")
    exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0" + entry + b"\0\0\0\0" + comment
    return b"\xff\xd8\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + b"\xff\xd9"


CRASH = f"java.lang.IllegalStateException: no result for {TERM}\n\tat a.b.c(Unknown Source:4)\n"

encoded_fault("written in UTF-16", TERM.encode("utf-16-le"), "text/plain")
encoded_fault("in a signed token", b"token=" + _jwt(), "application/x-www-form-urlencoded")
encoded_fault("a field of a protobuf message", _protobuf(), "application/x-protobuf")
encoded_fault("in a gRPC frame", _grpc(), "application/grpc")
encoded_fault("written backwards", TERM[::-1].encode(), "text/plain")
encoded_fault("behind a single-byte XOR", bytes(byte ^ 0x5A for byte in as_json(TERM)))
encoded_fault("base64 of gzip", b64encode(gzip.compress(as_json(TERM))), "text/plain")
encoded_fault("in a crash report", CRASH.encode(), "text/plain")
encoded_fault("in the comment of a photo", _photo(), "image/jpeg")
encoded_fault("escaped as HTML", b"<q>h&eacute;patite</q>", "text/html")
