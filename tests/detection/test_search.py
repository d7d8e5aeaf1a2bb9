"""Layers, budget, and what stays opaque."""

from __future__ import annotations

import base64
import gzip
import json
import os

import pytest

from harness.detection.budget import Budget
from harness.detection.digests import Digests
from harness.detection.matching import Matcher
from harness.detection.search import Search

TERMS = ["hépatite"]
MATCHER, DIGESTS = Matcher(TERMS, 4), Digests(TERMS)


def search(budget: Budget | None = None) -> Search:
    return Search(MATCHER, DIGESTS, set(), budget or Budget())


def test_text_is_explained_and_ciphertext_is_not() -> None:
    assert search().part(b'{"a": 1}').explained
    reading = search().part(b"\x00" + os.urandom(300))
    assert not reading.explained
    assert reading.opaque_bytes == 301


def test_an_encoded_ciphertext_is_counted_by_its_size() -> None:
    token = base64.b64encode(b"\x00" + os.urandom(600))
    data = json.dumps({"p": token.decode()}).encode()
    reading = search().part(data)
    assert reading.explained
    assert reading.opaque_bytes >= 0.9 * len(token)


def test_the_work_budget_ends_a_search_and_is_told() -> None:
    reading = search(Budget(bytes_left=200)).part(gzip.compress(b"x" * 5000))
    assert "budget" in reading.cut


def test_what_a_token_decodes_to_is_learnt_once() -> None:
    boring: set[bytes] = set()
    Search(MATCHER, DIGESTS, boring).part(b'{"k": "SearchResultActivity"}')
    assert b"SearchResultActivity" in boring


@pytest.mark.parametrize("depth", [1, 4, 8])
def test_nesting(depth: int) -> None:
    data = "hépatite".encode()
    for _ in range(depth):
        data = base64.b64encode(data)
    one = search()
    one.part(data)
    assert [match.variant for match in one.matches] == ["nfc"]


def test_endless_nesting_ends() -> None:
    data = "hépatite".encode()
    for _ in range(30):
        data = gzip.compress(data)
    assert "depth" in search().part(data).cut
