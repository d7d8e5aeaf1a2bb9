"""Which decodings a token is worth."""

from __future__ import annotations

import base64
import uuid

from harness.detection.tokens import (
    bridged,
    decodings,
    opaque_by_shape,
    parts_of,
    punctuated,
    tokens_in,
    value_decodings,
    values_in,
)


def test_runs_end_at_what_no_alphabet_has() -> None:
    assert tokens_in(b'{"a-b":"c/d+e="}') == {b"a-b", b"c/d+e"}
    assert values_in(b'{"k":"a!b c"}') == {b"{", b"k", b":", b"a!b", b"c", b"}"}


def test_numbers_and_uuids_are_told_by_their_shape() -> None:
    assert opaque_by_shape(b"1700000000123")
    assert opaque_by_shape(str(uuid.uuid4()).encode())
    assert not opaque_by_shape(b"736174697265")  # hex of "satire"
    assert list(decodings(b"1700000000123")) == []


def test_each_alphabet() -> None:
    text = "hépatite B".encode()
    for name, token in {
        "base64": base64.b64encode(text).rstrip(b"="),
        "hex": text.hex().encode(),
        "base32": base64.b32encode(text).rstrip(b"="),
    }.items():
        assert (name, text) in decodings(token)
    (value,) = (base64.b85encode(text),)
    assert (value, "base85", text) in value_decodings(b"k=" + value)


def test_glued_parts_and_bridges() -> None:
    assert parts_of(b"a/abcdefgh.ijklmnop") == [b"abcdefgh", b"ijklmnop"]
    assert parts_of(b"sha256-abcdefghijkl") == [b"abcdefghijkl"]
    assert parts_of(b"AbCdEf-GhIjKl_MnOpQr") == []
    assert parts_of(b"abcdefgh") == []
    assert bridged(b"AbCdEfGh+IjKlMnOp")
    assert not bridged(b"+AbCdEfGhIjKlMnOp+")
    assert punctuated(b"a!bcdefg#")
    assert not punctuated(b'"12:34",[{}]')
