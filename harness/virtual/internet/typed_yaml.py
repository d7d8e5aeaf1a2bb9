"""YAML with JSON's types and with the place of every value.

Input: text. Output: a tree of `Item`s. Only `true`, `false`, `null` and JSON numbers are typed;
`no`, `yes`, `007`, `12:30` and dates stay the text that was written, unlike in YAML 1.1. Refused:
aliases (which can blow up), tags, keys that are not text, keys given twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

_TYPES = (
    (re.compile(r"true|false"), lambda text: text == "true"),
    (re.compile(r"null|~|"), lambda text: None),
    (re.compile(r"-?(0|[1-9]\d*)"), int),
    (re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?"), float),
)
"""Pattern of a plain scalar -> its value; the first that fits wins."""


@dataclass(frozen=True, slots=True)
class Item:
    """A value: a scalar, a list of items, or a dict from text to items; place counts from 1."""

    value: Any
    line: int
    column: int

    def plain(self) -> Any:
        """The value without places."""
        if isinstance(self.value, list):
            return [item.plain() for item in self.value]
        if isinstance(self.value, dict):
            return {key: item.plain() for key, item in self.value.items()}
        return self.value


def load(text: str) -> Item | None:
    """Parse one document; None when it is empty.

    Raises:
        yaml.MarkedYAMLError: syntax, or something this reader refuses.
    """
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise _refused("aliases are not taken here", event)
        if isinstance(event, yaml.NodeEvent) and getattr(event, "tag", None):
            raise _refused("tags are not taken here", event)
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    return None if node is None else _item(node)


def _refused(problem: str, event: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)


def _item(node: yaml.Node) -> Item:
    return Item(_value(node), node.start_mark.line + 1, node.start_mark.column + 1)


def _value(node: yaml.Node) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return [_item(child) for child in node.value]
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Item] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _refused("a key must be text", key)
            if key.value in found:
                raise _refused(f"key {key.value!r} is given twice", key)
            found[key.value] = _item(value)
        return found
    return _scalar(node.value, plain=getattr(node, "style", None) is None)


def _scalar(text: str, plain: bool) -> Any:
    if plain:
        for pattern, convert in _TYPES:
            if pattern.fullmatch(text):
                return convert(text)
    return text
