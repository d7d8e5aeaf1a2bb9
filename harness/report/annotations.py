"""Items that are no pass as annotations of a change on GitHub. Pure.

Input: items of the report, the environment. Output: workflow commands, a line each; GitHub Actions
shows them beside the scenario files of the pull request
(https://docs.github.com/actions/reference/workflow-commands-for-github-actions). A leak is an
error, an inconclusive item a warning. What apps or the net have said cannot end a command or begin
another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath

from harness.findings.finding import Verdict
from harness.report import wording
from harness.report.model import ItemReport

_LEVELS = {Verdict.LEAK: "error", Verdict.INCONCLUSIVE: "warning"}
_TEXT = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = _TEXT | str.maketrans({":": "%3A", ",": "%2C"})


def workflow_commands(items: Iterable[ItemReport], environment: Mapping[str, str]) -> Iterator[str]:
    """In the order of the items, none elsewhere; files of the checkout are named from its root."""
    if environment.get("GITHUB_ACTIONS") != "true":
        return
    root = PurePath(environment.get("GITHUB_WORKSPACE", "."))
    for item in items:
        level = _LEVELS.get(item.verdict)
        if level is not None:
            title = f"{item.verdict.value}: {wording.title(item)}".translate(_PROPERTY)
            text = wording.failure_text(item).translate(_TEXT)
            path = PurePath(item.file)
            file = path.relative_to(root) if path.is_relative_to(root) else path
            yield f"::{level} file={str(file).translate(_PROPERTY)},title={title}::{text}"
