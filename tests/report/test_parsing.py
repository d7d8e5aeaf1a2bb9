"""The JSON of a report item is the item."""

from __future__ import annotations

import json
from dataclasses import replace

from harness.findings.coverage import Coverage, Gap, LayerState, ProcessState, Queued
from harness.findings.finding import Verdict
from harness.report.document import item_json
from harness.report.parsing import item_of
from harness.traffic.exchange import Layer
from harness.traffic.redaction import Redactor
from tests.findings.building import facts, scanned
from tests.report.items import report


def test_every_field_comes_back() -> None:
    coverage = Coverage(
        layers=(LayerState(Layer.TLS, True, 3, True, "x", in_use=False, canary=True),),
        hooks_missing=("a",),
        lost=1,
        hook_gaps=(Gap("a", "b", 1.0),),
        unread=(Gap("c", "d", 2.0),),
        unexplained=(Gap("e", "f", 3.0),),
        processes=(ProcessState("p", False, "q"),),
        detached="gone",
        errors=("e",),
        queued=(Queued("q", "raw"),),
        silent_batchers=("s",),
        native=("libflutter.so",),
        notes=("n",),
    )
    item = replace(
        report(facts(scanned(), coverage=coverage)),
        attempts=(Verdict.PASS, Verdict.LEAK),
        revised=Verdict.PASS,
    )
    text = json.dumps(item_json(item, Redactor(b"k", enabled=False)))
    assert item_of(json.loads(text)) == item
