"""A recorded run that is known to leak, as values that faults can be applied to.

The exchanges are judged by the real engine, attributor, catalogue, ledger and verdict table. A
`Stream` holds what the two observers reported and what the run knew; `verdict_of` plays it through
a fresh ledger, followed by a second item in whose time late exchanges arrive.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from harness.attribution.catalogue import Catalogue
from harness.attribution.parties import Attributor
from harness.detection.engine import Engine
from harness.findings.coverage import Coverage, Gap, LayerState, ProcessState
from harness.findings.expectations import LeakCheck
from harness.findings.facts import Outcome
from harness.findings.finding import Judgement, Verdict
from harness.report.model import overall
from harness.traffic.exchange import Body, Exchange, Header, Kind, Layer, Request, Response, Stack
from harness.traffic.ledger import Ledger
from tests.findings.building import check

TERM, OTHER = "hépatite", "Urologie"
PACKAGE = "org.example.clinic"
START_S = 1_800_000_000.0
TYPED_S, END_S = START_S + 10, START_S + 30
HOOKS = (Layer.JAVA_HTTP, Layer.TLS)
LAYERS = tuple(LayerState(layer, True, 2, True) for layer in HOOKS)
COVERAGE = Coverage(layers=LAYERS, processes=(ProcessState(PACKAGE, True),))
CHECK = check("clinic.example")
TRACKER = "api-js.mixpanel.com"
SENDER = Stack(
    (
        "com.mixpanel.android.util.HttpService.performRequest(HttpService.java:180)",
        f"{PACKAGE}.SearchActivity.search(SearchActivity.java:88)",
    )
)


@dataclass(frozen=True)
class Stream:
    """What was observed of one item, and of the time after it."""

    hooked: tuple[Exchange, ...]
    witnessed: tuple[Exchange, ...] | None
    outcome: Outcome
    check: LeakCheck = CHECK
    typed_s: float | None = TYPED_S
    gaps: tuple[Gap, ...] = ()
    witness_down: str = ""
    late: tuple[Exchange, ...] = ()
    """Reported while the next item runs."""

    @property
    def leaks(self) -> tuple[Exchange, ...]:
        """The hooks' view of what goes to a third party."""
        return tuple(each for each in self.hooked if "clinic.example" not in each.host)


Fault = Callable[[Stream], Stream]


def request(
    host: str,
    path: str = "/",
    body: bytes = b"",
    *,
    name: str = "",
    at_s: float = TYPED_S + 3,
    headers: tuple[Header, ...] = (("Content-Type", "application/json"),),
    scheme: str = "https",
) -> Exchange:
    """A request as the hooks report it."""
    return Exchange(
        id=name or f"1.{host}{path}",
        kind=Kind.HTTP,
        seen_by=HOOKS,
        host=host,
        port=443,
        started_s=at_s,
        request=Request(
            "POST" if body else "GET", f"{scheme}://{host}{path}", headers, Body.of(body)
        ),
        response=Response(200, (("Content-Type", "application/json"),), Body.of(b"{}")),
        stack=SENDER,
        process=PACKAGE,
    )


def witnessed(exchange: Exchange, delay_s: float = 0.05) -> Exchange:
    """The same request as the witness reports it."""
    return replace(
        exchange,
        id=f"witness:{exchange.id}",
        seen_by=(Layer.WITNESS,),
        started_s=exchange.started_s + delay_s,
        stack=Stack(),
        process="",
    )


def as_json(term: str) -> bytes:
    return json.dumps({"event": "search", "query": term}).encode()


def as_form(term: str) -> bytes:
    data = base64.b64encode(json.dumps([{"properties": {"query": term}}]).encode()).decode()
    return f"verbose=1&data={data.replace('=', '%3D')}".encode()


FORM: tuple[Header, ...] = (("Content-Type", "application/x-www-form-urlencoded"),)

SHAPES: dict[str, tuple[Exchange, ...]] = {
    "json": (request(TRACKER, "/track", as_json(TERM)),),
    "form": (request(TRACKER, "/track/", as_form(TERM), headers=FORM),),
    "url": (request("tr.outbrain.com", "/p?dl=https%3A%2F%2Fx%2F%3Fq%3Dh%25C3%25A9patite"),),
    "typed": tuple(
        request("s.tracker.example", f"/s?q={TERM[:length]}", at_s=TYPED_S + length / 10)
        for length in (4, 5, 6)
    ),
}


def stream(shape: str, *, witness: bool) -> Stream:
    """A leaking item whose observers both work."""
    control = request("api.clinic.example", "/search", as_json(TERM), at_s=TYPED_S + 2)
    control = replace(control, stack=Stack(SENDER.frames[1:]))
    hooked = (control, *SHAPES[shape])
    return Stream(
        hooked,
        tuple(map(witnessed, hooked)) if witness else None,
        Outcome(typing_confirmed=True, coverage=COVERAGE),
    )


STREAMS = {
    f"{shape}-{'witness' if witness else 'alone'}": stream(shape, witness=witness)
    for shape in SHAPES
    for witness in (True, False)
}


@cache
def _engine() -> Engine:
    return Engine([TERM, OTHER])


def verdict_of(played: Stream) -> Verdict:
    """The verdict of the whole run after all is in."""
    return overall([each.verdict for each in judged(played)])


def judged(played: Stream) -> tuple[Judgement, Judgement]:
    """Play the stream's item, then an innocent one, and take both revised judgements."""
    catalogue = Catalogue.load()
    ledger = Ledger(_engine(), catalogue)
    attributor = Attributor(catalogue, ["clinic.example"], PACKAGE)
    ledger.open_item(
        "first",
        TERM,
        package=PACKAGE,
        check=played.check,
        attributor=attributor,
        started_s=START_S,
    )
    if played.typed_s is not None:
        ledger.typing("first", played.typed_s)
    ledger.add(played.hooked)
    if played.witnessed is not None:
        ledger.add_witness(played.witnessed, gaps=played.gaps, down=played.witness_down)
    first = ledger.close_item("first", END_S, played.outcome)
    ledger.open_item(
        "second",
        OTHER,
        package=PACKAGE,
        check=played.check,
        attributor=attributor,
        started_s=END_S + 1,
    )
    ledger.typing("second", END_S + 5)
    search = request("api.clinic.example", "/search", as_json(OTHER), at_s=END_S + 7, name="2")
    search = replace(search, stack=Stack(SENDER.frames[1:]))
    ledger.add([search, *played.late])
    if played.witnessed is not None and not played.witness_down:
        ledger.add_witness([witnessed(search), *map(witnessed, played.late)])
    second = ledger.close_item("second", END_S + 60, Outcome(True, coverage=COVERAGE))
    revised = {revision.item: revision.now for revision in ledger.revisions()}
    return revised.get("first", first), revised.get("second", second)


def coverage_with(played: Stream, **fields: object) -> Stream:
    coverage = replace(played.outcome.coverage, **fields)  # type: ignore[arg-type]
    return replace(played, outcome=replace(played.outcome, coverage=coverage))
