"""The ring of log records."""

from __future__ import annotations

from harness.virtual.device.logbuffer import CAPACITY, INFO, LogBuffer
from harness.virtual.host import LogRecord


def test_records_are_kept_up_to_a_limit_and_followed() -> None:
    log = LogBuffer(lambda: 5)
    queue = log.subscribe()
    for number in range(CAPACITY + 1):
        log.system(INFO, "T", str(number), pid=1)
    log.unsubscribe(queue)
    log.system(INFO, "T", "unheard", pid=1)
    assert log.records()[0].message == "2"
    assert queue.qsize() == CAPACITY  # who does not read loses the oldest
    assert queue.get_nowait() == LogRecord(5, 1, 1, INFO, "T", "1")
    log.clear()
    assert log.records() == []
