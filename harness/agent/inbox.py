"""Bounded hand-over of the agent's messages from Frida's thread to ours.

In: raw messages, on Frida's thread, which does nothing but enqueue. Out: the messages in order, to
whoever takes them. A message that finds the inbox full is counted and thrown away; the gap that it
leaves in the sequence numbers is what `Sequence` reports as lost.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock

MAX_WAITING_BYTES = 512 << 20
MAX_WAITING_MESSAGES = 200_000


@dataclass(frozen=True, slots=True)
class RawMessage:
    """As Frida delivers it: the decoded JSON and the binary part."""

    message: object
    data: bytes | None

    @property
    def size_bytes(self) -> int:
        return len(self.data) if self.data is not None else 0


class Inbox:
    """A bounded queue; `put` never blocks and never raises."""

    def __init__(
        self, max_bytes: int = MAX_WAITING_BYTES, max_messages: int = MAX_WAITING_MESSAGES
    ) -> None:
        self._max_bytes = max_bytes
        self._max_messages = max_messages
        self._lock = Lock()
        self._waiting: deque[RawMessage] = deque()
        self._waiting_bytes = 0
        self._refused = 0

    @property
    def refused(self) -> int:
        """Messages thrown away because the inbox was full."""
        return self._refused

    def put(self, message: object, data: bytes | None) -> None:
        raw = RawMessage(message, data)
        with self._lock:
            full = len(self._waiting) >= self._max_messages
            if full or self._waiting_bytes + raw.size_bytes > self._max_bytes:
                self._refused += 1
                return
            self._waiting.append(raw)
            self._waiting_bytes += raw.size_bytes

    def take(self) -> list[RawMessage]:
        """All that is waiting, oldest first."""
        with self._lock:
            taken = list(self._waiting)
            self._waiting.clear()
            self._waiting_bytes = 0
        return taken


@dataclass(slots=True)
class Sequence:
    """Which numbered events arrived, in any order; each number counts once."""

    newest: int = 0
    _arrived: int = 0
    _ahead: set[int] = field(default_factory=set)

    def arrived(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            self.newest = max(self.newest, number)
            if number == self._arrived + 1 and not self._ahead:
                self._arrived = number
            elif number > self._arrived:
                self._ahead.add(number)
        while self._arrived + 1 in self._ahead:
            self._arrived += 1
            self._ahead.discard(self._arrived)

    def announced(self, newest: int) -> None:
        """The agent says that it has sent events up to this number."""
        self.newest = max(self.newest, newest)

    @property
    def missing(self) -> int:
        """Events up to the newest known number that have not arrived."""
        return self.newest - self._arrived - len(self._ahead)
