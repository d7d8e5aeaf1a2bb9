"""Clean traffic that almost holds the terms: what must not raise an alarm.

Input: a seed and a count. Output: exchanges without any of `TERMS`, each with near misses: words
that begin like a term, longer words that contain one, other accents, digests of other words,
random ids, base64 and hex that decode to a few letters of a term, catalogue lists, ciphertext.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import random
import uuid
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

from harness.traffic.exchange import Body, Exchange, Kind, Layer, Request

TERMS = ("hépatite", "cancer", "covid", "Therapie", "Urologie", "Vorgespräch Vasektomie", "癌症")
LONG = TERMS[:-1]
NEAR = (
    "Therapeut", "Therapien", "Physiotherapie", "thérapie", "Teletherapie", "Therapieplan",
    "cancerous", "précancer", "cancérologie", "cancel", "dancer", "cancers", "Krebs", "cáncer",
    "covidien", "cov", "co-vid", "ovid", "Urologe", "urology", "Neurologie", "Urologien",
    "hèpatite", "hepatitis", "hépatique", "hépatites", "hapatite", "hépatologue", "patite",
    "Vorgespräch", "Vasektomie", "Vorgespräche Vasektomien", "胃癌", "症状", "炎症", "癌",
)  # fmt: skip
DIGESTS = ("md5", "sha1", "sha256", "sha512")


def near_miss(rng: random.Random) -> str:
    """One value that is close to a term without being one, nor all of it but one letter."""
    while True:
        value = rng.choice(MAKERS)(rng, rng.choice(NEAR))
        if not any(term in value or value == term[:-1] for term in TERMS):
            return value


def _digest(rng: random.Random, word: str) -> str:
    return hashlib.new(rng.choice(DIGESTS), word.encode(), usedforsecurity=False).hexdigest()


MAKERS = (
    lambda rng, word: word,
    lambda rng, word: f"{word} {rng.choice(NEAR)}",
    lambda rng, word: f"{rng.randrange(10**6)}{word}",
    lambda rng, word: quote(word),
    lambda rng, word: quote(quote(word)),
    lambda rng, word: base64.b64encode(word.encode()).decode(),
    lambda rng, word: base64.urlsafe_b64encode(rng.randbytes(rng.randrange(6, 40))).decode(),
    lambda rng, word: base64.b64encode(
        rng.choice(LONG)[:4].encode() + b"\xf5" + rng.randbytes(8)
    ).decode(),
    lambda rng, word: rng.randbytes(rng.randrange(4, 33)).hex(),
    lambda rng, word: word.encode().hex(),
    _digest,
    lambda rng, word: _digest(rng, word).upper()[:32],
    lambda rng, word: str(uuid.UUID(int=rng.getrandbits(128))),
    lambda rng, word: json.dumps({"w": word}),
    lambda rng, word: "".join(rng.sample(rng.choice(LONG), k=4)),
    lambda rng, word: rng.choice(LONG)[: rng.randrange(2, 4)],
    lambda rng, word: word[::-1],
)


def clean(count: int, seed: int = 7) -> Iterator[Exchange]:
    """`count` requests in the usual formats."""
    rng = random.Random(seed)
    for number in range(count):
        yield _exchange(rng, number)


def _exchange(rng: random.Random, number: int) -> Exchange:
    fields: dict[str, object] = {f"k{at}": near_miss(rng) for at in range(rng.randrange(2, 9))}
    fields["list"] = rng.sample(NEAR, k=4)
    text = json.dumps(fields, ensure_ascii=rng.random() < 0.5)
    host = f"t{rng.randrange(40)}.tracker.example"
    query = f"?w={quote(near_miss(rng), safe='')}&ts={1_700_000_000 + number}"
    data = b""
    kind = number % 6
    if kind == 0:
        query += "&d=" + quote(text, safe="")
    elif kind == 1:
        data = text.encode()
    elif kind == 2:
        data = f"v=1&data={quote_plus(base64.b64encode(text.encode()).decode())}".encode()
    elif kind == 3:
        data = gzip.compress(text.encode(), mtime=0)
    elif kind == 4:
        pairs = (f"{key}={quote_plus(str(value))}" for key, value in fields.items())
        data = "&".join(pairs).encode()
    else:
        data = rng.randbytes(rng.randrange(20, 900))
    headers = (("Cookie", f"id={rng.randbytes(8).hex()}; w={quote(near_miss(rng))}"),)
    request = Request("POST" if data else "GET", f"https://{host}/e{query}", headers, Body.of(data))
    return Exchange(str(number), Kind.HTTP, (Layer.WITNESS,), host, 443, 0.0, request)
