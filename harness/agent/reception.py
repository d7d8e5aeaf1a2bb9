"""What became of an agent's messages: decoded, paired, counted, complained about.

Input: the inbox. Output: exchanges, the agent's readiness, errors each once, and what is missing.
Works when somebody asks, on that caller's thread. A malformed message is an error, never dropped in
silence.
"""

from __future__ import annotations

from threading import Lock
from typing import cast

from harness.clock import Clock
from harness.traffic.exchange import Exchange
from harness.traffic.pairing import Pairing

from .fields import WireError
from .inbox import Inbox, RawMessage, Sequence
from .messages import Batch, Fault, Ready
from .wire import Decoder

_INBOX_FULL = "the inbox was full: messages of the agent were thrown away"


class Reception:
    """`pairing` is set once the agent's clock is known, before its first event."""

    def __init__(self, inbox: Inbox, clock: Clock) -> None:
        self._inbox = inbox
        self._clock = clock
        self._decoder = Decoder()
        self._errors: dict[str, None] = {}
        self._lock = Lock()
        self.sequence = Sequence()
        self.pairing: Pairing | None = None
        self.ready: Ready | None = None
        self.last_event_at = clock.now()

    @property
    def errors(self) -> tuple[str, ...]:
        return tuple(self._errors)

    def note(self, error: str) -> None:
        self._errors.setdefault(error)

    def exchanges(self) -> tuple[Exchange, ...]:
        self.pump()
        with self._lock:
            return self.pairing.exchanges() if self.pairing is not None else ()

    def pump(self) -> None:
        """Decode and pair what has arrived."""
        with self._lock:
            for raw in self._inbox.take():
                self._one(raw)
            if self._inbox.refused:
                self.note(_INBOX_FULL)

    def _one(self, raw: RawMessage) -> None:
        message = cast("dict[str, object]", raw.message) if isinstance(raw.message, dict) else {}
        if message.get("type") == "error":  # an exception that the agent did not catch
            self.note(str(message.get("stack") or message.get("description")))
            return
        try:
            value = self._decoder.message(message.get("payload"), raw.data)
        except WireError as error:
            self.note(str(error))
            return
        if isinstance(value, Batch):
            self._batch(value)
        elif isinstance(value, Fault):
            self.note(f"{value.where}: {value.what}")
        else:
            self.ready = value

    def _batch(self, batch: Batch) -> None:
        self.sequence.arrived(event.n for event in batch.events)
        if batch.events:
            self.last_event_at = self._clock.now()
        if self.pairing is not None:
            self.pairing.feed(batch.events)
