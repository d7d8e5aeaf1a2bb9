"""Values of the agent's events."""

from __future__ import annotations

import dataclasses
from typing import get_args

import pytest

from harness.agent import events
from harness.agent.events import BodyPart, HookEvent


def test_all_are_frozen_and_begin_alike() -> None:
    classes = [each for each in vars(events).values() if dataclasses.is_dataclass(each)]
    kinds = [each for each in classes if each.__module__ == events.__name__]
    assert set(kinds) == set(get_args(HookEvent))
    for kind in kinds:
        assert [field.name for field in dataclasses.fields(kind)][:3] == ["n", "t_ms", "thread"]
    part = BodyPart(1, 0.0, 1, 1, b"", 0, "")
    with pytest.raises(dataclasses.FrozenInstanceError):
        part.n = 2  # type: ignore[misc]  # this very assignment must fail
