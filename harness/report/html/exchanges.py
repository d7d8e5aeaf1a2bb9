"""Exchanges as rows of the page: what a person sees of each, and the proof of each sighting.

Input: what an item sent. Output: `Row` values with plain texts (the template escapes them). An
exchange that carries a term is told with its request and the decoding step by step, others in
brief. What redaction took out cannot be replayed, and the row says so. Refuses to make a page of
any size: bodies and addresses are cut, visibly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.detection.engine import Engine
from harness.detection.explain import explain
from harness.detection.sighting import Sighting
from harness.report.run import Sent
from harness.traffic.exchange import Body, Exchange, Kind

FULL_CHARS, BRIEF_CHARS = 8000, 240
URL_CHARS = 120
MAX_FRAMES = 60
CUT = " […]"


@dataclass(frozen=True, slots=True)
class Proof:
    """One sighting.

    Attributes:
        steps: the way from the raw bytes to the term, line by line; empty if it cannot be replayed.
        span: `bytes 39..52 of url`.
    """

    term: str
    location: str
    decoding: tuple[str, ...]
    variant: str
    span: str
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One exchange.

    Attributes:
        anchor: its id in the page, empty for one that nobody points at.
        after_s: seconds since the item began.
        mark: `finding`, `permitted` or `note` for one that carries a term, else empty.
        request: method, address, headers and body, as far as they are shown.
        unread: why parts of the request could not be read.
        redacted: parts were taken out of it.
        handed: it went to another program on the device, not to a host.
    """

    anchor: str
    after_s: float
    method: str
    host: str
    path: str
    status: str
    who: str
    mark: str
    terms: tuple[str, ...]
    request: str
    frames: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    redacted: bool = False
    handed: bool = False
    proofs: tuple[Proof, ...] = ()


class Rows:
    """Makes the rows of one item.

    Args:
        engine: of the run's terms, None when there are none.
        marks: exchange -> `finding` or `permitted`.
        began_s: when the item began.
    """

    def __init__(self, engine: Engine | None, marks: Mapping[str, str], began_s: float) -> None:
        self._engine = engine
        self._marks = marks
        self._began_s = began_s

    def row(self, sent: Sent, anchor: str = "") -> Row:
        """One row, in full if it has an anchor."""
        exchange, recipient = sent.exchange, sent.recipient
        sightings = [each for each in sent.scan.sightings if not each.in_response]
        mark = self._marks.get(exchange.id, "note" if sent.scan.sightings else "")
        limit = FULL_CHARS if anchor else BRIEF_CHARS
        response = exchange.response
        who = dict.fromkeys(filter(None, (recipient.sdk, recipient.company)))
        return Row(
            anchor=anchor,
            after_s=exchange.started_s - self._began_s,
            method=exchange.request.method or exchange.kind.value,
            host=exchange.host or exchange.package or recipient.host,
            path=cut(_path(exchange), URL_CHARS),
            status=str(response.status) if response and response.status else "",
            who=", ".join(who),
            mark=mark,
            terms=tuple(dict.fromkeys(each.term for each in sent.scan.sightings)),
            request=request_text(exchange, limit),
            frames=exchange.stack.all_frames[:MAX_FRAMES] if anchor else (),
            unread=tuple(
                f"{each.part}: {each.reason}" for each in sent.scan.unread if not each.in_response
            ),
            redacted=not sent.whole,
            handed=exchange.kind is Kind.HANDOVER,
            proofs=tuple(self._proofs(sent, sightings)) if anchor else (),
        )

    def _proofs(self, sent: Sent, sightings: Sequence[Sighting]) -> list[Proof]:
        replayed = {}
        if sent.whole and self._engine is not None:
            found = self._engine.found(sent.exchange)
            replayed = {sighting: tuple(explain(sighting, match)) for sighting, match in found}
        return [
            Proof(
                each.term,
                each.location,
                each.decoding,
                each.variant,
                f"bytes {each.range[0]}..{each.range[1]} of {each.part}",
                replayed.get(each, ()),
            )
            for each in sightings
        ]


def request_text(exchange: Exchange, limit: int) -> str:
    """The request as text; what is no text in the body as `\\xNN`."""
    request = exchange.request
    lines = [cut(f"{request.method} {request.url}".strip(), limit)]
    if limit > BRIEF_CHARS:
        lines += [f"{name}: {cut(value, limit)}" for name, value in request.headers]
    body = _body(request.body, limit)
    return "\n".join([*lines, *(["", body] if body else [])])


def cut(text: str, limit: int) -> str:
    """The beginning, with a mark where something is missing."""
    return text if len(text) <= limit else text[:limit] + CUT


def _body(body: Body, limit: int) -> str:
    text = body.data[: limit * 4].decode("utf-8", "backslashreplace")
    short = cut(text, limit)
    return short + CUT if len(body.data) > limit * 4 and not short.endswith(CUT) else short


def _path(exchange: Exchange) -> str:
    """What follows the host in the address; a hand-over has none."""
    _, slashes, rest = exchange.request.url.partition("://")
    if not slashes:
        return ""
    at = min((place for place in map(rest.find, "/?#") if place >= 0), default=len(rest))
    return rest[at:]
