"""The peer projects' labelled cases, read from where they lie; never copied into this project.

Input: a folder with `cases.json`. Output: labelled exchanges. The environment variable
`LEAK_PEER_CASES` names another place than the default one beside the checkout.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from harness.traffic.exchange import Exchange
from harness.traffic.har import entry_exchanges
from harness.traffic.json_walk import Element

DEFAULT = Path(__file__).resolve().parents[3] / "shared" / "corpora" / "peers"


def folder() -> Path:
    return Path(os.environ.get("LEAK_PEER_CASES", DEFAULT))


def missing() -> str:
    """Why the cases cannot be read, empty when they can."""
    cases = folder() / "cases.json"
    return "" if cases.is_file() else f"the peers' cases are not at {cases} (LEAK_PEER_CASES)"


@dataclass(frozen=True, slots=True)
class Case:
    """One labelled pair of request and term; `literal` when plain search finds it."""

    id: str
    term: str
    found: bool
    literal: bool
    contested: bool
    encodings: tuple[str, ...]
    exchange: Exchange


def cases() -> Iterator[Case]:
    """Every case, in the file's order."""
    data = json.loads((folder() / "cases.json").read_text("utf-8"))
    exchanges: dict[str, Exchange] = {}
    for number, (key, request) in enumerate(data["entries"].items()):
        first = next(entry_exchanges(Element(number, 0, {"request": request}), key))
        if not isinstance(first, Exchange):
            raise ValueError(f"{key}: {first.reason}")
        exchanges[key] = first
    for case in data["cases"]:
        yield Case(
            id=case["id"],
            term=case["term"],
            found=case["expect"] == "found",
            literal=bool(case.get("literal")),
            contested=bool(case.get("contested")),
            encodings=tuple(case["encodings"]),
            exchange=exchanges[case["har_entry"]],
        )
