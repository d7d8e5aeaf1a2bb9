"""Which node a selector means, after Maestro's rules.

Input: a `Hierarchy` and a `Selector`. Output: matching nodes, best first, and near misses for the
text of a failure. Pure. Rules (Maestro `Filters.kt`, `Orchestra.kt`): `text` is a regular
expression that must match the whole of text, hint or content description (also with line breaks as
blanks), ignoring case, `.` taking line breaks, or the literal string; an invalid pattern is a
literal. `id` likewise against the whole resource id or what follows its last `/`. Of nested matches
the deepest counts; clickable ones come first; `index` counts by (top, left), negative from the end.
Nodes without area are never matched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from difflib import SequenceMatcher

from harness.device.hierarchy import Hierarchy, Node

_FLAGS = re.IGNORECASE | re.DOTALL | re.MULTILINE

NEAR_MISSES = 5
_NEAR_RATIO = 0.5


@dataclass(frozen=True, slots=True)
class Selector:
    """Maestro's keys in Python's spelling; None means "does not matter".

    `point` (`50%,50%` or `x,y`) is where to tap within the match, or on the screen when it is the
    only key; it takes no part in matching.
    """

    text: str | None = None
    id: str | None = None
    index: int | None = None
    point: str | None = None
    enabled: bool | None = None
    checked: bool | None = None
    focused: bool | None = None
    selected: bool | None = None
    below: Selector | None = None
    above: Selector | None = None
    left_of: Selector | None = None
    right_of: Selector | None = None
    child_of: Selector | None = None
    contains_child: Selector | None = None
    contains_descendants: tuple[Selector, ...] = ()

    @property
    def only_point(self) -> bool:
        """Whether nothing but `point` is given."""
        return self.point is not None and self == Selector(point=self.point)

    def __str__(self) -> str:
        parts = []
        for field in fields(self):
            value = getattr(self, field.name)
            if value is None or value == ():
                continue
            shown = f"({value})" if isinstance(value, Selector) else repr(value)
            if isinstance(value, tuple):
                shown = "[" + ", ".join(str(item) for item in value) + "]"
            parts.append(f"{_camel(field.name)}: {shown}")
        return ", ".join(parts) or "anything"


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def matches_text(pattern: str, value: str) -> bool:
    """Whether `pattern` fits the whole of `value`, as a regular expression or literally."""
    if pattern == value:
        return True
    try:
        return re.compile(pattern, _FLAGS).fullmatch(value) is not None
    except re.error:
        return False


def _text_fits(pattern: str, node: Node) -> bool:
    values = [value for value in (node.text, node.hint, node.description) if value]
    values += [value.replace("\n", " ") for value in values if "\n" in value]
    return any(matches_text(pattern, value) for value in values)


def _id_fits(pattern: str, node: Node) -> bool:
    full = node.resource_id
    if not full:
        return False
    return matches_text(pattern, full) or matches_text(pattern, full.rpartition("/")[2])


_STATES = ("enabled", "checked", "focused", "selected")

_RELATIONS: dict[str, Callable[[Node, Node], bool]] = {
    "below": lambda node, other: node.bounds.top > other.bounds.top,
    "above": lambda node, other: node.bounds.top < other.bounds.top,
    "left_of": lambda node, other: node.bounds.left < other.bounds.left,
    "right_of": lambda node, other: node.bounds.left > other.bounds.left,
}
"""Selector field -> whether `node` lies so with regard to `other`."""


def match(hierarchy: Hierarchy, selector: Selector) -> list[Node]:
    """All nodes that `selector` means, the one to act on first; empty when there is none."""
    roots = hierarchy.roots
    if selector.child_of is not None:
        roots = tuple(
            c for parent in match(hierarchy, selector.child_of)[:1] for c in parent.children
        )
    found = [node for root in roots for node in _deepest(root, selector)]
    anchors: list[Node] = []
    for name, lies in _RELATIONS.items():
        other = getattr(selector, name)
        if other is None:
            continue
        others = match(hierarchy, other)[:1]
        anchors += others
        found = [node for node in found if any(lies(node, anchor) for anchor in others)]
    return _ordered(found, selector, anchors)


def _deepest(node: Node, selector: Selector) -> list[Node]:
    below = [found for child in node.children for found in _deepest(child, selector)]
    if below:
        return below
    return [node] if _fits(node, selector) else []


def _fits(node: Node, selector: Selector) -> bool:
    if node.bounds.empty:
        return False
    if selector.text is not None and not _text_fits(selector.text, node):
        return False
    if selector.id is not None and not _id_fits(selector.id, node):
        return False
    for name in _STATES:
        wanted = getattr(selector, name)
        if wanted is not None and getattr(node, name) != wanted:
            return False
    inner = selector.contains_child
    if inner is not None and not any(_fits(child, inner) for child in node.children):
        return False
    return all(_has_descendant(node, wanted) for wanted in selector.contains_descendants)


def _has_descendant(node: Node, selector: Selector) -> bool:
    return any(
        _fits(child, selector) or _has_descendant(child, selector) for child in node.children
    )


def _ordered(found: list[Node], selector: Selector, anchors: list[Node]) -> list[Node]:
    if selector.index is not None:
        by_place = sorted(found, key=lambda node: (node.bounds.top, node.bounds.left))
        inside = -len(by_place) <= selector.index < len(by_place)
        return [by_place[selector.index]] if inside else []
    if anchors:
        found = sorted(found, key=lambda node: min(_distance(node, other) for other in anchors))
    return sorted(found, key=lambda node: not node.clickable)


def _distance(node: Node, other: Node) -> int:
    (ax, ay), (bx, by) = node.bounds.centre, other.bounds.centre
    return (ax - bx) ** 2 + (ay - by) ** 2


def near_misses(hierarchy: Hierarchy, selector: Selector) -> list[str]:
    """What on the screen resembles the selector's text or id, most alike first.

    A full match is asked of a pattern, so `Recherche` does not fit `Rechercher`; this list is how
    the author of a scenario finds out.
    """
    scored: dict[str, float] = {}
    for node in hierarchy.walk():
        for key, wanted, value in _comparable(node, selector):
            score = SequenceMatcher(None, wanted.casefold(), value.casefold()).ratio()
            if wanted.casefold() in value.casefold() or value.casefold() in wanted.casefold():
                score = max(score, 0.9)
            if score >= _NEAR_RATIO:
                shown = f"{key}: {value!r}" + ("" if node.enabled else " (disabled)")
                scored[shown] = max(score, scored.get(shown, 0.0))
    return sorted(scored, key=lambda shown: -scored[shown])[:NEAR_MISSES]


def _comparable(node: Node, selector: Selector) -> Iterable[tuple[str, str, str]]:
    if selector.text:
        for value in dict.fromkeys((node.text, node.hint, node.description)):
            if value:
                yield "text", selector.text, value
    if selector.id and node.resource_id:
        yield "id", selector.id.rpartition("/")[2], node.resource_id.rpartition("/")[2]
