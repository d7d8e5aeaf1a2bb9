"""Each kind of change by itself, what it demands, and when it must not be told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.baseline.approved import Baseline, Cell, Change, Contact, Severity
from harness.baseline.changes import RULES, Comparison, compare
from tests.baseline.baselines import CELL, LAYERS, baseline, entry, later, leaking
from tests.baseline.runs import SCENARIO

BEFORE = baseline(entry(), leaking())


def kinds(found: Comparison) -> list[tuple[Change, Severity]]:
    return [(each.change, each.severity) for each in found.changes]


def test_every_change_has_one_rule() -> None:
    assert [rule.change for rule in RULES] == list(Change)


def test_the_same_is_no_change() -> None:
    found = compare(BEFORE, later(BEFORE))
    assert (found.changes, found.severity) == ((), Severity.NOTE)


LEAK, NOTE = Severity.LEAK, Severity.NOTE
NEW = leaking("new.example", sdk="", sdk_id="", company="")


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ((entry(), leaking(), NEW), [(Change.NEW_RECIPIENT, LEAK)]),
        (
            (entry(), leaking(), entry("m.clinic.example")),
            [(Change.NEW_RECIPIENT, NOTE)],
        ),
        ((entry(leak=True), leaking()), [(Change.NO_LONGER_ALLOWED, LEAK)]),
        (
            (entry(), leaking(data=("digest of the term", "term"))),
            [(Change.NEW_DATA, LEAK)],
        ),
        (
            (entry(), leaking(beside=("advertising-id", "email"))),
            [(Change.NEW_IDENTIFIER, LEAK)],
        ),
        (
            (entry(), leaking(encodings=("gzip > json",))),
            [(Change.CHANGED_ENCODING, LEAK)],
        ),
        ((entry(encodings=("base64",)), leaking()), [(Change.CHANGED_ENCODING, NOTE)]),
        ((entry(),), [(Change.RECIPIENT_GONE, NOTE)]),
    ],
)
def test_one_change_at_a_time(now: tuple[object, ...], expected: list[object]) -> None:
    assert kinds(compare(BEFORE, later(BEFORE, entries=now))) == expected


def test_a_known_recipient_under_another_consent_is_new() -> None:
    refused = leaking(consent="rejected")
    cells = (CELL, replace(CELL, consent="rejected"))
    before = replace(BEFORE, cells=cells)
    found = compare(before, later(before, entries=(entry(), leaking(), refused)))
    assert kinds(found) == [(Change.NEW_RECIPIENT, LEAK)]
    assert found.changes[0].consent == "rejected"


def test_a_host_that_was_only_talked_to_gets_new_data() -> None:
    before = replace(BEFORE, contacts=(*BEFORE.contacts, Contact("new.example", "accepted")))
    found = compare(before, later(before, entries=(entry(), leaking(), NEW)))
    assert kinds(found) == [(Change.NEW_DATA, LEAK)]
    assert "talked to before, without a term" in found.changes[0].detail


def test_contacts_without_terms_are_notes() -> None:
    talked = (*BEFORE.contacts, Contact("cdn.example", "accepted"))
    assert kinds(compare(BEFORE, later(BEFORE, contacts=talked))) == [(Change.NEW_CONTACT, NOTE)]
    before = replace(BEFORE, contacts=talked)
    gone = later(before, contacts=BEFORE.contacts)
    assert kinds(compare(before, gone)) == [(Change.CONTACT_GONE, NOTE)]


def test_who_is_not_seen_in_a_blind_cell_is_not_gone() -> None:
    blind = later(BEFORE, entries=(entry(),), cells=(), blind_in=(CELL,))
    found = compare(BEFORE, blind)
    assert (found.changes, found.blind) == ((), (CELL,))
    assert found.severity is Severity.INCONCLUSIVE


def test_who_is_not_seen_in_a_cell_that_was_not_run_is_not_gone() -> None:
    other = Cell("other.flow.yaml", "accepted", LAYERS)
    found = compare(BEFORE, later(BEFORE, entries=(), contacts=(), cells=(other,)))
    assert found.changes == ()
    assert (found.not_run, found.new_cells) == ((CELL,), (other,))


def test_who_was_seen_in_two_scenarios_is_gone_only_when_both_were_run() -> None:
    both = leaking(seen_in=("a.flow.yaml", SCENARIO))
    before = replace(BEFORE, entries=(entry(), both))
    assert compare(before, later(before, entries=(entry(),))).changes == ()


@pytest.mark.parametrize(
    ("live", "blind"),
    [
        (("java-http", "tls", "witness"), ()),
        (("tls", "witness"), ()),  # what goes through java-http passes TLS and the witness
        (("java-http", "witness"), ()),
        (("witness",), ()),
        (("java-http",), (Change.LAYER_BLIND,)),
        ((), (Change.LAYER_BLIND, Change.LAYER_BLIND)),
    ],
)
def test_a_layer_that_fell_silent(live: tuple[str, ...], blind: tuple[Change, ...]) -> None:
    found = compare(BEFORE, later(BEFORE, cells=(replace(CELL, layers=live),)))
    assert tuple(each.change for each in found.changes) == blind
    assert all(each.severity is Severity.INCONCLUSIVE for each in found.changes)


def rules(change: Change, severity: Severity) -> Baseline:
    return replace(BEFORE, rules={change: severity})


def test_a_rule_makes_a_change_graver_and_never_lighter() -> None:
    allowed = (entry(), leaking(), entry("m.clinic.example"))
    strict = rules(Change.NEW_RECIPIENT, LEAK)
    assert compare(strict, later(BEFORE, entries=allowed)).severity is LEAK
    lax = rules(Change.NEW_RECIPIENT, NOTE)
    assert compare(lax, later(BEFORE, entries=(entry(), leaking(), NEW))).severity is LEAK
    gone = rules(Change.RECIPIENT_GONE, Severity.INCONCLUSIVE)
    assert compare(gone, later(BEFORE, entries=(entry(),))).severity is Severity.INCONCLUSIVE


def test_the_version_is_the_one_that_the_scenario_is_known_from() -> None:
    before = replace(BEFORE, cells=(replace(CELL, version="0.9"),))
    found = compare(before, later(before, entries=(entry(), leaking(), NEW)))
    assert found.changes[0].since == "0.9"
