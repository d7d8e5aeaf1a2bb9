"""Typed reading of the agent's JSON: every complaint names the place, what was there, what was due.

Input: a decoded JSON value. Output: texts, numbers, headers, hook states. Refuses (WireError)
anything that is not exactly as agreed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from harness.errors import BugError
from harness.traffic.exchange import Header

from .messages import HookState, HookStatus, Runtime

CONTRACT_VERSION = 1


class WireError(BugError):
    """A message of the agent that this side does not understand."""


class Fields:
    """Typed reading of one JSON object; every complaint names the place."""

    def __init__(self, value: object, place: str) -> None:
        if not isinstance(value, dict):
            raise unexpected(place, value, "an object")
        self._value = cast("Mapping[str, object]", value)
        self.place = place

    def _get(self, name: str, kind: type | tuple[type, ...], expected: str) -> object:
        value = self._value.get(name)
        # bool is an int in Python, never on the wire.
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise unexpected(f"{self.place}.{name}", value, expected)
        return value

    def names(self) -> Iterator[str]:
        return iter(sorted(self._value))

    def inner(self, name: str) -> Fields:
        return Fields(self._value.get(name), f"{self.place}.{name}")

    def text(self, name: str) -> str:
        return cast(str, self._get(name, str, "text"))

    def flag(self, name: str) -> bool:
        return cast(bool, self._get(name, bool, "true or false"))

    def whole(self, name: str) -> int:
        value = self._get(name, int, "a whole number")
        return cast(int, value)

    def number(self, name: str) -> float:
        return float(cast(float, self._get(name, (int, float), "a number")))

    def items(self, name: str) -> list[object]:
        return cast("list[object]", self._get(name, list, "a list"))

    def texts(self, name: str) -> tuple[str, ...]:
        found = self.items(name)
        for index, item in enumerate(found):
            if not isinstance(item, str):
                raise unexpected(f"{self.place}.{name}[{index}]", item, "text")
        return tuple(cast("list[str]", found))

    def one_of(self, name: str, *known: str) -> str:
        value = self.text(name)
        if value not in known:
            raise unexpected(f"{self.place}.{name}", value, " or ".join(known))
        return value

    def headers(self) -> tuple[Header, ...]:
        pairs = []
        for index, item in enumerate(self.items("headers")):
            if not (
                isinstance(item, list)
                and len(item) == 2
                and isinstance(item[0], str)
                and isinstance(item[1], str)
            ):
                raise unexpected(f"{self.place}.headers[{index}]", item, "a pair of texts")
            pairs.append((item[0], item[1]))
        return tuple(pairs)

    def version(self) -> None:
        value = self._value.get("v")
        if value != CONTRACT_VERSION:
            raise WireError(
                "the agent speaks another version of the contract",
                where=f"{self.place}.v",
                seen=repr(value),
                expected=str(CONTRACT_VERSION),
                action="rebuild the agent: make setup",
            )

    def hooks(self) -> tuple[HookStatus, ...]:
        rows = []
        for index, item in enumerate(self.items("hooks")):
            row = Fields(item, f"{self.place}.hooks[{index}]")
            state = cast(HookState, row.one_of("state", "installed", "missing", "failed"))
            rows.append(
                HookStatus(row.text("layer"), row.text("target"), state, row.text("detail"))
            )
        return tuple(rows)

    def runtime(self) -> Runtime:
        return cast(Runtime, self.one_of("runtime", "art", "jvm"))


def unexpected(place: str, value: object, expected: str) -> WireError:
    return WireError(
        "a message of the agent is malformed",
        where=place,
        seen=repr(value)[:200],
        expected=expected,
        action="report this with the agent's version; the run cannot count as complete",
    )
