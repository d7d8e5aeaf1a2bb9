"""Digests of a term mixed with an identifier that travels beside it. Pure.

Input: digest-shaped tokens that no plain digest explains, and the identifiers of the same exchange.
Output: which token is a salted or keyed digest of which term. Made on demand: identifiers are known
only once an exchange is read. The salts seen last are kept, so that an identifier shown in one
exchange also explains the digests of those that follow.
"""

from __future__ import annotations

import base64
from collections import OrderedDict
from collections.abc import Iterable, Sequence

from harness.detection.algorithms import salted
from harness.detection.digests import Digest, DigestHit
from harness.detection.terms import fold_accents

HEX = b"0123456789abcdefABCDEF"
HEX_LENGTHS = frozenset({32, 40, 64, 128})
BASE64_LENGTHS = frozenset({22, 27, 43, 86})
MIN_SALT_CHARS = 4
MAX_KEPT = 32
MAX_NEW = 8
MAX_TERMS = 50
MAX_CLEARED = 50_000
URL_SAFE = bytes.maketrans(b"-_", b"+/")


def digest_shaped(token: bytes) -> bool:
    """Whether a token has the length and alphabet of a digest that salts are used with."""
    if len(token) in HEX_LENGTHS:
        return not token.translate(None, HEX)
    return len(token) in BASE64_LENGTHS and not (token.islower() or token.isupper())


class Salts:
    """Salted digests of `terms` (the first fifty), by salt.

    Args:
        fixed: salts that always apply.
    """

    def __init__(self, terms: Sequence[str], fixed: Iterable[str] = ()) -> None:
        self._texts = [
            (index, text)
            for index, term in enumerate(terms[:MAX_TERMS])
            for text in dict.fromkeys((term, term.lower(), fold_accents(term).lower()))
        ]
        self._fixed = [self._make(salt) for salt in dict.fromkeys(fixed) if _usable(salt)]
        self._kept: OrderedDict[str, dict[bytes, Digest]] = OrderedDict()
        self._cleared: set[bytes] = set()

    def unknown(self, token: bytes) -> bool:
        """Whether a token was not yet compared with the salts that are kept.

        A token that stays the same while salts come and go (an API key) is no digest of a term.
        """
        return token not in self._cleared

    def _make(self, salt: str) -> dict[bytes, Digest]:
        """Every way of writing every salted digest, to the digest."""
        made: dict[bytes, Digest] = {}
        for index, text in self._texts:
            for name, digest in salted(text.encode(), salt.encode()):
                found = Digest(index, name, digest.hex())
                made[digest.hex().encode()] = found
                made[base64.b64encode(digest).rstrip(b"=")] = found
        return made

    def find(self, tokens: Sequence[bytes], beside: Sequence[str]) -> dict[bytes, DigestHit]:
        """Hits by token, with the values that travel beside them as salts."""
        for salt in [value for value in beside if _usable(value)][:MAX_NEW]:
            if salt in self._kept:
                self._kept.move_to_end(salt)
            else:
                self._kept[salt] = self._make(salt)
        while len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)
        books = [*self._fixed, *self._kept.values()]
        hits: dict[bytes, DigestHit] = {}
        for token in tokens:
            is_hex = not token.translate(None, HEX)
            written = token.lower() if is_hex else token.translate(URL_SAFE)
            found = next((book[written] for book in books if written in book), None)
            if found is not None:
                steps = ("hex",) if is_hex else ("base64",)
                hits[token] = DigestHit(0, len(token), found.term, found.variant, steps, False)
            elif len(self._cleared) < MAX_CLEARED:
                self._cleared.add(token)
        return hits


def _usable(salt: str) -> bool:
    return len(salt) >= MIN_SALT_CHARS
