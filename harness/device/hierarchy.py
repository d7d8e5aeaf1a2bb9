"""A UI hierarchy dump as a tree of frozen nodes.

Input: the XML that `uiautomator dump` writes (AOSP `AccessibilityNodeInfoDumper`: attributes in
varying order, vendors and newer builds add some, `--windows` wraps several hierarchies). Output:
`Hierarchy`. Attributes are read by name. Refused: document type declarations (entity bombs), and
anything that is not XML. Older serializers wrote emoji as two surrogate references; those are
joined.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.parsers import expat

from harness.errors import LabError

MAX_NODES = 50_000
MAX_DEPTH = 400

_BOUNDS = re.compile(r"\[(-?\d+),(-?\d+)\]\[(-?\d+),(-?\d+)\]")
_REFERENCE = re.compile(r"(?:&#(?:\d+|x[0-9a-fA-F]+);)+")
_NUMBER = re.compile(r"&#(\d+|x[0-9a-fA-F]+);")


@dataclass(frozen=True, slots=True)
class Bounds:
    """A rectangle in pixels of the screen; right and bottom are exclusive."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def centre(self) -> tuple[int, int]:
        return (self.left + self.right) // 2, (self.top + self.bottom) // 2

    @property
    def empty(self) -> bool:
        return self.right <= self.left or self.bottom <= self.top


@dataclass(frozen=True, slots=True)
class Node:
    """One element of the screen; `description` is Android's content description."""

    text: str
    hint: str
    resource_id: str
    class_name: str
    package: str
    description: str
    bounds: Bounds
    checkable: bool = False
    checked: bool = False
    clickable: bool = False
    enabled: bool = True
    focusable: bool = False
    focused: bool = False
    scrollable: bool = False
    long_clickable: bool = False
    password: bool = False
    selected: bool = False
    children: tuple[Node, ...] = ()

    def walk(self) -> Iterator[Node]:
        """This node and all below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """All windows of one dump. Equal trees mean an unchanged screen."""

    roots: tuple[Node, ...]
    rotation: int = 0

    def walk(self) -> Iterator[Node]:
        for root in self.roots:
            yield from root.walk()

    def focused(self) -> Node | None:
        """The deepest node with input focus, as far as the dump says."""
        found = [node for node in self.walk() if node.focused]
        return found[-1] if found else None

    def packages(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(node.package for node in self.walk() if node.package))


def parse(xml: str) -> Hierarchy:
    """Read a dump.

    Raises:
        LabError: it is not well-formed, declares a document type, or is unreasonably large.
    """
    builder = _Builder()
    end = xml.rfind(">")
    try:
        builder.parser.Parse(_join_surrogates(xml[: end + 1]), True)
    except expat.ExpatError as error:
        raise LabError(
            "the UI hierarchy is not well-formed XML",
            seen=f"{error}; starts with {xml[:80]!r}",
            action="run the step again; if it stays, `adb shell uiautomator dump` by hand",
        ) from error
    return Hierarchy(tuple(builder.roots), builder.rotation)


def _join_surrogates(xml: str) -> str:
    return _REFERENCE.sub(lambda match: _joined(match.group()), xml)


def _joined(references: str) -> str:
    numbers = [int(f"0{n}", 16) if n[0] == "x" else int(n) for n in _NUMBER.findall(references)]
    if not any(0xD800 <= number <= 0xDFFF for number in numbers):
        return references
    units = b"".join(
        chr(number).encode("utf-16-le", "surrogatepass") for number in numbers if number < 0x110000
    )
    text = units.decode("utf-16-le", "replace")
    return "".join(char if ord(char) > 0x7E else f"&#{ord(char)};" for char in text)


class _Builder:
    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.roots: list[Node] = []
        self.rotation = 0
        self._open: list[tuple[dict[str, str], list[Node]]] = []
        self._count = 0

    def _refuse(self, *_declaration: object) -> None:
        raise LabError("the UI hierarchy declares a document type", action="report the device")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "hierarchy":
            self.rotation = _integer(attributes.get("rotation", "0"))
        if name == "node":
            self._count += 1
            if self._count > MAX_NODES or len(self._open) >= MAX_DEPTH:
                raise LabError(
                    "the UI hierarchy is too large",
                    expected=f"at most {MAX_NODES} nodes, {MAX_DEPTH} deep",
                )
            self._open.append((attributes, []))

    def _end(self, name: str) -> None:
        if name != "node":
            return
        attributes, children = self._open.pop()
        siblings = self._open[-1][1] if self._open else self.roots
        siblings.append(_node(attributes, tuple(children)))


def _node(attributes: dict[str, str], children: tuple[Node, ...]) -> Node:
    def text(name: str) -> str:
        return attributes.get(name, "")

    def flag(name: str, default: str = "false") -> bool:
        return attributes.get(name, default) == "true"

    return Node(
        text=text("text"),
        hint=text("hint") or text("hintText"),
        resource_id=text("resource-id"),
        class_name=text("class"),
        package=text("package"),
        description=text("content-desc"),
        bounds=_bounds(text("bounds")),
        checkable=flag("checkable"),
        checked=flag("checked"),
        clickable=flag("clickable"),
        enabled=flag("enabled", "true"),
        focusable=flag("focusable"),
        focused=flag("focused"),
        scrollable=flag("scrollable"),
        long_clickable=flag("long-clickable"),
        password=flag("password"),
        selected=flag("selected"),
        children=children,
    )


def _bounds(text: str) -> Bounds:
    match = _BOUNDS.fullmatch(text)
    if match is None:
        return Bounds(0, 0, 0, 0)
    left, top, right, bottom = (int(part) for part in match.groups())
    return Bounds(left, top, right, bottom)


def _integer(text: str) -> int:
    return int(text) if text.isdigit() else 0
