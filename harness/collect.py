"""Scenario files as pytest collects them.

Input: a path that pytest came across. Output: a `FlowFile` with one `FlowItem` per cell (term, and
consent where there are several). A file that cannot be read is a collection error that shows what
must be changed, and where. Which files: `*.flow.yaml` always; `test_*.yaml` and files named on the
command line if they look like scenarios; others only if they also have a header key of ours, so
that other people's YAML is left alone.

`FlowFile` is a `pytest.Module`, for its items are `pytest.Function`s with all that these can do
(fixtures, marks, `--lf`); `_getobj` is the one method behind pytest's public surface, pinned by a
test.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from harness.errors import HarnessError, ScenarioError
from harness.outcomes import LeakFound
from harness.run.matrix import Cell, cells, shown
from harness.run.outcome import Told
from harness.scenario.document import MAX_SIZE_BYTES
from harness.scenario.model import Scenario, TypingMethod
from harness.scenario.place import Source
from harness.scenario.reader import Given, looks_like_scenario, read_scenario
from harness.scenario.terms import parse_terms
from harness.settings import SETTINGS_KEY, Settings

ALWAYS = re.compile(r".+\.flow\.ya?ml")
LIKELY = re.compile(r"test_.*\.ya?ml")
_ENDING = re.compile(r"(\.flow)?\.ya?ml$")


def wanted(path: Path, named: bool) -> bool:
    """Whether a YAML file is ours; `named`: somebody named it on the command line."""
    if ALWAYS.fullmatch(path.name):
        return True
    try:
        if path.stat().st_size > MAX_SIZE_BYTES:
            return False
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    likely = named or LIKELY.fullmatch(path.name) is not None
    return looks_like_scenario(text, ours=not likely)


class FlowFile(pytest.Module):
    """One scenario file."""

    def _getobj(self) -> ModuleType:
        return ModuleType(self.path.name)

    @cached_property
    def scenario(self) -> Scenario:
        """The file's scenario.

        Raises:
            HarnessError: it cannot be used.
        """
        settings = self.config.stash[SETTINGS_KEY]
        given = Given(
            values=settings.env,
            environment={**os.environ, **settings.env},
            terms=_terms(settings),
            display=_shown(self.path, self.config.invocation_params.dir),
        )
        scenario = read_scenario(self.path.read_text(encoding="utf-8"), self.path, given)
        if not settings.typing:
            return scenario
        typing = replace(scenario.typing, method=TypingMethod(settings.typing))
        return replace(scenario, typing=typing)

    def collect(self) -> Iterator[FlowItem]:
        try:
            scenario = self.scenario
        except HarnessError as error:
            raise self.CollectError(str(error)) from error
        except UnicodeDecodeError as error:
            raise self.CollectError(f"{self.path}: not UTF-8 text ({error.reason})") from error
        for tag in scenario.tags:
            self.config.addinivalue_line("markers", f"{tag}: a tag of scenario files")
        stem = _ENDING.sub("", self.path.name)
        for cell in cells(scenario):
            item = FlowItem.from_parent(
                self, name=f"{stem}[{cell.label}]", callobj=_call, scenario=scenario, cell=cell
            )
            for tag in scenario.tags:
                item.add_marker(tag)
            yield item


class FlowItem(pytest.Function):
    """One cell of a scenario file. The fixture `leak_result` plays it."""

    def __init__(self, *args: Any, scenario: Scenario, cell: Cell, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scenario = scenario
        self.cell = cell

    @property
    def id(self) -> Any:
        """The structured node id of newer pytests, with the label as its parameters.

        What stands in brackets is a parameter for those who read ids back from text (`--lf`).
        """
        return type(super().id).parse(self.nodeid)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.scenario.place.line - 1, self.name


def _call(leak_result: Told) -> None:
    """The call phase: everything has been played; only a leak is left to be told."""
    if leak_result.leak:
        raise LeakFound(leak_result.text)


def terms_of_item(item: pytest.Item) -> tuple[str, ...]:
    """The terms of one item, its own first."""
    if isinstance(item, FlowItem):
        return (item.cell.term,)
    params = getattr(getattr(item, "callspec", None), "params", {})
    own = (params["leak_term"],) if "leak_term" in params else ()
    mark = item.get_closest_marker("leak_terms")
    return (*own, *(mark.args if mark else ()))


def folder_of_answers(scenario: Path) -> Path | None:
    """The folder `internet` beside a scenario file or Python test, if there is one.

    Raises:
        ScenarioError: there is something of that name which is no folder, such as a broken link.
    """
    folder = scenario.parent / "internet"
    if folder.is_dir():
        return folder
    if os.path.lexists(folder):
        raise ScenarioError(
            "`internet` beside the scenario is no folder",
            where=str(folder),
            seen=f"a link to {os.readlink(folder)}" if folder.is_symlink() else "a file",
            expected="a folder with <host>.yaml files",
            action="copy the folder itself, or remove it to have every host answer `{}`",
        )
    return None


def terms_of_mark(node: pytest.Item, config: pytest.Config) -> tuple[list[str], list[str]]:
    """The terms that a Python test asks for by `@pytest.mark.leak_terms(...)`, and their ids.

    Raises:
        pytest.UsageError: it asks for none, and the run brings none.
    """
    mark = node.get_closest_marker("leak_terms")
    terms = list(_terms(config.stash[SETTINGS_KEY]) or (mark.args if mark else ()))
    if not terms:
        raise pytest.UsageError(
            f"{node.nodeid}: the fixture `leak_term` needs @pytest.mark.leak_terms(...)"
        )
    return terms, [shown(term) for term in terms]


def _terms(settings: Settings) -> tuple[str, ...]:
    if settings.terms is None:
        return ()
    text = settings.terms.read_text(encoding="utf-8")
    found = parse_terms(Source(str(settings.terms), text))
    if not found:
        raise HarnessError(f"{settings.terms} holds no term")
    return found


def _shown(path: Path, start: Path) -> str:
    """`path` as a person in `start` would type it."""
    try:
        return str(path.relative_to(start))
    except ValueError:
        return str(path)
