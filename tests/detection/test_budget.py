"""Work is bounded, and the bound that was hit is named."""

from __future__ import annotations

from harness.detection.budget import Budget


def test_bytes_run_out() -> None:
    budget = Budget(bytes_left=10)
    assert budget.take(10)
    assert not budget.take(1)
    assert "MiB" in budget.over


def test_tokens_run_out_and_the_first_bound_is_kept() -> None:
    budget = Budget(bytes_left=1, tokens_left=1)
    assert budget.take_token()
    assert not budget.take_token()
    assert not budget.take(5)
    assert "encoded-looking values" in budget.over
