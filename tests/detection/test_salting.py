"""Digests mixed with an identifier beside them."""

from __future__ import annotations

import base64
import hashlib
import hmac

from harness.detection.salting import Salts, digest_shaped

TERM, SALT = "covid", "9774d56d682e549c"
MIXED = hashlib.sha256((SALT + TERM).encode())


def test_a_salt_beside_the_digest_explains_it() -> None:
    token = MIXED.hexdigest().encode()
    hits = Salts([TERM]).find([token], [SALT])
    assert hits[token].variant == "sha256[saltterm]"
    assert Salts([TERM]).find([token], ["another-value"]) == {}


def test_a_fixed_salt_and_one_seen_before_explain_it_too() -> None:
    token = base64.b64encode(hmac.digest(SALT.encode(), b"covid", "sha256")).rstrip(b"=")
    assert token in Salts([TERM], [SALT]).find([token], [])
    salts = Salts([TERM])
    salts.find([], [SALT])
    assert token in salts.find([token], [])


def test_a_token_that_no_salt_explains_is_known_as_such() -> None:
    salts = Salts([TERM])
    token = b"0" * 32
    assert salts.unknown(token)
    salts.find([token], [SALT])
    assert not salts.unknown(token)


def test_shapes() -> None:
    assert digest_shaped(b"0" * 32)
    assert not digest_shaped(b"0" * 31)
    assert digest_shaped(base64.b64encode(MIXED.digest()).rstrip(b"="))
