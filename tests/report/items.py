"""Report items that the tests of this folder share; judged by the real table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from harness.attribution.recipient import Party, Recipient
from harness.detection.sighting import Identifier, Scan
from harness.findings.facts import ItemFacts, ScannedExchange
from harness.findings.verdict import judge
from harness.report.model import AppRecord, DeviceRecord, ItemReport
from tests.findings.building import (
    COVERAGE,
    PACKAGE,
    TERM,
    alone,
    control,
    exchange,
    facts,
    scanned,
    sighting,
)

APP = AppRecord(PACKAGE, "1.4.0", 14, "ab" * 32)
DEVICE = DeviceRecord("127.0.0.1:6001", "virtual", "Pixel", "14", 34, "x86_64", "userdebug", "f/p")
GAID = Identifier("advertising-id", "38400000-8cf0-11bd-b23e-10b96e40000d", "body.json$.gaid", True)


def report(of: ItemFacts, name: str = "search.yaml::search[hépatite]", **fields: Any) -> ItemReport:
    judgement = judge(of)
    values: dict[str, Any] = {
        "file": "scenarios/search.yaml",
        "term": of.term,
        "consent": "accepted",
        "app": APP,
        "device": DEVICE,
        "coverage": of.coverage,
        "attempts": (judgement.verdict,),
        "exchanges": len(of.judged),
        "duration_s": 4.25,
    }
    return ItemReport(id=name, judgement=judgement, **(values | fields))


def tracked(term: str = TERM, **fields: Any) -> ScannedExchange:
    """A sending to a real-looking SDK."""
    place = sighting(
        term,
        location="body.form[data].json$[0].properties.query",
        decoding=("form", "base64", "json"),
    )
    base = scanned(exchange("api-js.mixpanel.com", **fields), place, identifiers=(GAID,))
    stack = replace(
        base.exchange.stack,
        frames=(
            "java.net.HttpURLConnection.getOutputStream(HttpURLConnection.java:1)",
            "com.mixpanel.android.util.HttpService.performRequest(HttpService.java:180)",
            f"{PACKAGE}.SearchActivity.search(SearchActivity.java:88)",
            f"{PACKAGE}.SearchActivity.onClick(SearchActivity.java:40)",
        ),
    )
    recipient = Recipient(
        "api-js.mixpanel.com",
        "mixpanel.com",
        "Mixpanel, Inc.",
        "Mixpanel",
        "mixpanel",
        Party.THIRD,
        ("stack", "host"),
    )
    return replace(base, exchange=replace(base.exchange, stack=stack), recipient=recipient)


def leaking(term: str = TERM, **fields: Any) -> ItemReport:
    search = replace(control(), scan=Scan((sighting(term),)))
    of = facts(judged=(search, tracked(term)), term=term)
    return report(of, f"search.yaml::search[{term}]", **fields)


def passing() -> ItemReport:
    return report(facts())


def blind() -> ItemReport:
    return report(alone(coverage=replace(COVERAGE, lost=2)), "search.yaml::search[blind]")
