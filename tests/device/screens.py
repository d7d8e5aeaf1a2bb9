"""Small screens for tests, built node by node."""

from __future__ import annotations

from typing import Any

from harness.device.hierarchy import Bounds, Hierarchy, Node


def node(
    text: str = "",
    *children: Node,
    id: str = "",
    hint: str = "",
    description: str = "",
    at: tuple[int, int, int, int] = (0, 0, 100, 100),
    **flags: Any,
) -> Node:
    return Node(
        text=text,
        hint=hint,
        resource_id=f"org.example:id/{id}" if id else "",
        class_name="android.view.View",
        package="org.example",
        description=description,
        bounds=Bounds(*at),
        children=children,
        **flags,
    )


def screen(*nodes: Node) -> Hierarchy:
    return Hierarchy((node("", *nodes, at=(0, 0, 1000, 2000)),))
