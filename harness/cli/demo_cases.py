"""What `leak-harness demo` plays and announces: its stories, one after another. Only data.

Input: nothing. Output: `CLINIC_CASES`, a native app with analytics SDKs; `INCIDENT_CASES`, the
doctor-booking web application of June 2021 by release and consent; `TELLING_CASES`, the two of them
that tell most: the release that leaked and the one that did not, both with consent.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from harness.findings.finding import Verdict
from harness.scenario.model import Consent

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
CLINIC = SCENARIOS / "apps" / "clinic"
BOOKING = SCENARIOS / "apps" / "booking"
SEARCH = SCENARIOS / "incident-2021" / "search.flow.yaml"


@dataclass(frozen=True, slots=True)
class Case:
    """One story: a flavour of an app, a scenario, and what must come of it.

    Attributes:
        consent: which of the scenario's states; None: all.
        terms: which of its terms; none: all.
    """

    app: Path
    flavour: str
    scenario: Path
    expected: Verdict
    story: str
    consent: Consent | None = None
    terms: tuple[str, ...] = ()


CLINIC_CASES = (
    Case(
        CLINIC,
        "leaky",
        SCENARIOS / "clinic" / "accepted.flow.yaml",
        Verdict.LEAK,
        "the app hands the search word to its analytics SDKs; Erlauben was tapped",
    ),
    Case(
        CLINIC,
        "leaky",
        SCENARIOS / "clinic" / "rejected.flow.yaml",
        Verdict.PASS,
        "the same app; Ablehnen was tapped, so no SDK is started",
    ),
    Case(
        CLINIC,
        "fixed",
        SCENARIOS / "clinic" / "accepted.flow.yaml",
        Verdict.PASS,
        "the next release: SDKs still count searches, but do not get the word",
    ),
)

RELEASES = (
    ("leaky", "3.2.26: the pages of the web view carry two companies' pixels"),
    ("fixed", "3.2.27: the pixels are gone from the pages that tell what was searched for"),
    ("hidden", "3.2.26, disguised: hashed, as base64 in a beacon, through the app's own server"),
)
LEAKING = (("leaky", Consent.ACCEPTED), ("hidden", Consent.ACCEPTED))

INCIDENT_CASES = tuple(
    Case(
        BOOKING,
        flavour,
        SEARCH,
        Verdict.LEAK if (flavour, consent) in LEAKING else Verdict.PASS,
        story,
        consent,
        ("hépatite",),
    )
    for flavour, story in RELEASES
    for consent in Consent
)
"""Every cell of release by consent, for one of the words; the tests play all five."""

TELLING_CASES = tuple(
    case
    for case in INCIDENT_CASES
    if case.flavour in ("leaky", "fixed") and case.consent is Consent.ACCEPTED
)
