"""The head of a HAR file: who made it, of which run, and its pages.

Input: a run, or an item. Output: JSON values. Refuses to invent what the run does not know: without
a device there is no `_tweasel`.
"""

from __future__ import annotations

from typing import Any

from harness import __version__
from harness.report.model import AppRecord, DeviceRecord
from harness.report.moments import iso
from harness.report.run import ReportedItem, ReportedRun

Json = dict[str, Any]


def head(run: ReportedRun) -> Json:
    """`log` without pages and entries."""
    reports = run.reports
    device = next((each.device for each in reports if each.device), None)
    apps = tuple(dict.fromkeys(each.app for each in reports if each.app))
    log: Json = {
        "version": "1.2",
        "creator": {"name": "leak-harness", "version": __version__},
        "comment": f"run {run.id}: {run.verdict.value}",
        "_leak": {
            "run": run.id,
            "verdict": run.verdict.value,
            "complete": run.complete,
            "redacted": run.redacted,
            "versions": dict(run.versions),
        },
    }
    if device is not None:
        log["_tweasel"] = _tweasel(run, device, apps)
    return log


def page(item: ReportedItem, number: int) -> Json:
    """An item."""
    report = item.report
    return {
        "id": f"item_{number}",
        "startedDateTime": iso(item.started_s),
        "title": item.title or item.name,
        "pageTimings": {},
        "_leak": {
            "item": item.name,
            "file": report.file,
            "term": report.term,
            "consent": report.consent,
            "verdict": report.verdict.value,
            "reasons": [reason.detail for reason in report.judgement.reasons],
        },
    }


def _tweasel(run: ReportedRun, device: DeviceRecord, apps: tuple[AppRecord, ...]) -> Json:
    emulated = device.provider == "virtual" or device.serial.startswith("emulator-")
    return {
        "metaVersion": "1.0",
        "startDate": iso(run.started_s),
        "endDate": iso(run.finished_s),
        "options": {"mode": "allowlist", "apps": [app.package for app in apps]},
        "device": {
            "platform": "android",
            "runTarget": "emulator" if emulated else "device",
            "osVersion": device.android_version,
            "osBuild": device.build_fingerprint,
            "model": device.model,
            "architectures": device.abi,
        },
        "versions": {"leak-harness": run.versions.get("harness", __version__)},
        "apps": [
            {
                "platform": "android",
                "id": app.package,
                "version": app.version_name,
                "versionCode": str(app.version_code),
                "_sha256": app.sha256,
            }
            for app in apps
        ],
    }
