"""Entry points and flushes of the catalogue's SDKs, as the agent takes them.

Input: the catalogue. Output: rows for the agent's table, and the flushes of those SDKs that were
seen at work. Types are spelled as `Class.getName` does. Refuses (BugError) what it cannot read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from harness.attribution.catalogue import Catalogue, Sdk
from harness.attribution.stacks import class_of
from harness.errors import BugError
from harness.traffic.exchange import Exchange

_SINK = re.compile(r"^(?P<cls>[\w.$]+)#(?P<method>[\w$<>]+)\((?P<types>[^)]*)\)$")
_PRIMITIVES = {
    "boolean": "Z", "byte": "B", "char": "C", "double": "D",
    "float": "F", "int": "I", "long": "J", "short": "S",
}  # fmt: skip


@lru_cache(maxsize=1)
def sink_rows() -> list[dict[str, object]]:
    """All sinks of the shipped catalogue, each once."""
    sinks = (sink for sdk in Catalogue.load().sdks for sink in sdk.sinks)
    return [sink_row(sink) for sink in dict.fromkeys(sinks)]


def sink_row(sink: str) -> dict[str, object]:
    """`a.B#m(int,java.lang.String[])` as the agent's row. Raises BugError."""
    match = _SINK.match(sink)
    if match is None:
        raise BugError("a sink of the catalogue is malformed", seen=sink, expected="Class#m(types)")
    types = [name for name in match["types"].split(",") if name]
    overload = [class_get_name(name) for name in types]
    return {"cls": match["cls"], "method": match["method"], "overload": overload}


def class_get_name(type_: str) -> str:
    element = type_.removesuffix("...").rstrip("[]")
    depth = type_.count("[]") + type_.endswith("...")
    if not depth:
        return type_
    return "[" * depth + _PRIMITIVES.get(element, f"L{element};")


def flushes_of(
    fired: Iterable[tuple[str, int]], exchanges: Iterable[Exchange]
) -> tuple[tuple[Sdk, str], ...]:
    """SDKs that were seen at work and can be flushed, each with its ways to do so.

    An SDK was at work when the app called it or when it stands in the stack of an exchange; one
    that the app carries and never used must not be started by us.
    """
    catalogue = Catalogue.load()
    classes = {target.rpartition("(")[0].rpartition(".")[0] for target, count in fired if count}
    frames = {frame for each in exchanges for frame in each.stack.all_frames}
    classes |= set(map(class_of, frames))
    found = dict.fromkeys(filter(None, map(catalogue.by_class, sorted(classes))))
    return tuple((sdk, chain) for sdk in found for chain in sdk.flush)
