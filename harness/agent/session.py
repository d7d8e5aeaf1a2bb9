"""One agent in one process: attach, listen, ask, detach.

Input: a serial and a pid. Output: exchanges, a report, and the focused text field. Frida's thread
only enqueues; messages are decoded and paired when somebody asks. What goes wrong inside the agent,
or is malformed, is an error in the report and never silence. Refuses (LabError) what cannot be
attached to. With its neighbours the only user of `frida`.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from typing import Self

import frida

from harness.attribution.mapping import ClassMapping
from harness.clock import Clock, Deadline, wait_until
from harness.errors import HarnessError, LabError
from harness.traffic.exchange import Exchange
from harness.traffic.pairing import Pairing

from .answers import decode_checks, decode_field, decode_flushed, decode_sdk_flushes, decode_state
from .attaching import SpawnUnsupported, attached, spawned, unattached
from .bundle import agent_source
from .devices import Endpoint, open_endpoint
from .fields import CONTRACT_VERSION
from .inbox import Inbox
from .messages import AgentReport, AgentState, FocusedField, SdkFlush, SelfCheck
from .reception import Reception
from .remote import Remote
from .selfcheck import is_check, proved
from .sinks import flushes_of, sink_rows

__all__ = ["AgentReport", "AgentSession", "FocusedField", "SpawnUnsupported"]

BODY_CAP_BYTES = 64 << 20
_CALL_TIMEOUT_S = 10.0
_PINGS = 5
_numbers = count(1)


class AgentSession:
    """A process with the agent in it. Made by `attach`, `spawn` or `through`."""

    def __init__(
        self, endpoint: Endpoint, pid: int, process: str, clock: Clock, session: frida.Session
    ) -> None:
        self._endpoint = endpoint
        self._pid = pid
        self._process = process
        self._clock = clock
        self._session = session
        self._inbox = Inbox()
        self._reception = Reception(self._inbox, clock)
        self._state: AgentState | None = None
        self._detached = ""
        self._checks: tuple[SelfCheck, ...] = ()
        self.mapping: ClassMapping | None = None
        session.on("detached", self._on_detached)
        self._script = session.create_script(agent_source(), name="leak-harness")
        self._script.on("message", self._inbox.put)
        self._remote = Remote(self._script.exports_sync, f"{process} (pid {pid})")

    @classmethod
    def attach(
        cls,
        serial: str,
        pid: int,
        *,
        process: str,
        adb_port: int,
        clock: Clock,
        timeout_s: float = 20,
        without: Sequence[str] = (),
    ) -> Self:
        """Hook a process of a device; returns when the hooks are in force. Raises LabError.

        `without`: hook tables that are left out.
        """
        deadline = Deadline.after(clock, timeout_s)
        endpoint = open_endpoint(serial, adb_port, timeout_s)
        return cls.through(endpoint, pid, process=process, deadline=deadline, without=without)

    @classmethod
    def spawn(
        cls, serial: str, package: str, *, adb_port: int, clock: Clock, timeout_s: float = 20
    ) -> Self:
        """Start an app that waits for `resume`, after which hooks come before its first line.

        Raises SpawnUnsupported where Frida cannot do that, LabError for anything else.
        """
        deadline = Deadline.after(clock, timeout_s)
        endpoint = open_endpoint(serial, adb_port, timeout_s)
        try:
            pid = spawned(endpoint, serial, package, timeout_s)
        except BaseException:
            endpoint.close()
            raise
        return cls.through(endpoint, pid, process=package, deadline=deadline, held=True)

    @classmethod
    def through(
        cls,
        endpoint: Endpoint,
        pid: int,
        *,
        process: str,
        deadline: Deadline,
        held: bool = False,
        without: Sequence[str] = (),
    ) -> Self:
        """Hook a process of this Frida, which is closed with the session or when that fails.

        Args:
            held: the process was only just made and has to run on before hooks can be in force.
            without: hook tables that are left out (`TABLES` in hooks/src/contract.ts).
        """
        clock = deadline.clock
        try:
            session = attached(endpoint, pid, process, deadline)
            agent = cls(endpoint, pid, process, clock, session)
        except BaseException:
            endpoint.close()
            raise
        try:
            if agent._start(deadline, without):
                agent._wait_until_ready(deadline)
            elif not held:
                raise unattached(process, pid, LabError("the app has no classes yet"))
        except BaseException:
            agent.close()
            raise
        return agent

    def _start(self, deadline: Deadline, without: Sequence[str]) -> bool:
        """Load the agent; whether it gets ready without the process running on."""
        try:
            self._script.load()
        except (frida.InvalidOperationError, frida.TransportError) as error:
            raise unattached(self._process, self._pid, error) from error
        prefix = f"{self._pid}.{next(_numbers)}"
        self._reception.pairing = Pairing(prefix, self._process, self._clock_offset_s())
        options = {
            "without": list(without),
            "sinks": sink_rows(),
            "bodyCapBytes": BODY_CAP_BYTES,
        }
        return bool(self._remote.call("start", options, timeout_s=max(1.0, deadline.remaining_s)))

    def _wait_until_ready(self, deadline: Deadline) -> None:
        reception = self._reception

        def settled() -> bool:
            reception.pump()
            return reception.ready is not None or bool(reception.errors) or bool(self._detached)

        wait_until(self._clock, settled, deadline.remaining_s, poll_s=0.01)
        if reception.ready is None:
            raise LabError(
                "the agent did not become ready",
                where=f"{self._process} (pid {self._pid})",
                seen=self._detached or "; ".join(reception.errors) or "no answer in time",
                action="run leak-harness doctor; see the app's logcat",
            )
        if not self._checks:
            self._check_itself()

    def _check_itself(self) -> None:
        """Send through each way out of the app and see what of it is in the record."""
        token = secrets.token_hex(8)
        try:
            ways = decode_checks(self._remote.call("self_check", token, timeout_s=_CALL_TIMEOUT_S))
        except HarnessError as error:
            self._reception.note(str(error))
            return
        self.flush(_CALL_TIMEOUT_S)
        self._checks = proved(ways, token, self._reception.exchanges())

    def _clock_offset_s(self) -> float:
        """Device's clock minus ours, by the quickest of a few round trips."""
        trips = []
        for _ in range(_PINGS):
            before = self._clock.wall()
            answer = self._remote.call("ping", timeout_s=_CALL_TIMEOUT_S)
            after = self._clock.wall()
            if isinstance(answer, (int, float)):
                trips.append((after - before, answer / 1000 - (before + after) / 2))
        return min(trips)[1] if trips else 0.0

    def resume(self, timeout_s: float = 20) -> None:
        """Let a spawned app run; returns when the hooks are in force. Raises LabError."""
        try:
            self._endpoint.device.resume(self._pid)
        except (frida.InvalidArgumentError, frida.TransportError) as error:
            raise unattached(self._process, self._pid, error) from error
        self._wait_until_ready(Deadline.after(self._clock, timeout_s))

    def exchanges(self) -> tuple[Exchange, ...]:
        """All so far by the moment they began; what two layers saw is one exchange."""
        own = (each for each in self._reception.exchanges() if not is_check(each))
        if self.mapping is None:
            return tuple(own)
        retrace = self.mapping.stack
        return tuple(replace(each, stack=retrace(each.stack)) for each in own)

    def flush(self, timeout_s: float = 5) -> bool:
        """Have the agent send all it holds; whether all of it arrived."""
        deadline = Deadline.after(self._clock, timeout_s)
        try:
            answer = self._remote.call("flush", timeout_s=timeout_s)
        except LabError as error:
            self._reception.note(str(error))
            return False
        newest, _ = decode_flushed(answer)
        self._reception.sequence.announced(newest)

        def arrived() -> bool:
            self._reception.pump()
            return self._reception.sequence.missing == 0

        return wait_until(self._clock, arrived, deadline.remaining_s, poll_s=0.01)

    def flush_sdks(self, timeout_s: float = 30) -> tuple[SdkFlush, ...]:
        """Have the SDKs that were seen at work send what they hold. Raises LabError."""
        wanted = flushes_of(self.report().fired, self.exchanges())
        chains = [chain for _, chain in wanted]
        answer = self._remote.call("flush_sdks", chains, timeout_s=timeout_s)
        names = {chain: sdk.name for sdk, chain in wanted}
        return tuple(
            SdkFlush(names[chain], asked, error)
            for chain, asked, error in decode_sdk_flushes(answer)
        )

    def report(self) -> AgentReport:
        """What the hooks did; where the agent is gone, what was known last."""
        if not self._detached:
            try:
                self._state = decode_state(self._remote.call("report", timeout_s=_CALL_TIMEOUT_S))
            except HarnessError as error:
                self._reception.note(str(error))
        self._reception.pump()
        state, ready = self._state, self._reception.ready
        return AgentReport(
            contract=CONTRACT_VERSION,
            runtime=ready.runtime if ready is not None else "art",
            process=self._process,
            pid=self._pid,
            hooks=state.hooks if state is not None else ready.hooks if ready is not None else (),
            fired=state.fired if state is not None else (),
            lost=self._reception.sequence.missing + (state.dropped if state is not None else 0),
            errors=self._reception.errors,
            detached=self._detached,
            checks=self._checks,
            native=state.native if state is not None else (),
        )

    def focused_field(self) -> FocusedField | None:
        return decode_field(self._remote.call("focused_field", timeout_s=_CALL_TIMEOUT_S))

    def commit_text(self, text: str) -> None:
        """Hand `text` to the focused field as one commit of a keyboard. Raises LabError."""
        self._remote.call("commit_text", text, timeout_s=_CALL_TIMEOUT_S)

    def clear_text(self) -> None:
        self._remote.call("clear_text", timeout_s=_CALL_TIMEOUT_S)

    def editor_action(self, action: int) -> bool:
        """Press the keyboard's action key (`EditorInfo.IME_ACTION_SEARCH` is 3)."""
        return self._remote.call("editor_action", action, timeout_s=_CALL_TIMEOUT_S) is True

    def quiet_for_s(self) -> float:
        """Seconds since the app last sent or received something, as far as hooks see."""
        self._reception.pump()
        return self._clock.now() - self._reception.last_event_at

    def close(self) -> None:
        """Take the hooks back and detach. Never raises."""
        for step in (self._script.unload, self._session.detach):
            try:
                step()
            except (frida.InvalidOperationError, frida.TransportError, frida.TimedOutError):
                continue  # already gone, which is what was wanted
        self._endpoint.close()

    def _on_detached(self, reason: str, crash: object) -> None:
        """On Frida's thread."""
        self._detached = reason if crash is None else f"{reason}: {crash}"
