"""Answers the system calls of one app process that wait for an answer.

One thread a process. It gets the filter's listener from the launcher, blocks in poll(2) while there
is nothing to decide, and ends when the last task under the filter has. What cannot be read is
refused. A process that changes its arguments between check and use (seccomp_unotify(2)) is not
held by this: it guards against apps that talk, not against attackers.
"""

from __future__ import annotations

import array
import fcntl
import os
import select
import socket
import threading
from collections.abc import Callable

from harness.virtual.host.guard.notification import (
    CONTINUE,
    NOTIFICATION,
    RECEIVE,
    RESPONSE,
    SEND,
    Memory,
    Notification,
    Unreadable,
    listens,
)
from harness.virtual.host.guard.policy import UNREADABLE, Attempted, Decision, Policy
from harness.virtual.host.guard.program import Call

HANDOVER_TIMEOUT_S = 60.0

Report = Callable[[Attempted], None]


class Supervisor:
    """Serves one process from `start` to its end.

    Args:
        policy: the rules.
        handover: our end of the socket pair over which the launcher sends the listener.
        report: told of each refused attempt, on the supervisor's thread.
    """

    def __init__(self, policy: Policy, handover: socket.socket, report: Report) -> None:
        self._policy = policy
        self._handover = handover
        self._report = report
        self._last_program = (0, "")
        self._thread = threading.Thread(target=self._run, name="guard", daemon=True)
        self.armed = threading.Event()
        self.refused = ""

    def start(self) -> None:
        self._thread.start()

    def join(self, timeout_s: float) -> None:
        """Wait for the end of the thread, which follows that of the process."""
        self._thread.join(timeout_s)

    def _run(self) -> None:
        with self._handover:
            listener = self._receive()
        if listener is None:
            return
        self.armed.set()
        try:
            self._serve(listener)
        finally:
            os.close(listener)

    def _receive(self) -> int | None:
        """The listener; None, and `refused` says why, when the kernel gives none."""
        self._handover.settimeout(HANDOVER_TIMEOUT_S)
        try:
            said, ancillary, _, _ = self._handover.recvmsg(
                256, socket.CMSG_SPACE(4), socket.MSG_CMSG_CLOEXEC
            )
        except OSError as error:
            self.refused = str(error)
            return None
        for level, kind, data in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                return array.array("i", data)[0]
        self.refused = said.decode(errors="replace") or "the process ended before it was contained"
        return None

    def _serve(self, listener: int) -> None:
        poll = select.poll()
        poll.register(listener, select.POLLIN)
        while True:
            ((_, events),) = poll.poll()
            if not events & select.POLLIN:
                return
            request = bytearray(NOTIFICATION.size)
            try:
                fcntl.ioctl(listener, RECEIVE, request)
            except OSError:
                continue  # it was interrupted before we came to it
            self._answer(listener, Notification.parse(bytes(request)))

    def _answer(self, listener: int, asked: Notification) -> None:
        try:
            decision = self._decide(asked, Memory(asked.pid))
        except Unreadable:
            decision = UNREADABLE
        flags = 0 if decision.error else CONTINUE
        response = RESPONSE.pack(asked.id, 0, -decision.error, flags)
        try:
            fcntl.ioctl(listener, SEND, response)
        except OSError:
            return  # nobody waits any more
        if decision.attempt is not None:
            self._report(decision.attempt)

    def _decide(self, asked: Notification, memory: Memory) -> Decision:
        args, rules = asked.args, self._policy
        match asked.call:
            case Call.CONNECT:
                peer = memory.peer(args[1], args[2])
                return rules.connect(peer, lambda port: listens(asked.pid, port))
            case Call.SENDTO:
                return rules.send([memory.peer(args[4], args[5])])
            case Call.SENDMSG:
                return rules.send(memory.message_peers(args[1], None))
            case Call.SENDMMSG:
                return rules.send(memory.message_peers(args[1], args[2]))
            case Call.BIND:
                decision = rules.bind(memory.peer(args[1], args[2]))
                if decision.loopback:
                    memory.to_loopback(args[1])
                return decision
            case Call.SOCKET:
                return rules.socket(args[0], args[1])
            case Call.EXECVE:
                return self._execute(asked.pid, memory, args[0], args[1])
            case Call.EXECVEAT:
                return self._execute(asked.pid, memory, args[1], args[2])
            case _:
                raise AssertionError(asked)

    def _execute(self, pid: int, memory: Memory, path: int, argv: int) -> Decision:
        decision = self._policy.execute(memory.text(path), memory.words(argv))
        if decision.attempt is not None:
            # A search along PATH is one attempt, though it is one system call a folder.
            program = (pid, decision.attempt.target)
            if program == self._last_program:
                return Decision(decision.error)
            self._last_program = program
        return decision
