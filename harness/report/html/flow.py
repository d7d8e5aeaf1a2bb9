"""The drawing: from each typed term, through the code that sent it, to who received it.

Input: what was received. Output: boxes and bands with their places, for the template to draw as
SVG. Refuses to grow beyond a page: of many boxes in a column the last one stands for the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.report.grouping import Received

COLUMNS_X = (10, 355, 700)
WIDTH, BOX_WIDTH, BOX_HEIGHT, STEP = 960, 250, 46, 62
TOP = 34
MAX_BOXES = 12
LABEL_CHARS = 26


@dataclass(frozen=True, slots=True)
class Box:
    x: int
    y: int
    title: str
    under: str = ""
    more: int = 0


@dataclass(frozen=True, slots=True)
class Band:
    """A curve between two boxes; `weight` (px) grows with the number of exchanges."""

    path: str
    weight: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """`columns`: x of the three headings."""

    boxes: tuple[Box, ...]
    bands: tuple[Band, ...]
    height: int
    columns: tuple[int, ...] = COLUMNS_X
    width: int = WIDTH


Key = tuple[str, str]


def drawing(groups: Sequence[Received], own_code: str) -> Drawing | None:
    """The drawing, None when nobody received anything; `own_code` names what is no SDK's."""
    if not groups:
        return None
    columns: tuple[list[Key], list[Key], list[Key]] = ([], [], [])
    links: dict[tuple[int, Key, Key], int] = {}
    for group in groups:
        recipient = group.recipient
        company = recipient.company if recipient.company != recipient.host else ""
        sdk, host = (recipient.sdk or own_code, ""), (recipient.host, company)
        for term, count in group.terms:
            for column, key in enumerate(((term, ""), sdk, host)):
                if key not in columns[column]:
                    columns[column].append(key)
            for link in ((0, (term, ""), sdk), (1, sdk, host)):
                links[link] = links.get(link, 0) + count
    tallest = max(min(len(column), MAX_BOXES) for column in columns)
    height = TOP + tallest * STEP
    places = [_places(column, tallest) for column in columns]
    return Drawing(tuple(_boxes(columns, places)), tuple(_bands(links, columns, places)), height)


def _places(column: list[Key], tallest: int) -> list[int]:
    """y of each box; the column stands in the middle of the drawing."""
    count = min(len(column), MAX_BOXES)
    start = TOP + (tallest - count) * STEP // 2
    return [start + min(number, MAX_BOXES - 1) * STEP for number in range(len(column))]


def _boxes(columns: Sequence[list[Key]], places: list[list[int]]) -> list[Box]:
    boxes = []
    for x, column, ys in zip(COLUMNS_X, columns, places, strict=True):
        whole = len(column) <= MAX_BOXES
        shown = column if whole else column[: MAX_BOXES - 1]
        boxes += [
            Box(x, y, _label(title), _label(under))
            for (title, under), y in zip(shown, ys, strict=False)
        ]
        if not whole:
            boxes.append(Box(x, ys[-1], "", more=len(column) - len(shown)))
    return boxes


def _bands(
    links: dict[tuple[int, Key, Key], int], columns: Sequence[list[Key]], places: list[list[int]]
) -> list[Band]:
    most = max(links.values(), default=1)
    merged: dict[str, int] = {}
    for (column, start, end), count in links.items():
        x1, x2 = COLUMNS_X[column] + BOX_WIDTH, COLUMNS_X[column + 1]
        y1 = places[column][columns[column].index(start)] + BOX_HEIGHT // 2
        y2 = places[column + 1][columns[column + 1].index(end)] + BOX_HEIGHT // 2
        middle = (x1 + x2) // 2
        path = f"M{x1} {y1} C{middle} {y1} {middle} {y2} {x2} {y2}"
        merged[path] = merged.get(path, 0) + count
    return [Band(path, max(2, min(18, 18 * count // most))) for path, count in merged.items()]


def _label(text: str) -> str:
    return text if len(text) <= LABEL_CHARS else text[: LABEL_CHARS - 1] + "…"
