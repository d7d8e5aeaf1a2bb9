"""Places by position, in whole and in damaged data."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from harness.detection.structure import fully_decoded, in_json, in_url, place_in

DOCUMENT = json.dumps({"a": [1, {"b": "x"}], "c d": {"e": "needle"}, "f": "needle2"}).encode()


def at(data: bytes, needle: bytes, hint: str = "") -> str:
    start = data.index(needle)
    place = place_in(data, start, start + len(needle), hint)
    return place.path if place else ""


@pytest.mark.parametrize(
    ("needle", "path"),
    [
        (b"x", ".json$.a[1].b"),
        (b"needle", ".json$.c d.e"),
        (b"needle2", ".json$.f"),
        (b"c d", ".json$.{c d}"),
    ],
)
def test_json(needle: bytes, path: str) -> None:
    assert at(DOCUMENT, needle) == path
    cut = DOCUMENT[: DOCUMENT.index(needle) + len(needle) + 2]
    assert at(cut, needle) == path


def test_url_parts() -> None:
    url = b"https://u.example/a/needle1?q=needle2&r=1#needle3"
    for needle, path in (
        (b"needle1", ".path[1]"),
        (b"needle2", ".query[q]"),
        (b"needle3", ".fragment"),
        (b"u.example", ".host"),
        (b"r", ".query.{r}"),
    ):
        start = url.rindex(needle) if needle != b"r" else url.index(b"r=")
        place = in_url(url, start)
        assert place is not None
        assert place.path == path


def test_forms_cookies_multipart_and_nested_urls() -> None:
    assert at(b"a=1&b=needle&c=2", b"needle") == ".form[b]"
    assert at(b"a=1; fbp=needle", b"needle", "cookie") == ".fbp"
    assert at(b"https://x.example/?q=needle", b"needle", "nested") == ".url.query[q]"
    body = b'--B\r\nContent-Disposition: form-data; name="n"\r\n\r\nneedle\r\n--B--\r\n'
    assert at(body, b"needle") == ".multipart[n]"


def test_what_is_not_understood_has_no_place() -> None:
    assert place_in(b"just words with needle", 16, 22) is None
    assert in_json(b"{", 0) is None


def test_levels_of_escapes() -> None:
    twice = quote(quote("é", safe=""), safe="").encode()
    assert fully_decoded(twice) == (b"%25C3%25A9", b"%C3%A9", "é".encode())
