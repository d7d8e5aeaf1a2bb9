"""The JSON of one report item, read back into values.

Input: decoded JSON as `harness.report.document` writes it. Output: `ItemReport`. Raises whatever
fits a wrong shape (`KeyError`, `ValueError`, `TypeError`); the caller knows the file and says so.
"""

from __future__ import annotations

from typing import Any

from harness.attribution.recipient import Party, Recipient
from harness.detection.sighting import Identifier, Sighting
from harness.findings.coverage import Coverage, Gap, LayerState, ProcessState, Queued
from harness.findings.finding import Finding, FindingKind, Judgement, Reason, Stage, Verdict
from harness.report.model import AppRecord, Contact, DeviceRecord, ItemReport
from harness.traffic.exchange import Layer


def item_of(fields: Any) -> ItemReport:
    """One entry of `scenarios`."""
    return ItemReport(
        id=fields["id"],
        file=fields["file"],
        term=fields["term"],
        consent=fields["consent"],
        judgement=Judgement(
            Verdict(fields["verdict"]),
            tuple(
                Reason(each["row"], Verdict(each["verdict"]), each["detail"], each["action"])
                for each in fields["reasons"]
            ),
            tuple(map(_finding, fields["findings"])),
            tuple(map(_finding, fields["allowed"])),
            tuple(fields["notes"]),
        ),
        app=fields["app"] and AppRecord(**fields["app"]),
        device=fields["device"] and DeviceRecord(**fields["device"]),
        coverage=_coverage(fields["coverage"]),
        attempts=tuple(map(Verdict, fields["attempts"])),
        exchanges=fields["exchanges"],
        revised=fields["revised"] and Verdict(fields["revised"]),
        duration_s=fields["duration_s"],
        contacted=tuple(Contact(**each) for each in fields.get("contacted", ())),
    )


def _finding(fields: Any) -> Finding:
    start, end = fields["range"]
    recipient = dict(fields["recipient"])
    recipient["party"] = Party(recipient["party"])
    recipient["basis"] = tuple(recipient["basis"])
    return Finding(
        kind=FindingKind(fields["kind"]),
        sighting=Sighting(
            fields["term"],
            fields["variant"],
            fields["location"],
            tuple(fields["decoding"]),
            (start, end),
            fields["part"],
            fields["prefix"],
        ),
        recipient=Recipient(**recipient),
        stage=Stage(fields["stage"]),
        seen_by=tuple(map(Layer, fields["seen_by"])),
        stack=tuple(fields["stack"]),
        identifiers=tuple(Identifier(**each) for each in fields["identifiers"]),
        exchange=fields["exchange"],
        allowed_by=fields.get("allowed_by", ""),
        late=fields["late"],
    )


def _coverage(fields: Any) -> Coverage:
    layers = [dict(each) | {"layer": Layer(each["layer"])} for each in fields["layers"]]
    return Coverage(
        layers=tuple(LayerState(**each) for each in layers),
        hooks_missing=tuple(fields["hooks_missing"]),
        lost=fields["lost"],
        hook_gaps=tuple(Gap(**each) for each in fields["hook_gaps"]),
        unread=tuple(Gap(**each) for each in fields["unread"]),
        unexplained=tuple(Gap(**each) for each in fields["unexplained"]),
        processes=tuple(ProcessState(**each) for each in fields["processes"]),
        detached=fields["detached"],
        errors=tuple(fields["errors"]),
        queued=tuple(Queued(**each) for each in fields["queued"]),
        silent_batchers=tuple(fields["silent_batchers"]),
        native=tuple(fields.get("native", ())),
        unwatched=tuple(Gap(**each) for each in fields.get("unwatched", ())),
        notes=tuple(fields["notes"]),
    )
