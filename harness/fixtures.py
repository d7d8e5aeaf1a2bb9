"""The fixtures, a ladder from session to test; each knob is a fixture that a suite may override.

    leak_settings -> leak_provider -> leak_device -> leak_screen, leak_hands
    leak_terms -> leak_scanner, leak_attributor -> leak_ledger -> leak_conductor
    leak_conductor -> leak_result (scenario files), leak_run (Python tests)

Input: settings, and what the rooms of the package make. Output: objects that scenario files and
Python tests use alike. A failing lab is an error with its own text, never a traceback. Imports are
inside the fixtures: a suite without scenarios must not pay for Frida and adb.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from harness.errors import HarnessError
from harness.settings import SETTINGS_KEY, Settings

if TYPE_CHECKING:
    from harness.clock import Clock


@contextmanager
def told() -> Iterator[None]:
    """Let an error of ours reach pytest as its text."""
    from harness.outcomes import Inconclusive

    try:
        yield
    except HarnessError as error:
        raise Inconclusive(str(error)) from error


@pytest.fixture(scope="session")
def leak_settings(pytestconfig: pytest.Config) -> Settings:
    """The options of the run."""
    return pytestconfig.stash[SETTINGS_KEY]


@pytest.fixture(scope="session")
def leak_clock() -> Clock:
    """Time."""
    from harness.clock import SystemClock

    return SystemClock()
