"""YAML text into trees of scalars, lists and mappings that know their places.

Input: a `Source`. Output: one tree per document. Every scalar is the text that the author wrote:
`Yes`, `007`, `12:30` stay what they are (YAML 1.1 and Maestro turn them into true, 7 and 750).
Refuses: files above `MAX_SIZE_BYTES`, nesting beyond `MAX_DEPTH`, aliases and anchors, merge keys,
explicit tags, keys that are not plain words, and a key given twice. The only user of `yaml` here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import yaml

from harness.scenario.place import Place, Source

MAX_SIZE_BYTES = 256 * 1024
MAX_DEPTH = 40

_OWN_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map"))


@dataclass(frozen=True, slots=True)
class Scalar:
    """`missing` marks a key without any value (`tapOn:`), which is not the same as `''`."""

    text: str
    place: Place
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    items: tuple[Tree, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Entry:
    key: str
    place: Place
    value: Tree


@dataclass(frozen=True, slots=True)
class Mapping:
    entries: tuple[Entry, ...]
    place: Place


Tree: TypeAlias = Scalar | Listing | Mapping


def read_documents(source: Source) -> tuple[Tree, ...]:
    """All documents of a file.

    Raises:
        PlacedError: the text is not YAML, or uses something that scenario files do without.
    """
    size = len(source.text.encode("utf-8", "surrogatepass"))
    if size > MAX_SIZE_BYTES:
        raise source.error(
            Place(source.file, 1, 1),
            "the file is too large for a scenario",
            seen=f"{size} bytes",
            expected=f"at most {MAX_SIZE_BYTES} bytes",
        )
    try:
        loader = _Loader(source)
        return tuple(_tree(node, source) for node in _nodes(loader))
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        at_end = mark is not None and mark.line >= len(source.text.splitlines())
        if at_end and problem.context_mark is not None:
            mark = problem.context_mark  # what was left open says more than the end of the file
        what = problem.problem or problem.context or "this is not YAML"
        raise source.error(_place(source, mark), f"not valid YAML: {what}") from problem
    except yaml.reader.ReaderError as problem:
        raise source.error(
            _position(source, int(problem.position)),
            f"a character that YAML does not allow: U+{_code_point(problem.character):04X}",
        ) from problem


def plain(tree: Tree) -> object:
    """`tree` as str, list and dict, for readers that take a value as it stands."""
    if isinstance(tree, Scalar):
        return tree.text
    if isinstance(tree, Listing):
        return [plain(item) for item in tree.items]
    return {entry.key: plain(entry.value) for entry in tree.entries}


def _nodes(loader: _Loader) -> list[yaml.Node]:
    nodes: list[yaml.Node] = []
    while loader.check_node():
        node = loader.get_node()
        if node is not None:
            nodes.append(node)
    return nodes


class _Loader(yaml.BaseLoader):
    """A loader without implicit types that refuses anchors, aliases, tags and deep nesting."""

    def __init__(self, source: Source) -> None:
        super().__init__(source.text)
        self._source = source
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]  # types-PyYAML lacks it
        place = _place(self._source, event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            raise self._source.error(
                place, f"aliases (*{event.anchor}) are not read", action="write the value out"
            )
        if getattr(event, "anchor", None):
            raise self._source.error(
                place, f"anchors (&{event.anchor}) are not read", action="write the value out"
            )
        if getattr(event, "tag", None) not in (None, "!"):
            raise self._source.error(
                place, f"tags ({event.tag}) are not read", action="write the plain value"
            )
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._source.error(place, f"nested deeper than {MAX_DEPTH} levels")
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1


def _tree(node: yaml.Node, source: Source) -> Tree:
    place = _place(source, node.start_mark)
    if isinstance(node, yaml.ScalarNode):
        return Scalar(node.value, place, missing=node.style is None and node.value == "")
    if isinstance(node, yaml.SequenceNode):
        return Listing(tuple(_tree(item, source) for item in node.value), place)
    entries: dict[str, Entry] = {}
    for key, value in node.value:
        entry = _entry(key, value, source)
        if entry.key in entries:
            raise source.error(
                entry.place,
                f"`{entry.key}` is given twice",
                seen=f"first at line {entries[entry.key].place.line}",
                action="keep one of the two",
            )
        entries[entry.key] = entry
    return Mapping(tuple(entries.values()), place)


def _entry(key: yaml.Node, value: yaml.Node, source: Source) -> Entry:
    place = _place(source, key.start_mark)
    if not isinstance(key, yaml.ScalarNode):
        raise source.error(place, "a key must be a word", seen="a list or a mapping")
    if key.value == "<<" and key.style is None:
        raise source.error(place, "merge keys (<<) are not read", action="write the entries out")
    return Entry(key.value, place, _tree(value, source))


def _place(source: Source, mark: Any) -> Place:
    if mark is None:
        return Place(source.file, 1, 1)
    return Place(source.file, mark.line + 1, mark.column + 1)


def _position(source: Source, position: int) -> Place:
    before = source.text[:position]
    return Place(source.file, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)


def _code_point(character: str | int | bytes) -> int:
    return character if isinstance(character, int) else ord(character)
