"""Calls into the agent that end: each has a deadline, and each failure is a `LabError`.

Input: a loaded Frida script. Output: the answers of its exports. Frida's own calls wait for ever
when the process hangs, so each runs on a thread that can be left behind; it ends with the script.
"""

from __future__ import annotations

from queue import Empty, SimpleQueue
from threading import Thread

import frida

from harness.errors import LabError


class Remote:
    """`exports`: an attribute for each function; `name` in errors says which process this is."""

    def __init__(self, exports: object, name: str) -> None:
        self._exports = exports
        self._name = name

    def call(self, function: str, *args: object, timeout_s: float) -> object:
        """Raises LabError when the agent is gone, refuses, or does not answer in time."""
        outcome: SimpleQueue[tuple[object, BaseException | None]] = SimpleQueue()

        def run() -> None:
            try:
                export = getattr(self._exports, function)
                outcome.put((export(*args), None))
            except Exception as error:  # noqa: BLE001 - handed to the waiting thread, see below
                outcome.put((None, error))

        Thread(target=run, name=f"agent-{function}", daemon=True).start()
        try:
            answer, error = outcome.get(timeout=timeout_s)
        except Empty:
            raise self._failed(
                function, f"no answer within {timeout_s:g} s", "the app hangs: see its logcat"
            ) from None
        if error is None:
            return answer
        if isinstance(error, frida.RPCException):
            raise self._failed(function, str(error), "see what was seen") from error
        if isinstance(error, (frida.InvalidOperationError, frida.TransportError)):
            raise self._failed(
                function, str(error), "the app or its process ended; see its logcat"
            ) from error
        raise error

    def _failed(self, function: str, seen: str, action: str) -> LabError:
        return LabError(
            f"the agent's {function} failed", where=self._name, seen=seen, action=action
        )
