"""Runs the tree of a command line against a table of commands.

Input: text, streams, the shell's state. Output: an exit status. Pipelines run their commands at the
same time, each in a shell of its own, as mksh does. Messages and statuses follow mksh's: 127 for a
command that is not there, 1 for a syntax error or a redirection that fails. Compound commands are
`flow`, traps `traps`. There is no job control.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.virtual.shell import flow, programs, traps
from harness.virtual.shell.command import Command, Invocation, ShellState
from harness.virtual.shell.control import FunctionReturn, LoopControl, ShellExit, ShellFault
from harness.virtual.shell.expansion import Capture, Expander
from harness.virtual.shell.parser import parse
from harness.virtual.shell.pipes import Buffer, Pipe
from harness.virtual.shell.redirection import RedirectionError, Streams, redirected
from harness.virtual.shell.syntax import (
    AndOr,
    Group,
    Pipeline,
    Redirect,
    Sequence,
    Simple,
)
from harness.virtual.shell.syntax import Command as Node
from harness.virtual.shell.words import ShellSyntaxError

if TYPE_CHECKING:
    from harness.virtual.device.device import Device

EXIT_BROKEN_PIPE = 141
_job_numbers = itertools.count(5000)


@dataclass(slots=True)
class Interpreter:
    """One shell.

    Args:
        device: what commands work on.
        commands: name -> command.
        state: this shell's variables, working directory and user.
    """

    device: Device
    commands: Mapping[str, Command]
    state: ShellState
    _closers: list[Callable[[], None]] = field(default_factory=list)

    async def run(self, text: str, streams: Streams) -> int:
        """Run a whole text; its status, that of `exit` and of the trap on EXIT included."""
        return await self.bounded(self.execute(text, streams), streams)

    async def execute(self, text: str, streams: Streams) -> int:
        """Like `run`, but what leaves the shell comes out as an exception."""
        try:
            tree = parse(text)
        except ShellSyntaxError as error:
            await self.say(str(error), streams)
            self.state.status = 1
            return 1
        return await self.sequence(tree, streams)

    async def bounded(self, work: Awaitable[int], streams: Streams) -> int:
        """Run what is a shell of its own to its end."""
        try:
            status = await work
        except (ShellExit, FunctionReturn) as leaving:
            status = leaving.status
        except LoopControl:
            status = self.state.status
        except ShellFault as fault:
            await self.say(str(fault), streams)
            status = fault.status
        except BrokenPipeError:
            status = EXIT_BROKEN_PIPE
        try:
            return await traps.leave(self, status, streams)
        finally:
            for close in self._closers:
                close()
            self._closers.clear()

    async def say(self, text: str, streams: Streams) -> None:
        await streams.err(f"/system/bin/sh: {text}\n".encode("utf-8", "surrogateescape"))

    async def sequence(self, sequence: Sequence, streams: Streams) -> int:
        background: list[asyncio.Task[int]] = []
        try:
            for item in sequence.items:
                if item.background:
                    background.append(self._start(item, streams))
                else:
                    await self._and_or(item, streams)
            await asyncio.gather(*background)
        finally:
            for task in background:
                task.cancel()
        return self.state.status

    def _start(self, item: AndOr, streams: Streams) -> asyncio.Task[int]:
        shell = self._sub()
        job = asyncio.create_task(shell.bounded(shell._and_or(item, streams), streams))
        self.state.last_job = str(next(_job_numbers))
        self.state.jobs[self.state.last_job] = job
        self.state.status = 0
        return job

    def _sub(self) -> Interpreter:
        return Interpreter(self.device, self.commands, self.state.copy())

    async def condition(self, body: Sequence, streams: Streams) -> bool:
        """Whether a list succeeds; `set -e` does not look at it."""
        self.state.tolerant += 1
        try:
            return await self.sequence(body, streams) == 0
        finally:
            self.state.tolerant -= 1

    async def _and_or(self, item: AndOr, streams: Streams) -> int:
        for index, (joint, pipeline) in enumerate(item.parts):
            if (joint == "&&" and self.state.status) or (joint == "||" and not self.state.status):
                continue
            watched = index == len(item.parts) - 1 and not pipeline.negated
            self.state.tolerant += not watched
            try:
                await self._pipeline(pipeline, streams)
            finally:
                self.state.tolerant -= not watched
            if self.state.status and watched and not self.state.tolerant:
                await traps.fire(self, "ERR", streams)
                if "e" in self.state.options:
                    raise ShellExit(self.state.status)
        return self.state.status

    async def _pipeline(self, pipeline: Pipeline, streams: Streams) -> int:
        if len(pipeline.commands) == 1:
            status = await self.command(pipeline.commands[0], streams)
        else:
            status = await self._piped(pipeline.commands, streams)
        self.state.status = int(not status) if pipeline.negated else status
        return self.state.status

    async def _piped(self, commands: tuple[Node, ...], streams: Streams) -> int:
        tasks: list[asyncio.Task[int]] = []
        streams = streams.changed(self.state.streams)
        source = streams.stdin
        for index, command in enumerate(commands):
            last = index == len(commands) - 1
            pipe = None if last else Pipe()
            out = streams.out if pipe is None else pipe.write
            stage = Streams(source, out, streams.err, streams.more)
            tasks.append(asyncio.create_task(self._stage(command, stage, source, pipe, index)))
            if pipe is not None:
                source = pipe
        try:
            statuses = await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
        if "pipefail" in self.state.options:
            return next((status for status in reversed(statuses) if status), 0)
        return statuses[-1]

    async def _stage(
        self, command: Node, streams: Streams, source: Pipe, sink: Pipe | None, index: int
    ) -> int:
        shell = self._sub()
        try:
            return await shell.bounded(shell.command(command, streams), streams)
        finally:
            if sink is not None:
                sink.close()
            if index:
                source.abandon()

    async def command(self, node: Node, streams: Streams) -> int:
        """One command with its redirections."""
        streams = streams.changed(self.state.streams)
        expander = Expander(self.state, self.device.files, self._capture(streams))
        try:
            inner, closing = await self._redirect(node.redirects, streams, expander)
        except RedirectionError as error:
            await self.say(str(error), streams)
            self.state.status = 1
            return 1
        if isinstance(node, Simple) and node.is_exec:
            self.state.streams.update(inner.all())
            self._closers += closing
            return 0
        with contextlib.ExitStack() as stack:
            for close in closing:
                stack.callback(close)
            kept, self.state.streams = self.state.streams, {}
            try:
                self.state.status = await self._node(node, inner, expander)
            finally:
                self.state.streams = {**kept, **self.state.streams}
        return self.state.status

    async def _redirect(
        self, redirects: tuple[Redirect, ...], streams: Streams, expander: Expander
    ) -> tuple[Streams, list[Callable[[], None]]]:
        closing: list[Callable[[], None]] = []
        for redirect in redirects:
            target = await expander.text(redirect.target)
            streams, close = redirected(redirect, target, streams, self.device.files, self.state)
            if close is not None:
                closing.append(close)
        return streams, closing

    async def _node(self, node: Node, streams: Streams, expander: Expander) -> int:
        match node:
            case Simple():
                return await self._simple(node, streams, expander)
            case Group():
                if not node.own_shell:
                    return await self.sequence(node.body, streams)
                shell = self._sub()
                return await shell.bounded(shell.sequence(node.body, streams), streams)
            case _:
                return await flow.run(self, node, expander, streams)

    async def _simple(self, node: Simple, streams: Streams, expander: Expander) -> int:
        argv = await expander.fields(node.words)
        given = [(name, await expander.text(value)) for name, value in node.assignments]
        if "x" in self.state.options:
            words = [*(f"{name}={value}" for name, value in given), *argv]
            await streams.err(f"+ {' '.join(words)}\n".encode("utf-8", "surrogateescape"))
        if not argv:
            for name, value in given:
                self._assign(name, value)
            return self.state.status if node.substitutes else 0
        names = [name.rstrip("+") for name, _ in given]
        before = {name: self.state.variables.get(name) for name in names}
        fresh = set(names) - self.state.exported
        for name, value in given:
            self._assign(name, value)
        self.state.exported |= fresh
        try:
            return await self.invoke(argv, streams)
        finally:
            self.state.exported -= fresh
            for name, old in before.items():
                if old is None:
                    self.state.variables.pop(name, None)
                else:
                    self.state.variables[name] = old

    def _assign(self, name: str, value: str) -> None:
        if name.endswith("+"):
            name = name[:-1]
            value = self.state.variables.get(name, "") + value
        self.state.assign(name, value)

    async def invoke(self, argv: list[str], streams: Streams) -> int:
        """Run a function, or the command of that name."""
        body = self.state.functions.get(argv[0])
        if body is not None:
            return await flow.call(self, argv[0], body, argv[1:], streams)
        device, state = self.device, self.state
        streams_of = (streams.stdin, streams.out, streams.err)
        return await self.start(Invocation(argv, *streams_of, device, state, self.start))

    async def start(self, invocation: Invocation) -> int:
        """Run the command that `invocation.argv[0]` names."""
        streams = Streams(invocation.stdin, invocation.stdout, invocation.stderr)
        if (number := traps.signal_to_itself(invocation.argv)) is not None:
            return await traps.deliver(self, number, streams)
        return await programs.started(self.commands, invocation)

    def _capture(self, streams: Streams) -> Capture:
        async def capture(body: Sequence) -> str:
            buffer = Buffer()
            shell = self._sub()
            inner = Streams(streams.stdin, buffer.write, streams.err, streams.more)
            self.state.status = await shell.bounded(shell.sequence(body, inner), inner)
            return buffer.data.decode("utf-8", "surrogateescape")

        return capture
