"""Whole runs that the tests of the report's formats share."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from harness.attribution.recipient import Party, Recipient
from harness.detection.sighting import Identifier
from harness.findings.facts import ScannedExchange
from harness.report.model import Contact, ItemReport
from harness.report.run import Known, ReportedItem, ReportedRun, Sent
from tests.findings.building import TYPED_S, facts
from tests.report.items import APP, blind, leaking, passing, report, tracked

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>`|\"' =cmd|' /C calc'!A0"
"""What an app may call anything it has a name for."""

SPOOF = "evil\u202egnp.exe\x1b[31m\n"


def item(of: ItemReport, *sent: ScannedExchange, **fields: Any) -> ReportedItem:
    exchanges = tuple(Sent(each.exchange, each.recipient, each.scan) for each in sent)
    values: dict[str, Any] = {
        "test": of.id,
        "scenario": of.file,
        "exchanges": exchanges,
        "started_s": TYPED_S - 10,
    }
    return ReportedItem(**({"name": of.id, "report": of} | values | fields))


def run(*items: ReportedItem, **fields: Any) -> ReportedRun:
    values: dict[str, Any] = {"started_s": TYPED_S - 20, "versions": {"harness": "0.1.0"}}
    return ReportedRun("r1", "run r1", items, **(values | fields))


def three() -> ReportedRun:
    """A leak, a pass and a blind item."""
    contacts = (
        Contact("api-js.mixpanel.com", "third", "Mixpanel, Inc.", "Mixpanel", 2, 120, 1),
        Contact("cdn.example", "unknown", requests=1),
    )
    return run(
        item(replace(leaking(), contacted=contacts), tracked()), item(passing()), item(blind())
    )


def hostile() -> ReportedRun:
    """One finding in which everything that the app, the net or the scenario names is an attack."""
    recipient = Recipient(HOSTILE, HOSTILE, HOSTILE, HOSTILE, "x", Party.THIRD, ("stack",))
    base = tracked(HOSTILE)
    (place,) = base.scan.sightings
    place = replace(place, location=HOSTILE, variant=HOSTILE, decoding=(HOSTILE,), term=HOSTILE)
    found = Identifier(HOSTILE, SPOOF + HOSTILE, HOSTILE)
    scan = replace(base.scan, sightings=(place,), identifiers=(found,))
    stack = replace(base.exchange.stack, frames=(HOSTILE,))
    request = replace(base.exchange.request, url=f"https://{HOSTILE}/", method=HOSTILE)
    exchange = replace(base.exchange, host=HOSTILE, stack=stack, request=request, process=HOSTILE)
    attack = replace(base, recipient=recipient, scan=scan, exchange=exchange)
    told = report(
        facts(attack, term=HOSTILE),
        HOSTILE,
        file=HOSTILE,
        consent=HOSTILE,
        app=replace(APP, package=HOSTILE, version_name=HOSTILE),
        contacted=(Contact(HOSTILE, "third", HOSTILE, HOSTILE, 1),),
    )
    known = Known(HOSTILE, recipient, HOSTILE, SPOOF, 1, got_term=True)
    change = {"change": HOSTILE, "severity": HOSTILE, "consent": HOSTILE, "detail": HOSTILE}
    return run(
        item(told, attack, title=HOSTILE),
        versions={"harness": HOSTILE},
        history=(known,),
        changes={HOSTILE: {"changes": [change]}},
    )
