"""What the virtual internet answers to one request. Pure.

Input: an `AnswerBook` and the request's method, host, path and headers. Output: a `Reply`. Order:
an entry of the book; a browser's preflight is let through unless an entry names OPTIONS; an image
request gets a 1x1 GIF; anything else 200 with `{}`. Cross-origin headers that allow everything are
added unless an entry gives its own, so that a browser never holds back a request for their lack.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass

from harness.virtual.internet.answers import AnswerBook

PIXEL_GIF = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")

_IMAGE_PATHS = (".gif", ".png", ".jpg", ".jpeg", ".webp", ".ico", ".svg", ".avif")
_PREFLIGHT_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"


@dataclass(frozen=True, slots=True)
class Reply:
    """`source` says why: `FILE:LINE`, `default` or `preflight`."""

    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes
    delay_s: float
    source: str


def reply(book: AnswerBook, host: str, method: str, path: str, headers: Mapping[str, str]) -> Reply:
    """Answer one request; `headers` has lower-case names."""
    entry = book.find(host, method, path)
    preflight = method == "OPTIONS" and "access-control-request-method" in headers
    if preflight and (entry is None or entry.method != "OPTIONS"):
        return Reply(204, _preflight(headers), b"", 0.0, "preflight")
    if entry is None:
        content, kind = _default(method, path, headers)
        return Reply(200, _with_cors((("Content-Type", kind),), headers), content, 0.0, "default")
    given = entry.headers
    if not any(name.lower() == "content-type" for name, _ in given):
        given = (("Content-Type", entry.content_type), *given)
    delay_s = entry.delay_ms / 1000
    return Reply(entry.status, _with_cors(given, headers), entry.content, delay_s, entry.source)


def _default(method: str, path: str, headers: Mapping[str, str]) -> tuple[bytes, str]:
    accepts = headers.get("accept", "").lower()
    wanted = accepts.startswith("image/") or headers.get("sec-fetch-dest") == "image"
    named = path.partition("?")[0].lower().endswith(_IMAGE_PATHS)
    if method in ("GET", "HEAD") and (wanted or named):
        return PIXEL_GIF, "image/gif"
    return b"{}", "application/json"


def _allowing(headers: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    origin = headers.get("origin")
    if origin is None:
        return (("Access-Control-Allow-Origin", "*"),)
    return (
        ("Access-Control-Allow-Origin", origin),
        ("Access-Control-Allow-Credentials", "true"),
        ("Vary", "Origin"),
    )


def _with_cors(
    given: tuple[tuple[str, str], ...], headers: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    names = {name.lower() for name, _ in given}
    return given + tuple(pair for pair in _allowing(headers) if pair[0].lower() not in names)


def _preflight(headers: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    asked = headers["access-control-request-method"]
    return (
        *_allowing(headers),
        ("Access-Control-Allow-Methods", f"{_PREFLIGHT_METHODS}, {asked}"),
        ("Access-Control-Allow-Headers", headers.get("access-control-request-headers", "*")),
        ("Access-Control-Allow-Private-Network", "true"),
        ("Access-Control-Max-Age", "0"),
    )
