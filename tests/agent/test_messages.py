"""Values of the agent's messages."""

from __future__ import annotations

import dataclasses

import pytest

from harness.agent import messages
from harness.agent.messages import Fault


def test_all_are_frozen() -> None:
    kinds = [each for each in vars(messages).values() if dataclasses.is_dataclass(each)]
    assert len([each for each in kinds if each.__module__ == messages.__name__]) >= 9
    fault = Fault("here", "this")
    with pytest.raises(dataclasses.FrozenInstanceError):
        fault.what = "that"  # type: ignore[misc]  # this very assignment must fail
