"""Values of the agent's messages."""

from __future__ import annotations

import dataclasses

import pytest

from harness.agent import messages
from harness.agent.messages import BodyPart


def test_all_are_frozen() -> None:
    kinds = [each for each in vars(messages).values() if dataclasses.is_dataclass(each)]
    ours = [each for each in kinds if each.__module__ == messages.__name__]
    assert len(ours) >= 12
    part = BodyPart(1, 0.0, 1, 1, b"", 0, "")
    with pytest.raises(dataclasses.FrozenInstanceError):
        part.n = 2  # type: ignore[misc]  # this very assignment must fail
