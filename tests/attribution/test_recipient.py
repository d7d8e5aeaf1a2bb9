"""What is said of a recipient everywhere."""

from __future__ import annotations

from harness.attribution.recipient import Party, Recipient


def test_the_brief_form_is_text_and_says_whose_it_is() -> None:
    known = Recipient("api.t.example", "t.example", "T Inc.", "T Analytics", "t", Party.THIRD)
    assert known.brief() == {
        "host": "api.t.example",
        "domain": "t.example",
        "company": "T Inc.",
        "sdk": "T Analytics",
        "party": "third",
    }
    assert Recipient("x", "x").brief()["party"] == "unknown"
