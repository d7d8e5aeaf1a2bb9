"""Digests mixed with an identifier beside them."""

from __future__ import annotations

import base64
import hashlib
import hmac

from harness.detection.salting import Evidence, Salts, digest_shaped, explaining

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


def test_a_salt_that_came_late_is_told_at_the_end() -> None:
    token = MIXED.hexdigest().encode()
    salts = Salts([TERM])
    assert salts.find([token], ["another-value"]) == {}
    salts.note([SALT])
    assert salts.late() == (SALT,)
    salts.fix(salts.late())
    assert salts.unknown(token)
    assert salts.find([token], [])[token].salt == SALT
    assert salts.late() == ()


def test_a_salt_that_is_not_kept_any_more_is_remembered() -> None:
    salts = Salts([TERM])
    for number in range(40):
        salts.find([], [SALT if not number else f"value-{number}"])
    token = MIXED.hexdigest().encode()
    assert salts.find([token], []) == {}
    assert salts.late() == (SALT,)


def test_evidence_of_several_searches_together() -> None:
    one, other = Salts([TERM]), Salts([TERM])
    one.find([MIXED.hexdigest().upper().encode()], [])
    other.note([SALT, "another-value"])
    both = one.evidence().with_(other.evidence())
    assert explaining([TERM], both) == (SALT,)
    assert one.evidence() == Evidence()
