"""The device's log: a bounded ring of records that readers can follow.

Records are those of the app processes plus the system's own. Nothing is formatted here.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections import deque
from collections.abc import Callable

from harness.virtual.host import LogRecord

VERBOSE, DEBUG, INFO, WARN, ERROR, FATAL = range(2, 8)
CAPACITY = 20_000


class LogBuffer:
    """The last `CAPACITY` records.

    Args:
        wall_ms: Unix milliseconds, for the system's own records.
    """

    def __init__(self, wall_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000) -> None:
        self._records: deque[LogRecord] = deque(maxlen=CAPACITY)
        self._wall_ms = wall_ms
        self._followers: set[asyncio.Queue[LogRecord]] = set()

    def add(self, record: LogRecord) -> None:
        """Append; everybody who follows gets it."""
        self._records.append(record)
        for queue in self._followers:
            if queue.full():  # whoever is this far behind loses the oldest, as with logd
                queue.get_nowait()
            queue.put_nowait(record)

    def system(self, priority: int, tag: str, message: str, pid: int | None = None) -> None:
        """Append what Android itself would log; by default as `system_server`."""
        number = os.getpid() if pid is None else pid
        self.add(LogRecord(self._wall_ms(), number, number, priority, tag, message))

    def records(self) -> list[LogRecord]:
        return list(self._records)

    def clear(self) -> None:
        self._records.clear()

    def subscribe(self) -> asyncio.Queue[LogRecord]:
        """A queue that gets every record from now on, until `unsubscribe`."""
        queue: asyncio.Queue[LogRecord] = asyncio.Queue(CAPACITY)
        self._followers.add(queue)
        return queue

    def unsubscribe(self, queue: asyncio.Queue[LogRecord]) -> None:
        self._followers.discard(queue)
