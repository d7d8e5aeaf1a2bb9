"""The incident of June 2021, played again: release and consent decide who learns what was typed.

The other side is the witness, which knows neither the page nor DevTools: every finding below must
have been seen by both, and what it saw besides carries no word.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
SCENARIOS = ROOT / "scenarios"
TERMS = ("hépatite", "cancer", "covid", "Urologie", "Vorgespräch Vasektomie/Sterilisation Mann")
META, OUTBRAIN, OWN = "www.facebook.com", "tr.outbrain.com", "www.booking.example"

MATRIX: dict[tuple[str, str], set[str]] = {
    ("leaky", "none"): set(),
    ("leaky", "accepted"): {META, OUTBRAIN},
    ("leaky", "rejected"): set(),
    ("leaky", "revoked"): set(),
    ("fixed", "none"): set(),
    ("fixed", "accepted"): set(),
    ("fixed", "rejected"): set(),
    ("fixed", "revoked"): set(),
    ("hidden", "none"): set(),
    ("hidden", "accepted"): {META, OUTBRAIN, OWN},
    ("hidden", "rejected"): set(),
    ("hidden", "revoked"): set(),
}
"""Flavour and consent -> hosts with a finding; none means that the verdict is `pass`."""

VERSIONS = {"leaky": "3.2.26", "fixed": "3.2.27", "hidden": "3.2.26-hidden"}


def played(flavour: str, folder: Path, timeout_s: float, *words: str) -> list[dict[str, Any]]:
    """Items of the report of a pytest of its own, as users run it."""
    from harness.virtual.apk import build_app

    apk = build_app(SCENARIOS / "apps" / "booking", flavour)
    command = [sys.executable, "-m", "pytest", str(SCENARIOS / "incident-2021"), *words]
    command += ["-p", "no:cacheprovider", "--leak-device", "virtual", "--leak-app", str(apk)]
    done = subprocess.run(
        [*command, "--leak-output", str(folder), "--leak-store", str(folder / "runs.db")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
    report = folder / "report.json"
    assert report.is_file(), done.stdout[-3000:] + done.stderr
    items: list[dict[str, Any]] = json.loads(report.read_text("utf-8"))["scenarios"]
    return items


def recipients(item: dict[str, Any]) -> set[str]:
    return {each["recipient"]["host"] for each in item["findings"]}


def check(item: dict[str, Any], flavour: str) -> None:
    hosts = MATRIX[flavour, item["consent"]]
    told = (item["id"], item["verdict"], item["reasons"])
    assert item["verdict"] == ("leak" if hosts else "pass"), told
    assert recipients(item) == hosts, told
    assert item["app"]["version_name"] == VERSIONS[flavour]
    assert all(each["seen_by"] == ["webview", "witness"] for each in item["findings"])
    assert {each["host"] for each in item["contacted"]} <= {
        OWN, META, OUTBRAIN, "connect.facebook.net", "amplify.outbrain.com",
    }  # fmt: skip
    if item["consent"] in ("none", "rejected"):
        assert {each["host"] for each in item["contacted"]} == {OWN}


@pytest.mark.device
@pytest.mark.slow
def test_the_words_go_to_both_companies_after_consent_only(tmp_path: Path) -> None:
    """3.2.26 as it was reported: what went where, in which place, with which identifiers."""
    items = played("leaky", tmp_path, 400, "-k", "cancer and (accepted or rejected)")
    assert [item["consent"] for item in items] == ["accepted", "rejected"]
    for item in items:
        check(item, "leaky")
    found = items[0]["findings"]
    assert {each["recipient"]["company"] for each in found} == {"Meta", "Outbrain"}
    assert {each["location"] for each in found} == {"url.query[dl].url.query[query]"}
    scripts = {META: "connect.facebook.net/en_US/fbevents.js", OUTBRAIN: "outbrain.com/cp/obtp.js"}
    for each in found:
        assert scripts[each["recipient"]["host"]] in each["stack"][0], each["stack"]
    beside = {(each["kind"], each["value"]) for it in found for each in it["identifiers"]}
    assert {kind for kind, _ in beside} >= {"browser-id", "vendor-account"}
    assert any(value.startswith("fb.1.") for kind, value in beside if kind == "browser-id")


@pytest.mark.device
@pytest.mark.slow
@pytest.mark.parametrize("flavour", VERSIONS)
def test_the_whole_matrix(flavour: str, tmp_path: Path) -> None:
    items = played(flavour, tmp_path, 1500)
    states = [consent for each, consent in MATRIX if each == flavour]
    assert {(item["term"], item["consent"]) for item in items} == {
        (term, consent) for term in TERMS for consent in states
    }
    for item in items:
        check(item, flavour)
    forms = {
        (each["recipient"]["host"], each["variant"].partition("(")[0], each["kind"])
        for it in items
        for each in it["findings"]
    }
    assert (
        forms
        == {
            "leaky": {(META, "nfc", "recipient"), (OUTBRAIN, "nfc", "recipient")},
            "fixed": set(),
            "hidden": {
                (META, "sha256", "recipient"),
                (OUTBRAIN, "nfc", "recipient"),
                (OWN, "nfc", "proxied"),
            },
        }[flavour]
    )


@pytest.mark.parametrize("flavour", VERSIONS)
def test_each_release_opens_its_own_pages(flavour: str) -> None:
    """What the shell opens is served, and the releases differ in one file: their tags."""
    from harness.virtual.internet.answers import read_answers

    source = SCENARIOS / "apps" / "booking" / "src" / flavour
    (release,) = source.rglob("Release.java")
    start = re.findall(r'"https://www\.booking\.example(/[^"]+)"', release.read_text("utf-8"))
    assert start == [f"/app/{VERSIONS[flavour]}/"]
    folder = SCENARIOS / "incident-2021" / "internet"
    book = read_answers([folder])
    served = {
        name: book.find(OWN, "GET", start[0] + name)
        for name in ("", "visit", "doctors?query=x", "privacy", "booking.js", "tags.js")
    }
    files = {name: answer.content for name, answer in served.items() if answer}
    assert files.keys() == served.keys()
    assert files["tags.js"] == (folder / f"tags-{VERSIONS[flavour]}.js").read_bytes()
    assert files["booking.js"] == (folder / "booking.js").read_bytes()
    assert len({files[name] for name in ("", "visit", "doctors?query=x", "privacy")}) == 4


def test_the_fix_is_where_trackers_start_and_nothing_else() -> None:
    folder = SCENARIOS / "incident-2021" / "internet"
    leaky, fixed = (
        (folder / f"tags-{VERSIONS[each]}.js").read_text("utf-8") for each in ("leaky", "fixed")
    )
    code = [text.partition("*/")[2] for text in (leaky, fixed)]
    (only,) = set(code[1].splitlines()) - set(code[0].splitlines())
    assert only.strip().startswith("if (!/")
    assert not set(code[0].splitlines()) - set(code[1].splitlines())
