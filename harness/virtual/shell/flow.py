"""Compound commands at work: loops, branches, `case`, `[[ ]]`, functions.

Input: a node and the interpreter that runs its parts. Output: a status, by POSIX XCU 2.9.4.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from harness.virtual.shell.control import FunctionReturn, LoopControl, ShellFault
from harness.virtual.shell.expansion import Expander
from harness.virtual.shell.patterns import matches
from harness.virtual.shell.redirection import Streams
from harness.virtual.shell.syntax import (
    Calculation,
    Case,
    Command,
    Condition,
    For,
    Function,
    If,
    Joined,
    Sequence,
    Term,
    While,
)

if TYPE_CHECKING:
    from harness.virtual.shell.interpreter import Interpreter

_MAX_ROUNDS = 100_000
_MAX_CALLS = 40


async def run(shell: Interpreter, node: Command, expander: Expander, streams: Streams) -> int:
    """One compound command, its redirections done."""
    match node:
        case If():
            return await branch(shell, node, streams)
        case For():
            arguments = list(shell.state.arguments)
            words = arguments if node.words is None else await expander.fields(node.words)
            return await each(shell, node, words, streams)
        case While():
            return await loop(shell, node, streams)
        case Case():
            return await choose(shell, node, expander, streams)
        case Condition():
            return await test(shell, node, expander, streams)
        case Calculation():
            return int(await expander.number(node.expression.body) == 0)
        case Function():
            shell.state.functions[node.name] = node.body
            return 0
    raise AssertionError(node)


async def branch(shell: Interpreter, node: If, streams: Streams) -> int:
    for condition, body in node.branches:
        if await shell.condition(condition, streams):
            return await shell.sequence(body, streams)
    return await shell.sequence(node.otherwise, streams) if node.otherwise else 0


async def each(shell: Interpreter, node: For, words: list[str], streams: Streams) -> int:
    status = 0
    for word in words:
        shell.state.assign(node.name, word)
        status, left = await _round(shell, node.body, streams)
        if left:
            break
    return status


async def loop(shell: Interpreter, node: While, streams: Streams) -> int:
    status = 0
    for _ in range(_MAX_ROUNDS):
        if await shell.condition(node.condition, streams) is node.until:
            return status
        status, left = await _round(shell, node.body, streams)
        if left:
            return status
        await asyncio.sleep(0)  # other streams go on meanwhile
    raise ShellFault(f"loop ended after {_MAX_ROUNDS} rounds")


async def _round(shell: Interpreter, body: Sequence, streams: Streams) -> tuple[int, bool]:
    """One round of a loop: its status, and whether the loop is left."""
    try:
        return await shell.sequence(body, streams), False
    except LoopControl as control:
        if control.levels > 1:
            raise LoopControl(control.again, control.levels - 1) from None
        return 0, not control.again


async def choose(shell: Interpreter, node: Case, expander: Expander, streams: Streams) -> int:
    subject = await expander.text(node.subject)
    status, through = 0, False
    for clause in node.clauses:
        if not through:
            patterns = [await expander.pattern(pattern) for pattern in clause.patterns]
            if not any(matches(subject, pattern) for pattern in patterns):
                continue
        status = await shell.sequence(clause.body, streams) if clause.body.items else 0
        if clause.ending == ";;":
            break
        through = True
    return status


async def test(shell: Interpreter, node: Condition, expander: Expander, streams: Streams) -> int:
    return int(not await _holds(shell, node.tree, expander, streams))


async def _holds(
    shell: Interpreter, tree: Joined | Term, expander: Expander, streams: Streams
) -> bool:
    if isinstance(tree, Joined):
        if tree.operator == "!":
            return not await _holds(shell, tree.parts[0], expander, streams)
        decides = tree.operator == "||"
        for part in tree.parts:
            if await _holds(shell, part, expander, streams) is decides:
                return decides
        return not decides
    if tree.operator in ("=", "==", "!="):
        text = await expander.text(tree.operands[0])
        fits = matches(text, await expander.pattern(tree.operands[1]))
        return fits is (tree.operator != "!=")
    words = [await expander.text(word) for word in tree.operands]
    argv = [tree.operator, *words] if len(words) == 1 else [words[0], tree.operator, words[1]]
    return (
        await shell.invoke(["test", *(word for word in argv if word or len(words) > 1)], streams)
        == 0
    )


async def call(
    shell: Interpreter, name: str, body: Command, arguments: list[str], streams: Streams
) -> int:
    """Run a function with arguments and local variables of its own."""
    state = shell.state
    if len(state.frames) >= _MAX_CALLS:
        raise ShellFault(f"{name}: functions call each other too deeply")
    before, state.arguments = state.arguments, tuple(arguments)
    state.frames.append({})
    try:
        return await shell.command(body, streams)
    except FunctionReturn as returned:
        return returned.status
    finally:
        state.arguments = before
        for variable, value in state.frames.pop().items():
            if value is None:
                state.variables.pop(variable, None)
            else:
                state.variables[variable] = value
