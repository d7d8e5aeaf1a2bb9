"""Value flow: encrypted and digested bytes of a request, back to what the app turned into them.

Input: operations of the app's code (what went in, what came out), and requests. Output: for each
request the `Plaintext`s of what is found of the results in it: as they are, in hexadecimal, or in
Base64 at any of its three alignments, whatever stands before (an initialisation vector) and with
or without line breaks. An operation whose input is itself a result is followed back to the first.
Keeps the newest operations only; what is forgotten stays unread and is never guessed.
"""

from __future__ import annotations

import base64
import binascii
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import ceil

from harness.agent.events import FlowSeen

from .exchange import Exchange, Plaintext, Request

MAX_OPERATIONS = 1_000
MAX_BYTES = 32 << 20
MIN_RESULT_BYTES = 8
MAX_CHAIN = 4
_BREAKS = (b"\\r\\n", b"\\n", b"%0D%0A", b"%0A", b"\r\n", b"\n")
"""Line breaks of MIME Base64, in JSON, percent-encoded and as they are."""


@dataclass(frozen=True)
class _Form:
    """A way in which a result may be written; `name` is empty for the bytes themselves."""

    name: str
    text: bytes


@dataclass(frozen=True)
class _Operation:
    how: str
    given: bytes
    result: bytes

    @cached_property
    def forms(self) -> tuple[_Form, ...]:
        hexed = binascii.hexlify(self.result)
        return (
            _Form("", self.result),
            _Form("hex", hexed),
            _Form("hex", hexed.upper()),
            *(_Form("base64", text) for text in _base64_forms(self.result)),
        )


class Transforms:
    """The operations of one process."""

    def __init__(self) -> None:
        self._operations: OrderedDict[bytes, _Operation] = OrderedDict()
        self._bytes = 0
        self._added = 0
        self._known: dict[str, tuple[Request, int, tuple[Plaintext, ...]]] = {}

    def add(self, event: FlowSeen) -> None:
        if len(event.result) < MIN_RESULT_BYTES or event.result == event.given:
            return
        operation = _Operation(event.how, event.given, event.result)
        if event.result not in self._operations:
            self._bytes += len(event.given) + len(event.result)
        self._operations[event.result] = operation
        self._operations.move_to_end(event.result)
        self._added += 1
        while len(self._operations) > MAX_OPERATIONS or self._bytes > MAX_BYTES:
            _, old = self._operations.popitem(last=False)
            self._bytes -= len(old.given) + len(old.result)

    def of(self, exchange: Exchange) -> tuple[Plaintext, ...]:
        """What is known of the request; looked for again only when one of the two changed."""
        if not self._operations:
            return ()
        known = self._known.get(exchange.id)
        if known is not None and known[0] == exchange.request and known[1] == self._added:
            return known[2]
        found = tuple(self._found(exchange.request))
        self._known[exchange.id] = (exchange.request, self._added, found)
        return found

    def _found(self, request: Request) -> Iterator[Plaintext]:
        operations = tuple(self._operations.values())
        for part, data in _parts(request):
            joined = _unbroken(data)
            for operation in operations:
                for form in operation.forms:
                    start = data.find(form.text)
                    span = (start, start + len(form.text))
                    if start < 0 and joined is not None and form.name == "base64":
                        span = (0, len(data)) if form.text in joined else (-1, -1)
                    if span[0] >= 0:
                        how, given = self._first(operation)
                        names = (form.name, *how) if form.name else how
                        yield Plaintext(part, *span, names, given)
                        break

    def _first(self, operation: _Operation) -> tuple[tuple[str, ...], bytes]:
        """All that was done, outermost first, and what it began with."""
        how: list[str] = []
        for _ in range(MAX_CHAIN):
            how.append(operation.how)
            before = self._operations.get(operation.given)
            if before is None or before is operation:
                break
            operation = before
        return tuple(how), operation.given


def _parts(request: Request) -> Iterator[tuple[str, bytes]]:
    """Names and bytes as `harness.detection.engine.parts` has them."""
    yield "url", request.url.encode("utf-8", "surrogateescape")
    for name, value in request.headers:
        yield f"header[{name.lower()}]", value.encode("utf-8", "surrogateescape")
    if request.body.data:
        yield "body", request.body.data


def _base64_forms(result: bytes) -> Iterator[bytes]:
    """The characters that only `result` decides, at each alignment and in each alphabet."""
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + result).rstrip(b"=")
        whole = (before + len(result)) % 3 == 0
        certain = encoded[ceil(before * 8 / 6) : None if whole else -1]
        if len(certain) >= MIN_RESULT_BYTES:
            yield certain
            url_safe = certain.replace(b"+", b"-").replace(b"/", b"_")
            percent = certain.replace(b"+", b"%2B").replace(b"/", b"%2F")
            json = certain.replace(b"/", b"\\/")
            yield from dict.fromkeys(each for each in (url_safe, percent, json) if each != certain)


def _unbroken(data: bytes) -> bytes | None:
    """`data` without line breaks, None if it has none."""
    joined = data
    for each in _BREAKS:
        joined = joined.replace(each, b"")
    return joined if len(joined) != len(data) else None
