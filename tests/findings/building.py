"""Small builders for the values that verdict, ledger and report tests need.

`facts()` is an item that passes: the term went to the allowed first party, hooks and witness saw
it, every layer is proved. Each test changes one thing about it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from harness.attribution.recipient import Party, Recipient
from harness.detection.sighting import Identifier, Scan, Sighting, Unread
from harness.findings.coverage import Coverage, LayerState, ProcessState
from harness.findings.expectations import Allow, Control, LeakCheck, Waiver
from harness.findings.facts import ItemFacts, ScannedExchange
from harness.findings.finding import Judgement
from harness.findings.verdict import judge
from harness.traffic.exchange import Body, Exchange, Kind, Layer, Request, Response, Stack

TERM = "hépatite"
STARTED_S, TYPED_S, ENDED_S = 1_000_000.0, 1_000_010.0, 1_000_030.0
FIRST_PARTY = "api.clinic.example"
TRACKER = "api.tracker.example"
PACKAGE = "org.example.clinic"
HOOKS = (Layer.JAVA_HTTP, Layer.TLS)
BOTH = (*HOOKS, Layer.WITNESS)


def exchange(
    host: str = TRACKER,
    *,
    at_s: float = TYPED_S + 2,
    seen_by: tuple[Layer, ...] = BOTH,
    name: str = "",
    kind: Kind = Kind.HTTP,
    scheme: str = "https",
    path: str = "/track",
    body: Body | bytes = b"",
    response: Response | None = None,
    **fields: Any,
) -> Exchange:
    body = Body.of(body) if isinstance(body, bytes) else body
    return Exchange(
        id=name or f"{host}@{at_s}",
        kind=kind,
        seen_by=seen_by,
        host=host,
        port=443,
        started_s=at_s,
        request=Request("POST", f"{scheme}://{host}{path}", (), body),
        response=response or Response(200),
        stack=Stack(("com.tracker.Sender.send(Sender.java:1)",)),
        **fields,
    )


def sighting(term: str = TERM, **fields: Any) -> Sighting:
    values: dict[str, Any] = {
        "variant": "nfc",
        "location": "body.json$.query",
        "decoding": (),
        "range": (2, 11),
        "part": "body",
    }
    return Sighting(term, **(values | fields))


def scanned(
    what: Exchange | None = None,
    *sightings: Sighting,
    sdk: str = "",
    domain: str = "",
    unread: tuple[Unread, ...] = (),
    identifiers: tuple[Identifier, ...] = (),
    **fields: Any,
) -> ScannedExchange:
    """An exchange with one sighting of the term, or with those that are given."""
    what = what or exchange()
    host = what.package or what.host
    recipient = Recipient(
        host,
        domain or ".".join(host.split(".")[-2:]),
        sdk=sdk,
        sdk_id=sdk.lower(),
        party=Party.THIRD,
        basis=("stack",) if sdk else (),
    )
    scan = Scan(sightings or (sighting(),), identifiers, unread)
    return ScannedExchange(what, scan, recipient, **fields)


def control(**fields: Any) -> ScannedExchange:
    """The first party's own search request."""
    return scanned(exchange(FIRST_PARTY, at_s=TYPED_S + 1, path="/search", **fields))


def silent(what: Exchange, **fields: Any) -> ScannedExchange:
    """An exchange in which nothing was found."""
    return replace(scanned(what, **fields), scan=Scan(unread=fields.get("unread", ())))


LAYERS = (
    LayerState(Layer.JAVA_HTTP, True, 3, True),
    LayerState(Layer.TLS, True, 3, True),
    LayerState(Layer.WITNESS, True, 3, True),
)
COVERAGE = Coverage(layers=LAYERS, processes=(ProcessState(PACKAGE, True),))
FAR, PAST = date(2100, 1, 1), date(1970, 1, 2)


def check(*allow: object, control: object = None, **fields: Any) -> LeakCheck:
    """What an author's header becomes; the first party is allowed unless other hosts are."""
    entries = tuple(map(Allow.of, allow or ("clinic.example",)))
    return LeakCheck(allow=entries, control=Control.of(control), **fields)


def waived(host: str, until: date = FAR) -> LeakCheck:
    return check(blind=(Waiver(host, "known", until),))


CHECK = check()


def facts(*judged: ScannedExchange, **fields: Any) -> ItemFacts:
    """A passing item, with `judged` beside the control request."""
    values: dict[str, Any] = {
        "item": "search",
        "term": TERM,
        "package": PACKAGE,
        "started_s": STARTED_S,
        "typed_s": TYPED_S,
        "ended_s": ENDED_S,
        "check": CHECK,
        "judged": (control(), *judged),
        "coverage": COVERAGE,
        "typing_confirmed": True,
    }
    return ItemFacts(**(values | fields))


def rows(judgement: Judgement) -> set[str]:
    """Keys of the rows that applied."""
    return {reason.row for reason in judgement.reasons}


def alone(*judged: ScannedExchange, **fields: Any) -> ItemFacts:
    """The item without its control request."""
    return facts(**fields, judged=judged)


def handover(package: str = "com.google.android.gms", **fields: Any) -> ScannedExchange:
    """The term handed to another process."""
    what = exchange("", kind=Kind.HANDOVER, seen_by=(Layer.IPC,), package=package, name="h")
    return scanned(what, **fields)


def verdict_with(**coverage: Any) -> Judgement:
    """The passing item with another coverage."""
    return judge(facts(coverage=replace(COVERAGE, **coverage)))
