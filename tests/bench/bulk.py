"""A made-up stream of tracker traffic: what a busy app's SDKs send, mostly clean.

Input: a seed, a term, a count. Output: HAR entries with labels. Every fifth request carries the
term, in turn as plain JSON, URL form, base64 form and gzip; the rest carry other search words.
Written for this project; values are random.
"""

from __future__ import annotations

import base64
import gzip
import json
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

FORMATS = ("json", "form", "base64-form", "gzip")
HOSTS = ("api.tracker.example", "collect.metrics.example", "in.ads.example", "t.pixel.example")
OTHER_WORDS = (
    "Zahnarzt",
    "dermatologue",
    "Impfung",
    "grippe",
    "Therapeut",
    "hépatologue",
    "Rücken",
    "Knie",
    "pédiatre",
    "allergie",
    "Vorsorge",
    "MRT",
    "ostéopathe",
    "Hausarzt",
    "cardiologie",
    "Augenarzt",
)
SCREENS = ("HomeActivity", "SearchResultActivity", "BookingFragment", "ProfileActivity")


def _devices(count: int) -> list[dict[str, str]]:
    """Installs of the app: each keeps its identifiers from request to request."""
    rng = random.Random(0)
    return [
        {
            "api_key": f"{rng.getrandbits(128):032x}",
            "advertising_id": str(uuid.UUID(int=rng.getrandbits(128))),
            "android_id": f"{rng.getrandbits(64):016x}",
            "model": rng.choice(["SM-G991B", "Pixel 7", "M2101K6G"]),
        }
        for _ in range(count)
    ]


DEVICES = _devices(8)


@dataclass(frozen=True, slots=True)
class Labelled:
    """One HAR entry; `term` is what it carries, empty for a clean one."""

    entry: dict[str, Any]
    format: str
    term: str


def events(rng: random.Random, word: str) -> dict[str, Any]:
    """A batch of events with `word` as the search word of one of them, about 2.5 kB of JSON."""
    batch = [
        {
            "event_type": rng.choice(["screen_view", "tap", "search", "impression"]),
            "event_id": str(uuid.UUID(int=rng.getrandbits(128))),
            "timestamp": 1_700_000_000_000 + rng.randrange(10**9),
            "screen": rng.choice(SCREENS),
            "properties": {
                "position": rng.randrange(100),
                "list": rng.choice(["organic", "sponsored", "recent"]),
                "duration_ms": rng.randrange(20_000),
            },
        }
        for _ in range(8)
    ]
    batch[rng.randrange(len(batch))]["properties"]["query"] = word
    device = rng.choice(DEVICES)
    return {
        "api_key": device["api_key"],
        "sdk": {"name": "analytics-android", "version": "4.11.4"},
        "device": {
            "advertising_id": device["advertising_id"],
            "android_id": device["android_id"],
            "model": device["model"],
            "locale": "de-DE",
            "timezone": "Europe/Berlin",
        },
        "session_id": base64.urlsafe_b64encode(rng.randbytes(18)).decode(),
        "events": batch,
    }


def body(rng: random.Random, word: str, kind: str) -> tuple[dict[str, Any], str]:
    """(postData, content type) of one request."""
    tree = events(rng, word)
    text = json.dumps(tree, ensure_ascii=False, separators=(",", ":"))
    if kind == "json":
        return {"text": text}, "application/json; charset=utf-8"
    if kind == "form":
        flat = {f"{key}": json.dumps(value, ensure_ascii=False) for key, value in tree.items()}
        encoded = "&".join(f"{key}={quote_plus(value)}" for key, value in flat.items())
        return {"text": encoded}, "application/x-www-form-urlencoded"
    if kind == "base64-form":
        data = quote_plus(base64.b64encode(text.encode()).decode())
        return {"text": f"v=1&data={data}"}, "application/x-www-form-urlencoded"
    packed = base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()
    return {"text": packed, "_encoding": "base64"}, "application/json"


def entry(rng: random.Random, word: str, kind: str, second: int) -> dict[str, Any]:
    """One HAR entry of the given format."""
    post, content_type = body(rng, word, kind)
    host = rng.choice(HOSTS)
    headers = {
        "Host": host,
        "User-Agent": "Dalvik/2.1.0 (Linux; U; Android 14; SM-G991B Build/UP1A.231005.007)",
        "Content-Type": content_type,
        "Accept-Encoding": "gzip",
        "Connection": "Keep-Alive",
        "X-Request-Id": str(uuid.UUID(int=rng.getrandbits(128))),
    }
    if kind == "gzip":
        headers["Content-Encoding"] = "gzip"
    return {
        "startedDateTime": f"2026-01-02T{second // 3600 % 24:02}:{second // 60 % 60:02}:"
        f"{second % 60:02}.000Z",
        "time": 12,
        "request": {
            "method": "POST",
            "url": f"https://{host}/v1/batch?sdk=4.11.4&ts={1_700_000_000 + second}",
            "httpVersion": "HTTP/2",
            "headers": [{"name": name, "value": value} for name, value in headers.items()],
            "queryString": [],
            "cookies": [],
            "headersSize": -1,
            "bodySize": -1,
            "postData": {"mimeType": content_type, **post},
        },
        "response": {
            "status": 200,
            "statusText": "",
            "httpVersion": "HTTP/2",
            "headers": [{"name": "Content-Type", "value": "application/json"}],
            "cookies": [],
            "content": {"size": 15, "mimeType": "application/json", "text": '{"success":true}'},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": 15,
        },
        "cache": {},
        "timings": {"send": 0, "wait": 12, "receive": 0},
    }


def bulk(term: str, count: int = 2000, seed: int = 1) -> Iterator[Labelled]:
    """`count` requests, every fifth with `term`, the formats evenly spread over both kinds."""
    rng = random.Random(seed)
    for number in range(count):
        carries = number % 5 == 0
        kind = FORMATS[(number // 5) % 4] if carries else FORMATS[number % 4]
        word = term if carries else rng.choice(OTHER_WORDS)
        yield Labelled(entry(rng, word, kind, number), kind, term if carries else "")


def har_text(entries: list[dict[str, Any]]) -> str:
    """A HAR document in one line, as browsers write it."""
    return json.dumps(
        {
            "log": {
                "version": "1.2",
                "creator": {"name": "leak-harness bench", "version": "1"},
                "entries": entries,
            }
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )
