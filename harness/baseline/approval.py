"""Baselines as files that people review: written sorted and stable.

Input: a `Baseline` and a path. Output: a YAML file, replaced whole. Two runs that show the same
differ in `approved` alone, so that a pull request shows what changed and nothing else. What people
added by hand (`accept`, `rules`) is kept when a newer run is approved, as far as it still speaks of
something; `baseline.approved_file` reads the file back. Refuses a file of another app.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from harness.baseline.approved import Accepted, Baseline, Entry
from harness.errors import ScenarioError
from harness.folders import write_whole

VERSION = 1
FOLDER = "leak-baselines"
HEAD = """\
# Who may get what people type into this app, as it was approved; the next run is compared with it.
# A finding (`leak: true`) stays a leak until somebody adds to it:
#   accept: {owner: WHO, why: REASON, until: YYYY-MM-DD}
"""

Json = dict[str, Any]


def file_for(folder: Path, package: str) -> Path:
    """Where the baseline of an app is looked for."""
    return folder / f"{package}.yaml"


def write_baseline(baseline: Baseline, path: Path) -> None:
    """Write it whole or not at all.

    Raises:
        LabError: the file cannot be written.
    """
    data = baseline_text(baseline).encode("utf-8")
    write_whole(path, data, "the baseline", "choose another file: --output FILE")


def baseline_text(baseline: Baseline) -> str:
    """The file's text."""
    app = baseline.app
    document = {
        "baseline": VERSION,
        "app": _filled(
            package=app.package,
            version_name=app.version_name,
            version_code=app.version_code,
            sha256=app.sha256,
            signer=app.signer,
        ),
        "approved": _filled(
            run=baseline.run, day=(baseline.approved or date.min).isoformat(), why=baseline.why
        ),
        **({"rules": _rules(baseline)} if baseline.rules else {}),
        "scenarios": [
            _filled(scenario=cell.scenario, consent=cell.consent, layers=list(cell.layers))
            for cell in sorted(baseline.cells, key=lambda cell: cell.key)
        ],
        "recipients": [_entry(each) for each in sorted(baseline.entries, key=lambda e: e.key)],
        "contacts": [
            _filled(host=each.host, consent=each.consent, company=each.company)
            for each in sorted(baseline.contacts, key=lambda contact: contact.key)
        ],
    }
    text = "".join(_section(name, value) for name, value in document.items())
    return HEAD + text


def _section(name: str, value: Any) -> str:
    """One key of the file; lists of words on one line, everything else a line each."""
    style = None if isinstance(value, list) else False
    return str(
        yaml.safe_dump(
            {name: value},
            sort_keys=False,
            allow_unicode=True,
            width=100,
            default_flow_style=style,
        )
    )


def _rules(baseline: Baseline) -> Json:
    return {key.value: word.value for key, word in sorted(baseline.rules.items())}


def _entry(entry: Entry) -> Json:
    accept = entry.accept and {
        "owner": entry.accept.owner,
        "why": entry.accept.why,
        "until": entry.accept.until.isoformat(),
    }
    return _filled(
        host=entry.host,
        company=entry.company,
        sdk=entry.sdk,
        sdk_id=entry.sdk_id,
        consent=entry.consent,
        stage=entry.stage.value,
        kind=entry.kind.value,
        leak=entry.leak,
        data=list(entry.data),
        encodings=list(entry.encodings),
        beside=list(entry.beside),
        seen_in=list(entry.seen_in),
        accept=accept,
    )


def _filled(**fields: Any) -> Json:
    return {name: value for name, value in fields.items() if value or value is False}


def accepted(baseline: Baseline, hosts: tuple[str, ...], how: Accepted) -> Baseline:
    """The baseline with the findings at these hosts accepted.

    Raises:
        ScenarioError: there is no finding at one of them.
    """
    leaking = {entry.host for entry in baseline.entries if entry.leak}
    for host in hosts:
        if host not in leaking:
            raise ScenarioError(
                f"there is no finding at {host} to accept",
                where=baseline.source,
                expected=", ".join(sorted(leaking)) or "no finding at all: nothing needs accepting",
            )
    entries = tuple(
        replace(entry, accept=how) if entry.leak and entry.host in hosts else entry
        for entry in baseline.entries
    )
    return replace(baseline, entries=entries)


def carried_over(new: Baseline, old: Baseline) -> Baseline:
    """The new baseline with what people wrote into the old one.

    Raises:
        ScenarioError: the old one is of another app.
    """
    check_app(old, new.app.package)
    accepted = {entry.key: entry.accept for entry in old.entries if entry.accept}
    entries = tuple(
        replace(entry, accept=entry.accept or accepted.get(entry.key)) if entry.leak else entry
        for entry in new.entries
    )
    return replace(new, entries=entries, rules=old.rules)


def check_app(baseline: Baseline, package: str) -> None:
    """Raises ScenarioError when the baseline is of another app."""
    if baseline.app.package != package:
        raise ScenarioError(
            "this baseline is of another app",
            where=baseline.source,
            seen=baseline.app.package,
            expected=package,
            action="name the app's own file, or approve a run of it: leak-harness baseline approve",
        )
