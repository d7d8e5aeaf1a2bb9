"""What `leakCheck` may say. The public suffix list is the judge of what is a suffix."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from harness.findings.expectations import Allow, Control, FileWaiver, LeakCheck, Waiver, waiver_of
from harness.findings.hosts import ExpectationError


def test_an_allow_entry_may_name_the_sdk() -> None:
    entry = Allow.of({"host": "clinic.example", "sdk": "Mixpanel"})
    assert entry.names_sdk("x", "mixpanel")
    assert not entry.names_sdk("amplitude")
    assert str(entry) == "clinic.example (sdk: Mixpanel)"
    assert Allow.of(entry) is entry
    assert not Allow.of("clinic.example").names_sdk("")
    assert str(Allow.of("clinic.example")) == "clinic.example"


@pytest.mark.parametrize(
    ("entry", "named"),
    [
        ({"sdk": "x"}, "'host'"),
        ({"host": "clinic.example", "skd": "x"}, "did you mean 'sdk'"),
        ({"host": "clinic.example", "zzz": "x"}, "known: host, sdk"),
        ({"host": "clinic.example", "sdk": ""}, "''"),
        ({"host": "clinic.example", "sdk": 3}, "3"),
    ],
)
def test_a_wrong_allow_mapping_is_refused(entry: object, named: str) -> None:
    with pytest.raises(ExpectationError) as error:
        Allow.of(entry)
    assert named in str(error.value)


def test_a_control_is_any_allowed_host_a_host_a_list_or_off() -> None:
    assert Control.of(None) == Control()
    assert Control.of("clinic.example").hosts == ("clinic.example",)
    assert Control.of(["a.example", "b.example"]).covers("x.b.example")
    assert not Control.of("a.example").covers("b.example")
    assert Control.of({"off": "local search"}).off == "local search"
    assert Control.of(Control()) == Control()


@pytest.mark.parametrize("entry", [[], {"off": ""}, {"on": "x"}, 3, "com", {}, [""]])
def test_a_wrong_control_is_refused(entry: object) -> None:
    with pytest.raises(ExpectationError, match="control"):
        Control.of(entry)


def test_a_control_cannot_be_both() -> None:
    with pytest.raises(ExpectationError, match="both"):
        Control(("clinic.example",), "why")


@pytest.mark.parametrize("until", ["2026-07-01", date(2026, 7, 1), datetime(2026, 7, 1, 12)])
def test_a_waiver_counts_through_its_last_day(until: object) -> None:
    waiver = Waiver.of({"host": "cdn.example", "why": "pinned", "until": until})
    assert waiver.covers("x.cdn.example", date(2026, 7, 1))
    assert not waiver.covers("x.cdn.example", date(2026, 7, 2))
    assert not waiver.covers("other.example", date(2026, 7, 1))
    assert Waiver.of(waiver) is waiver


@pytest.mark.parametrize(
    ("entry", "named"),
    [
        ({"host": "cdn.example", "why": "x"}, "until"),
        ({"host": "cdn.example", "why": " ", "until": "2026-07-01"}, "why"),
        ({"host": "cdn.example", "why": "x", "until": "soon"}, "'soon'"),
        ({"host": "com", "why": "x", "until": "2026-07-01"}, "'com'"),
        ("cdn.example", "mapping"),
    ],
)
def test_a_waiver_without_reason_or_end_is_refused(entry: object, named: str) -> None:
    with pytest.raises(ExpectationError) as error:
        Waiver.of(entry)
    assert named in str(error.value)


def test_the_defaults_are_those_of_the_contract() -> None:
    check = LeakCheck()
    assert (check.allow, check.control, check.settle_s, check.min_prefix) == ((), Control(), 5.0, 4)
    assert (check.flush, check.blind, check.differential) == ("background", (), False)


def test_a_leak_check_takes_what_an_author_writes() -> None:
    written: dict[str, Any] = {
        "allow": "clinic.example",
        "control": "clinic.example",
        "blind": {"host": "cdn.example", "why": "x", "until": "2026-07-01"},
    }
    check = LeakCheck(**written)
    assert check.allow == (Allow("clinic.example"),)
    assert check.control.covers("clinic.example")
    waiver = check.waived("cdn.example", date(2026, 1, 1))
    assert waiver is not None
    assert waiver.why == "x"
    assert check.waived("other.example", date(2026, 1, 1)) is None


@pytest.mark.parametrize(
    "fields",
    [
        {"settle_s": -1.0},
        {"settle_s": float("nan")},
        {"settle_s": float("inf")},
        {"min_prefix": 0},
        {"flush": "never"},
        {"allow": 3},
        {"blind": 3},
        {"allow": (Allow,)},
    ],
)
def test_a_wrong_leak_check_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ExpectationError):
        LeakCheck(**fields)


def test_zero_settle_and_prefix_of_one_are_allowed() -> None:
    assert LeakCheck(settle_s=0.0, min_prefix=1, flush="none").flush == "none"


@pytest.mark.parametrize("pattern", ["*", "**/*", "*.x", "???*", "", 7])
def test_a_file_waiver_that_fits_anything_is_refused(pattern: object) -> None:
    with pytest.raises(ExpectationError, match=r"blind\.file"):
        LeakCheck(blind=({"file": pattern, "why": "w", "until": "2999-01-01"},))


@pytest.mark.parametrize("named", [{"host": "cdn.example"}, {"file": "files/history*"}])
def test_who_answers_for_a_waiver_is_told(named: dict[str, str]) -> None:
    waiver = waiver_of({**named, "why": "pinned", "until": "2026-07-01", "owner": "A. Muster"})
    assert str(waiver) == "waived by A. Muster until 2026-07-01: pinned"
    nobody = waiver_of({**named, "why": "pinned", "until": "2026-07-01"})
    assert str(nobody) == "waived until 2026-07-01: pinned"


def test_a_file_waiver_ends() -> None:
    entry = {"file": "databases/*history*", "why": "own history", "until": "2026-01-31"}
    held = LeakCheck(blind=(entry, {**entry, "file": "cache/http/*"}))
    assert isinstance(held.blind[0], FileWaiver)
    assert held.waived_file("databases/a/history.db-wal", date(2026, 1, 31)) is held.blind[0]
    assert held.waived_file("databases/a/history.db-wal", date(2026, 2, 1)) is None
    assert held.waived_file("files/history", date(2026, 1, 1)) is None
    assert held.waived("cache.http", date(2026, 1, 1)) is None
    assert waiver_of(held.blind[0]) is held.blind[0]
