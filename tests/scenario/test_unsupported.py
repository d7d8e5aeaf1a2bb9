"""Every refusal gives advice; that they are refused is shown with the grammar."""

from __future__ import annotations

from harness.scenario.unsupported import REFUSED


def test_each_word_has_a_reason() -> None:
    assert all(len(reason) > 15 for reason in REFUSED.values())
