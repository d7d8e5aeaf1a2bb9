"""Runs the tree of a command line against a table of commands.

Input: text, streams, the shell's state. Output: an exit status. Pipelines run their commands at the
same time, each in a shell of its own, as mksh does. Messages and statuses follow mksh's: 127 for a
command that is not there, 1 for a syntax error or a redirection that fails. Functions, traps and
job control are not there.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.virtual.device.incidents import report_silence
from harness.virtual.host import HostError, HostTimeout
from harness.virtual.shell.command import Command, Invocation, ShellState
from harness.virtual.shell.control import LoopControl, ShellExit
from harness.virtual.shell.expansion import Capture, Expander, ExpansionError
from harness.virtual.shell.lexer import ShellSyntaxError
from harness.virtual.shell.not_found import not_found
from harness.virtual.shell.parser import parse
from harness.virtual.shell.pipes import Buffer, Pipe
from harness.virtual.shell.redirection import RedirectionError, Streams, redirected
from harness.virtual.shell.syntax import (
    AndOr,
    For,
    Group,
    If,
    Pipeline,
    Redirect,
    Sequence,
    Simple,
    While,
)
from harness.virtual.shell.syntax import Command as Node

if TYPE_CHECKING:
    from harness.virtual.device.device import Device

EXIT_BROKEN_PIPE = 141
_MAX_ROUNDS = 100_000


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

    async def run(self, text: str, streams: Streams) -> int:
        """Run a whole text; its status, that of `exit` included."""
        try:
            return await self.execute(text, streams)
        except ShellExit as leaving:
            return leaving.status
        except LoopControl:
            return self.state.status

    async def execute(self, text: str, streams: Streams) -> int:
        """Like `run`, but `exit` comes out as `ShellExit`."""
        try:
            tree = parse(text)
        except ShellSyntaxError as error:
            await streams.err(f"sh: {error}\n".encode())
            self.state.status = 1
            return 1
        return await self._sequence(tree, streams)

    async def _sequence(self, sequence: Sequence, streams: Streams) -> int:
        background: list[asyncio.Task[int]] = []
        try:
            for item in sequence.items:
                if item.background:
                    shell = Interpreter(self.device, self.commands, self.state.copy())
                    job = asyncio.create_task(shell._alone(item, streams))
                    background.append(job)
                    self.state.jobs.append(job)
                    self.state.status = 0
                else:
                    await self._and_or(item, streams)
            await asyncio.gather(*background)
        finally:
            for task in background:
                task.cancel()
        return self.state.status

    async def _alone(self, item: AndOr, streams: Streams) -> int:
        try:
            return await self._and_or(item, streams)
        except ShellExit as leaving:
            return leaving.status
        except BrokenPipeError:
            return EXIT_BROKEN_PIPE

    async def _and_or(self, item: AndOr, streams: Streams) -> int:
        for joint, pipeline in item.parts:
            skipped = (joint == "&&" and self.state.status) or (
                joint == "||" and not self.state.status
            )
            if not skipped:
                await self._pipeline(pipeline, streams)
        return self.state.status

    async def _pipeline(self, pipeline: Pipeline, streams: Streams) -> int:
        if len(pipeline.commands) == 1:
            status = await self._command(pipeline.commands[0], streams)
        else:
            status = await self._piped(pipeline.commands, streams)
        self.state.status = int(not status) if pipeline.negated else status
        return self.state.status

    async def _piped(self, commands: tuple[Node, ...], streams: Streams) -> int:
        tasks: list[asyncio.Task[int]] = []
        source = streams.stdin
        for index, command in enumerate(commands):
            last = index == len(commands) - 1
            pipe = None if last else Pipe()
            out = streams.out if pipe is None else pipe.write
            stage = Streams(source, out, streams.err)
            shell = Interpreter(self.device, self.commands, self.state.copy())
            tasks.append(asyncio.create_task(shell._stage(command, stage, source, pipe, index)))
            if pipe is not None:
                source = pipe
        try:
            return (await asyncio.gather(*tasks))[-1]
        finally:
            for task in tasks:
                task.cancel()

    async def _stage(
        self, command: Node, streams: Streams, source: Pipe, sink: Pipe | None, index: int
    ) -> int:
        try:
            return await self._command(command, streams)
        except ShellExit as leaving:
            return leaving.status
        except BrokenPipeError:
            return EXIT_BROKEN_PIPE
        finally:
            if sink is not None:
                sink.close()
            if index:
                source.abandon()

    async def _command(self, node: Node, streams: Streams) -> int:
        expander = Expander(self.state, self.device.files, self._capture(streams))
        try:
            inner, closing = await self._redirect(node.redirects, streams, expander)
        except (RedirectionError, ExpansionError) as error:
            await streams.err(f"sh: {error}\n".encode())
            self.state.status = 1
            return 1
        with contextlib.ExitStack() as stack:
            for close in closing:
                stack.callback(close)
            try:
                self.state.status = await self._node(node, inner, expander)
            except ExpansionError as error:
                await streams.err(f"sh: {error}\n".encode())
                self.state.status = 1
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
                    return await self._sequence(node.body, streams)
                shell = Interpreter(self.device, self.commands, self.state.copy())
                try:
                    return await shell._sequence(node.body, streams)
                except ShellExit as leaving:
                    return leaving.status
            case If():
                for condition, body in node.branches:
                    if await self._sequence(condition, streams) == 0:
                        return await self._sequence(body, streams)
                return await self._sequence(node.otherwise, streams) if node.otherwise else 0
            case For():
                words = await expander.fields(node.words)
                return await self._for(node, words, streams)
            case While():
                return await self._while(node, streams)

    async def _for(self, node: For, words: list[str], streams: Streams) -> int:
        status = 0
        for word in words:
            self.state.variables[node.name] = word
            try:
                status = await self._sequence(node.body, streams)
            except LoopControl as control:
                if not control.again:
                    return 0
        return status

    async def _while(self, node: While, streams: Streams) -> int:
        status = 0
        for _ in range(_MAX_ROUNDS):
            if (await self._sequence(node.condition, streams) == 0) is node.until:
                return status
            try:
                status = await self._sequence(node.body, streams)
            except LoopControl as control:
                if not control.again:
                    return 0
            await asyncio.sleep(0)  # other streams go on meanwhile
        raise ExpansionError(f"loop ended after {_MAX_ROUNDS} rounds")

    async def _simple(self, node: Simple, streams: Streams, expander: Expander) -> int:
        argv = await expander.fields(node.words)
        given = [(name, await expander.text(value)) for name, value in node.assignments]
        if not argv:
            self.state.variables.update(given)
            return self.state.status if node.substitutes else 0
        before = {name: self.state.variables.get(name) for name, _ in given}
        self.state.variables.update(given)
        try:
            return await self._invoke(argv, streams)
        finally:
            for name, value in before.items():
                if value is None:
                    self.state.variables.pop(name, None)
                else:
                    self.state.variables[name] = value

    async def _invoke(self, argv: list[str], streams: Streams) -> int:
        return await self.start(
            Invocation(
                argv,
                streams.stdin,
                streams.out,
                streams.err,
                self.device,
                self.state,
                self.start,
            )
        )

    async def start(self, invocation: Invocation) -> int:
        """Run the command that `invocation.argv[0]` names."""
        name = invocation.argv[0]
        folder, _, last = name.rpartition("/")
        known = folder in ("", "/system/bin", "/bin", "/system/xbin")
        command = self.commands.get(last) if known else None
        if command is None:
            return await not_found(invocation)
        try:
            return await command.run(invocation)
        except HostError as error:  # the app process is gone, busy, or refuses
            if isinstance(error, HostTimeout):
                report_silence(self.device.log, error.where.partition(" ")[0], error)
            return await invocation.fail(f"{name}: {error.what.splitlines()[0]}")
        except BrokenPipeError:
            raise
        except OSError as error:  # such as a disk that is full
            return await invocation.fail(f"{name}: {error.strerror or error}")

    def _capture(self, streams: Streams) -> Capture:
        async def capture(body: Sequence) -> str:
            buffer = Buffer()
            shell = Interpreter(self.device, self.commands, self.state.copy())
            inner = Streams(streams.stdin, buffer.write, streams.err)
            try:
                self.state.status = await shell._sequence(body, inner)
            except ShellExit as leaving:
                self.state.status = leaving.status
            return buffer.data.decode("utf-8", "surrogateescape")

        return capture
