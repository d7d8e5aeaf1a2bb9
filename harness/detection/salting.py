"""Digests of a term mixed with an identifier that travels beside it. Pure.

Input: digest-shaped tokens that no plain digest explains, and the identifiers of the same exchange
and of others. Output: which token is a salted or keyed digest of which term. Made on demand:
identifiers are known only once an exchange is read. The salts seen last are kept, so that an
identifier shown in one exchange also explains the digests of those that follow; which of all that
were ever seen explain earlier ones, or later ones than were kept, is told at the end (`late`), so
that the answer does not depend on the order of exchanges.
"""

from __future__ import annotations

import base64
from collections import OrderedDict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

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
MAX_SEEN = 4_000
"""Salts remembered over a run, divided by the number of texts that each is mixed with."""
MIN_SEEN = 100
URL_SAFE = bytes.maketrans(b"-_", b"+/")


Book = dict[bytes, Digest]
"""A digest by each way of writing it."""


def digest_shaped(token: bytes) -> bool:
    """Whether a token has the length and alphabet of a digest that salts are used with."""
    if len(token) in HEX_LENGTHS:
        return not token.translate(None, HEX)
    return len(token) in BASE64_LENGTHS and not (token.islower() or token.isupper())


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a run taught about salts.

    Attributes:
        seen: values that may be salts, in the order in which they came.
        used: those that explained a digest.
        tokens: digests that none explained, as they are written in books.
    """

    seen: tuple[str, ...] = ()
    used: tuple[str, ...] = ()
    tokens: frozenset[bytes] = frozenset()

    def with_(self, other: Evidence) -> Evidence:
        """Both together."""
        return Evidence(
            tuple(dict.fromkeys((*self.seen, *other.seen))),
            tuple(dict.fromkeys((*self.used, *other.used))),
            self.tokens | other.tokens,
        )


def explaining(terms: Sequence[str], evidence: Evidence) -> tuple[str, ...]:
    """The salts seen that explain a digest which was not explained when it was."""
    return Salts(terms).explaining(evidence.seen, evidence.tokens)


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
        self._fixed: dict[str, Book] = {}
        self._kept: OrderedDict[str, Book] = OrderedDict()
        self._cleared: set[bytes] = set()
        self._unexplained: set[bytes] = set()
        self._seen: dict[str, None] = {}
        self._used: dict[str, None] = {}
        self._max_seen = max(MIN_SEEN, MAX_SEEN // max(1, len(self._texts)))
        self.fix(fixed)

    def fix(self, salts: Iterable[str]) -> None:
        """Let these apply from now on, also to tokens that were compared before."""
        fresh = [salt for salt in dict.fromkeys(salts) if _usable(salt) and salt not in self._fixed]
        self._fixed.update((salt, self._make(salt)) for salt in fresh)
        if fresh:
            self._cleared.clear()
            self._unexplained.clear()

    def note(self, salts: Iterable[str]) -> None:
        """Remember values that may be salts, for `late`."""
        for salt in salts:
            if len(self._seen) < self._max_seen and _usable(salt):
                self._seen.setdefault(salt)

    def late(self) -> tuple[str, ...]:
        """The salts that explain a token which `find` did not know them for."""
        return self.explaining(self._seen, self._unexplained)

    def explaining(self, salts: Iterable[str], tokens: Set[bytes]) -> tuple[str, ...]:
        """Those of `salts` with which one of `tokens` was made."""
        if not tokens:
            return ()
        fresh = (salt for salt in salts if salt not in self._fixed)
        return tuple(salt for salt in fresh if not self._make(salt).keys().isdisjoint(tokens))

    def evidence(self) -> Evidence:
        """What was learned since this was last asked."""
        told = Evidence(tuple(self._seen), tuple(self._used), frozenset(self._unexplained))
        for known in (self._seen, self._used, self._unexplained):
            known.clear()
        return told

    def unknown(self, token: bytes) -> bool:
        """Whether a token was not yet compared with the salts that are kept.

        A token that stays the same while salts come and go (an API key) is no digest of a term.
        """
        return token not in self._cleared

    def _make(self, salt: str) -> Book:
        """Every way of writing every salted digest, to the digest."""
        made: Book = {}
        for index, text in self._texts:
            for name, digest in salted(text.encode(), salt.encode()):
                found = Digest(index, name, digest.hex())
                made[digest.hex().encode()] = found
                made[base64.b64encode(digest).rstrip(b"=")] = found
        return made

    def find(self, tokens: Sequence[bytes], beside: Sequence[str]) -> dict[bytes, DigestHit]:
        """Hits by token, with the values that travel beside them as salts."""
        self.note(beside)
        for salt in [value for value in beside if _usable(value)][:MAX_NEW]:
            if salt in self._kept:
                self._kept.move_to_end(salt)
            else:
                self._kept[salt] = self._make(salt)
        while len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)
        books = {**self._fixed, **self._kept}
        hits: dict[bytes, DigestHit] = {}
        for token in tokens:
            is_hex = not token.translate(None, HEX)
            written = token.lower() if is_hex else token.translate(URL_SAFE)
            mixed = next((salt for salt, book in books.items() if written in book), None)
            if mixed is not None:
                found, steps = books[mixed][written], ("hex",) if is_hex else ("base64",)
                self._used.setdefault(mixed)
                hits[token] = DigestHit(
                    0, len(token), found.term, found.variant, steps, False, mixed
                )
            elif len(self._cleared) < MAX_CLEARED:
                self._cleared.add(token)
                self._unexplained.add(written)
        return hits


def _usable(salt: str) -> bool:
    return len(salt) >= MIN_SALT_CHARS
