"""The pytest plugin: options, marks, collection of scenario files, and what is told at the end.

Input: pytest's hooks. Output: registration only; what the hooks do lives in `settings`, `collect`,
`fixtures` and `results`, and is imported when the first scenario is met, so that other people's
test suites pay nothing for this plugin. Refuses options that cannot be meant before anything runs.
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from harness import settings
from harness.errors import HarnessError

pytest_plugins = ["harness.fixtures"]

MARK = "leak_terms(term, ...): terms for the fixture `leak_term`, one run each"


def pytest_addoption(parser: pytest.Parser) -> None:
    settings.register(parser)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", MARK)
    try:
        given = settings.read_settings(settings.PytestSource(config))
    except HarnessError as error:
        raise pytest.UsageError(str(error)) from error
    config.stash[settings.SETTINGS_KEY] = given


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.suffix not in (".yaml", ".yml"):
        return None
    from harness.collect import FlowFile, wanted

    if not wanted(file_path, parent.session.isinitpath(file_path)):
        return None
    return FlowFile.from_parent(parent, path=file_path)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "leak_term" in metafunc.fixturenames:
        from harness.collect import terms_of_mark

        terms, ids = terms_of_mark(metafunc.definition, metafunc.config)
        metafunc.parametrize("leak_term", terms, ids=ids)


def pytest_collection_finish(session: pytest.Session) -> None:
    if any("leak_conductor" in getattr(item, "fixturenames", ()) for item in session.items):
        from harness.results import results_of

        results_of(session.config).collected(session.items)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let `-k hépatite` find Python tests, too: in their ids pytest escapes such letters."""
    params = getattr(getattr(item, "callspec", None), "params", {})
    if "leak_term" in params:
        item.extra_keyword_matches.add(str(params["leak_term"]))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """pytest-xdist's controller is about to start a worker."""
    from harness.results import results_of

    results_of(node.config).worker_expected(node)


@pytest.hookimpl(wrapper=True)
def pytest_report_teststatus(
    report: pytest.TestReport | pytest.CollectReport,
) -> Generator[None, Any, Any]:
    """A call whose verdict is inconclusive did not pass, though its code ended well."""
    status = yield
    told = dict(getattr(report, "user_properties", ()))
    if report.when == "call" and report.passed and told.get("leak.verdict") == "inconclusive":
        return "inconclusive", "?", "INCONCLUSIVE"
    return status
