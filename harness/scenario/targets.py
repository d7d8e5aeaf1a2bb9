"""Selectors as scenario files write them, after Maestro.

Input: a text (`tapOn: Suchen`) or a mapping of Maestro's keys. Output: a `Selector` whose texts may
hold placeholders. Refuses unknown keys and the Maestro keys that mean nothing on Android (`traits`)
or cannot be judged from a dump of the hierarchy (`width`, `height`, `tolerance`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, replace

from harness.device.selectors import Selector
from harness.scenario.document import Scalar, Tree
from harness.scenario.fields import Fields, Reading, flag, number
from harness.scenario.variables import Scope

KEYS: Mapping[str, str] = {
    "text": "text", "id": "id", "index": "index", "point": "point", "enabled": "enabled",
    "checked": "checked", "focused": "focused", "selected": "selected", "below": "below",
    "above": "above", "leftOf": "left_of", "rightOf": "right_of", "childOf": "child_of",
    "containsChild": "contains_child", "containsDescendants": "contains_descendants",
}  # fmt: skip
"""Key in the file -> field of `Selector`."""

REFUSED = {
    "traits": "traits exist on iOS only",
    "width": "sizes differ between devices; use `index` or a relation such as `below`",
    "height": "sizes differ between devices; use `index` or a relation such as `below`",
    "tolerance": "sizes differ between devices; use `index` or a relation such as `below`",
}

POINT = re.compile(r"\d{1,5},\s*\d{1,5}|\d{1,3}%,\s*\d{1,3}%")

_FLAGS = ("enabled", "checked", "focused", "selected")
_TEXTS = ("text", "id")
_RELATIONS = ("below", "above", "leftOf", "rightOf", "childOf", "containsChild")


def read_selector(reading: Reading, tree: Tree, what: str) -> Selector:
    """A selector that stands alone."""
    if isinstance(tree, Scalar):
        return Selector(text=reading.text(tree, what))
    fields = Fields(reading, reading.mapping(tree, what), f"selector {what}")
    selector = take_selector(fields)
    fields.done()
    return selector


def take_selector(fields: Fields) -> Selector:
    """A selector whose keys stand beside a step's own properties, which are taken before.

    Raises:
        PlacedError: no key of a selector is there, or a value is of the wrong kind.
    """
    reading = fields.reading
    for key, why in REFUSED.items():
        entry = fields.take(key)
        if entry is not None:
            raise reading.error(entry.place, f"`{key}` is not supported", action=why)
    found: dict[str, object] = {}
    for key, name in KEYS.items():
        entry = fields.take(key)
        if entry is not None:
            found[name] = _value(reading, key, entry.value)
    if not found:
        fields.done()  # a misspelt key is the likelier mistake
        raise reading.error(
            fields.place, f"{fields.what} needs a selector", expected=f"one of {', '.join(KEYS)}"
        )
    return replace(Selector(), **found)  # type: ignore[arg-type]  # KEYS names its fields


def _value(reading: Reading, key: str, tree: Tree) -> object:
    what = f"`{key}`"
    if key in _TEXTS:
        return reading.text(tree, what)
    if key in _FLAGS:
        return flag(reading, tree, what)
    if key == "index":
        return number(reading, tree, what, -999, 999)
    if key == "point":
        return read_point(reading, tree, what)
    if key in _RELATIONS:
        return read_selector(reading, tree, what)
    items = reading.listing(tree, what).items
    return tuple(read_selector(reading, item, f"an entry of {what}") for item in items)


def read_point(reading: Reading, tree: Tree, what: str) -> str:
    """`x,y` in pixels, or `x%,y%`."""
    text = reading.text(tree, what)
    percents = [int(part) for part in re.findall(r"\d+(?=%)", text)]
    if not POINT.fullmatch(text) or any(percent > 100 for percent in percents):
        raise reading.error(
            tree.place, f"{what} is not a point", seen=text, expected='"50%,50%" or "120,340"'
        )
    return text.replace(" ", "")


def expand_selector(selector: Selector, scope: Scope) -> Selector:
    """`selector` with its placeholders replaced; a term in it stands for itself."""
    changes: dict[str, object] = {}
    for field in fields(selector):
        value = getattr(selector, field.name)
        if isinstance(value, str):
            changes[field.name] = scope.expand_pattern(value)
        elif isinstance(value, Selector):
            changes[field.name] = expand_selector(value, scope)
        elif isinstance(value, tuple):
            changes[field.name] = tuple(expand_selector(item, scope) for item in value)
    return replace(selector, **changes)  # type: ignore[arg-type]  # same fields, same types
