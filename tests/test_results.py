"""Merging and signals; whole runs are in `test_plugin`."""

from __future__ import annotations

import signal

import pytest

from harness.results import COLOURS, _raise_on_sigterm


def test_sigterm_ends_the_run_as_ctrl_c_does() -> None:
    former = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        assert _raise_on_sigterm() is signal.SIG_DFL
        with pytest.raises(KeyboardInterrupt, match="SIGTERM"):
            signal.raise_signal(signal.SIGTERM)
        assert _raise_on_sigterm() is None, "somebody handles it already"
    finally:
        signal.signal(signal.SIGTERM, former)


def test_every_verdict_has_a_colour() -> None:
    assert {"leak", "inconclusive", "pass"} <= set(COLOURS)
