"""Header keys, their defaults and their refusals."""

from __future__ import annotations

from datetime import date

import pytest

from harness.findings.expectations import Allow, Control, LeakCheck, Waiver
from harness.scenario.model import Consent, Typing, TypingMethod, TypingUnit
from harness.scenario.place import PlacedError
from tests.scenario.reading import HEADER, read


def header(extra: str) -> str:
    return f"{HEADER}{extra}\n---\n- applyConsent\n"


def test_defaults() -> None:
    scenario = read(header("name: x"))
    assert scenario.leak_check == LeakCheck((), Control(), 5.0, 4, "background", (), False)
    assert scenario.typing == Typing(TypingMethod.AUTO, TypingUnit.GRAPHEME, 75)
    assert scenario.consent == (Consent.NONE,)


def test_leak_check() -> None:
    check = read(
        header(
            "leakCheck: {allow: [clinic.example, {host: maps.example, sdk: maps}],"
            " control: {off: local search}, settleMs: 250, minPrefix: 2, flush: none,"
            " blind: [{host: cdn.example, why: pictures, until: 2031-01-31}]}"
        )
    ).leak_check
    assert check == LeakCheck(
        allow=(Allow("clinic.example"), Allow("maps.example", "maps")),
        control=Control(off="local search"),
        settle_s=0.25,
        min_prefix=2,
        flush="none",
        blind=(Waiver("cdn.example", "pictures", date(2031, 1, 31)),),
    )


def test_consent_is_one_state_or_cells() -> None:
    assert read(header("consent: Accepted")).consent == (Consent.ACCEPTED,)
    cells = read(header("consent: [rejected, none]")).consent
    assert cells == (Consent.REJECTED, Consent.NONE)


def test_the_way_to_revoke_may_be_a_file() -> None:
    text = header("consentDialog: {revoke: revoke.yaml, accept: {id: ok}}")
    scenario = read(text, files={"revoke.yaml": "appId: a.b\n---\n- back\n- tapOn: Nein\n"})
    assert scenario.consent_dialog.revoke is not None
    assert [step.kind for step in scenario.consent_dialog.revoke] == ["back", "tapOn"]


@pytest.mark.parametrize(
    ("extra", "what"),
    [
        ("leakcheck: {}", "unknown header key `leakcheck`"),
        ("leakCheck: {settle: 1}", "unknown property of `leakCheck` `settle`"),
        ("leakCheck: {allow: ['*.com']}", "allow: '*.com' has a wildcard"),
        ("leakCheck: {allow: [com]}", "allow: 'com' is a public suffix"),
        ("leakCheck: {flush: never}", "unknown value of `flush` `never`"),
        ("leakCheck: {differential: true}", "`differential: true` is not supported"),
        ("typing: {method: telepathy}", "unknown value of `method` `telepathy`"),
        ("consent: [accepted, accepted]", "`consent` must name each state once"),
        ("tags: [_x]", "a tag is one word"),
        ("url: https://a.example", "`url` is not supported"),
    ],
)
def test_refusals(extra: str, what: str) -> None:
    with pytest.raises(PlacedError) as caught:
        read(header(extra))
    assert caught.value.what.startswith(what)
