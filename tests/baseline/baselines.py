"""Small baselines that the tests of this folder share."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from harness.baseline.approved import Accepted, Baseline, Cell, Contact, Entry
from harness.findings.finding import FindingKind, Stage
from tests.baseline.runs import SCENARIO, app

LAYERS = ("java-http", "tls", "witness")
CELL = Cell(SCENARIO, "accepted", LAYERS, "1.0")
ACCEPT = Accepted("privacy@clinic.example", "contract", date(2100, 1, 1))


def entry(host: str = "api.clinic.example", **fields: Any) -> Entry:
    values: dict[str, Any] = {
        "consent": "accepted",
        "stage": Stage.SENT,
        "kind": FindingKind.RECIPIENT,
        "leak": False,
        "data": ("term",),
        "encodings": ("plain",),
        "seen_in": (SCENARIO,),
    }
    return Entry(host, **(values | fields))


def leaking(host: str = "api-js.mixpanel.com", **fields: Any) -> Entry:
    values: dict[str, Any] = {
        "leak": True,
        "company": "Mixpanel, Inc.",
        "sdk": "Mixpanel",
        "sdk_id": "mixpanel",
        "encodings": ("base64 > json",),
        "beside": ("advertising-id",),
    }
    return entry(host, **(values | fields))


def baseline(*entries: Entry, **fields: Any) -> Baseline:
    found = entries or (entry(),)
    hosts = dict.fromkeys(each.host for each in found)
    values: dict[str, Any] = {
        "app": app(),
        "run": "one",
        "cells": (CELL,),
        "entries": found,
        "contacts": tuple(Contact(host, "accepted") for host in hosts),
        "source": "run one",
    }
    return Baseline(**(values | fields))


def later(of: Baseline, **fields: Any) -> Baseline:
    """The same as another version's."""
    return replace(of, app=app("2.0"), run="two", source="run two", **fields)
