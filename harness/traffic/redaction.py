"""Takes out of everything that is written what is nobody's business, and keeps it comparable.

Input: exchanges, identifiers, texts. Output: the same with each value replaced by a keyed digest
(HMAC-SHA-256, one key per run, cut to 64 bits): equal values have equal digests within a run, and
nobody without the key can test a guess. What stays: the typed terms, field names, the shape of the
data, plain words in paths, and header fields that describe the message. Pure: the key is given.

It errs on the side of taking out: a value inside an opaque encoding (base64, gzip) goes as a whole,
even if it holds a term; the report's sighting says where it was.
"""

from __future__ import annotations

import hmac
import json
import re
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from typing import Any
from urllib.parse import quote, quote_plus

from harness.detection.sighting import Identifier
from harness.traffic.exchange import Body, Exchange, Header

PLAIN_HEADERS = frozenset(
    {
        "accept",
        "accept-encoding",
        "cache-control",
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "host",
        "transfer-encoding",
        "upgrade",
        "vary",
    }
)

MARK = "redacted-"

_WORD = re.compile(r"[A-Za-z][A-Za-z_.-]{0,23}(v?[0-9]{1,2})?|v[0-9.]{1,5}|[0-9]{1,2}")
_NAME = re.compile(r"(?=.{1,48}$)[$_]*_?[A-Za-z]+[0-9]{0,2}([_.$\[\]-]+([A-Za-z]+)?[0-9]{0,2})*")
_FORM = re.compile(r"[^=&\s{}\[\]\"<>]+=[^&\s\"<>]*(&[^=&\s]+=[^&\s]*)*&?")
_EDGE = r"(%[0-9A-Fa-f]{2}){1,4}|(\\u[0-9A-Fa-f]{4}){1,2}|[^\w%\\]{1,8}|[\w%\\]"
_FIRST, _LAST = re.compile(_EDGE), re.compile(rf"({_EDGE})\Z")
_PRINTABLE = re.compile(r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*")


def fresh_key() -> bytes:
    """A key for one run."""
    return secrets.token_bytes(32)


class Redactor:
    """Redacts with one run's key.

    Args:
        key: secret of the run; see `fresh_key`.
        keep: texts that stay readable (the typed terms).
        secrets: values that never appear, in prose neither (values of `${env.X}`).
        enabled: False for `--leak-keep-secrets`; then only `secrets` are taken out.
    """

    def __init__(
        self,
        key: bytes,
        *,
        keep: Iterable[str] = (),
        secrets: Iterable[str] = (),
        enabled: bool = True,
    ) -> None:
        self._key = key
        self.enabled = enabled
        self._kept = _any_of(form for text in keep if text for form in _spellings(text))
        self._secrets = _any_of(text for text in secrets if text)

    def digest(self, value: str | bytes) -> str:
        """The stand-in for a value; made of characters that any format can carry."""
        data = value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")
        return MARK + hmac.new(self._key, data, sha256).hexdigest()[:16]

    def text(self, text: str) -> str:
        """Prose of ours, in which only the declared secrets are replaced."""
        if self._secrets is None:
            return text
        return self._secrets.sub(lambda match: self.digest(match.group()), text)

    def value(self, value: str) -> str:
        """A value of the app's data: the terms in it stay, the rest does not."""
        if not self.enabled:
            return self.text(value)
        if not value or value.startswith(MARK):
            return value
        kept = list(self._kept.finditer(value)) if self._kept else []
        if not kept:
            return self.digest(value)
        pieces, at = [], 0
        for match in kept:
            pieces += [self._between(value[at : match.start()], after=at > 0), match.group()]
            at = match.end()
        return "".join([*pieces, self._between(value[at:], after=True, before=False)])

    def identifier(self, identifier: Identifier) -> Identifier:
        """A companion that is not under dispute."""
        return replace(identifier, value=self.value(identifier.value))

    def companion(self, identifier: Identifier) -> Identifier:
        """One that is under dispute: it proves the finding, so it stays, unless it is a key."""
        return self.identifier(identifier) if identifier.credential else identifier

    def exchange(self, exchange: Exchange) -> Exchange:
        """All of an exchange: URL, headers, bodies of both directions."""
        if not self.enabled and self._secrets is None:
            return exchange
        request, response = exchange.request, exchange.response
        return replace(
            exchange,
            request=replace(
                request,
                url=self.url(request.url),
                headers=self._headers(request.headers),
                body=self._body(request.body),
            ),
            response=None
            if response is None
            else replace(
                response, headers=self._headers(response.headers), body=self._body(response.body)
            ),
        )

    def url(self, url: str) -> str:
        """Scheme and host stay; words of the path and names of the query too."""
        if not self.enabled:
            return self.text(url)
        head, mark, fragment = url.partition("#")
        head, question, query = head.partition("?")
        scheme, colons, rest = head.partition("://")
        if not colons:
            scheme, rest = "", head
        authority, *segments = rest.split("/")
        user, at, host = authority.rpartition("@")
        path = "/".join([self.value(user) + at + host, *map(self._segment, segments)])
        pairs = self._pairs(query) if query else ""
        return scheme + colons + path + question + pairs + mark + self.value(fragment)

    def _segment(self, segment: str) -> str:
        return segment if not segment or _WORD.fullmatch(segment) else self.value(segment)

    def _pairs(self, text: str) -> str:
        """`a=1&b=2`: names stay if they are words."""
        return "&".join(map(self._pair, text.split("&")))

    def _pair(self, pair: str) -> str:
        name, equals, value = pair.partition("=")
        return self._name(name) + equals + self.value(value) if equals else self.value(pair)

    def _name(self, name: str) -> str:
        return name if _NAME.fullmatch(name) else self.value(name)

    def _between(self, piece: str, *, after: bool, before: bool = True) -> str:
        """What stands after a term, before one, or both. The character beside a term stays: by it
        a reader, and a scan of what was written, tells a word from a part of a longer one."""
        first = _FIRST.match(piece) if after else None
        head = first.group() if first else ""
        last = _LAST.search(piece, len(head)) if before else None
        tail = last.group() if last else ""
        return head + self._piece(piece[len(head) : len(piece) - len(tail)]) + tail

    def _piece(self, piece: str) -> str:
        return self.digest(piece) if any(char.isalnum() for char in piece) else piece

    def _headers(self, headers: tuple[Header, ...]) -> tuple[Header, ...]:
        return tuple(
            (name, self.text(value) if name.lower() in PLAIN_HEADERS else self._header(value))
            for name, value in headers
        )

    def _header(self, value: str) -> str:
        """`a=1; b=2` keeps its names (cookies), anything else goes as a whole."""
        if not self.enabled:
            return self.text(value)
        if "=" in value and all("=" in part for part in value.split(";") if part.strip()):
            return "; ".join(self._pair(part.strip()) for part in value.split(";"))
        return self.value(value)

    def _body(self, body: Body) -> Body:
        if not body.data:
            return body
        try:
            text = body.data.decode("utf-8")
        except UnicodeDecodeError:
            text = ""
        if not self.enabled:
            return replace(body, data=self.text(text).encode()) if text else body
        if not text or not _PRINTABLE.fullmatch(text):
            stand_in = self.digest(body.data).encode()
            return replace(body, data=stand_in, unread=body.unread or "redacted as a whole")
        return replace(body, data=self._textual(text).encode("utf-8", "backslashreplace"))

    def _textual(self, text: str) -> str:
        try:
            return json.dumps(self._json(json.loads(text)), ensure_ascii=False)
        except (ValueError, RecursionError):
            return self._pairs(text) if _FORM.fullmatch(text) else self.value(text)

    def _json(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {self._name(name): self._json(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self._json(item) for item in value]
        if isinstance(value, str):
            return self.value(value)
        if (
            value is None
            or isinstance(value, bool)
            or (isinstance(value, int) and 0 <= value < 100)
        ):
            return value
        return self.digest(repr(value))


def _spellings(text: str) -> set[str]:
    """The ways in which a term stands in text that people can still read."""
    found: set[str] = set()
    for form in {text, *(unicodedata.normalize(each, text) for each in ("NFC", "NFD"))}:
        escaped = form.encode("ascii", "backslashreplace").decode()
        found |= {form, quote(form, safe=""), quote_plus(form), form.replace(" ", "+")}
        found |= {json.dumps(form)[1:-1], escaped, quote(quote(form, safe=""), safe="")}
    return found


def _any_of(texts: Iterable[str]) -> re.Pattern[str] | None:
    """One expression for all of them, longest first, in any case; None when there is none."""
    longest_first = sorted(set(texts), key=lambda text: (-len(text), text))
    if not longest_first:
        return None
    return re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)
