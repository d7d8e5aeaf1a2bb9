"""Hand-written mistakes: each is refused by name, none is ignored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from harness.baseline.approval import baseline_text
from harness.baseline.approved_file import MAX_SIZE_BYTES, read_baseline
from harness.errors import ScenarioError
from tests.baseline.baselines import ACCEPT, baseline, entry, leaking

GOOD = yaml.safe_load(baseline_text(baseline(entry(), leaking(accept=ACCEPT))))


def changed(path: tuple[Any, ...], value: Any) -> Any:
    content = yaml.safe_load(yaml.safe_dump(GOOD))
    at = content
    for step in path[:-1]:
        at = at[step]
    if value is ...:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return content


@pytest.mark.parametrize(
    ("path", "value", "what", "expected"),
    [
        (("baseline",), 2, "baseline", "version 1"),
        (("app",), ..., "missing key", "app"),
        (("app", "package"), ..., "missing key", "package"),
        (("app", "version_name"), 1.0, "app.version_name", "put it in quotes"),
        (("app", "version_code"), "x", "app.version_code", "a number"),
        (("rulez",), {}, "unknown key", "rules?"),
        (("rules",), {"new-recipient": "leek"}, "rules.new-recipient", "leak?"),
        (("rules",), {"new-recipient": "high"}, "rules.new-recipient", "leak, inconclusive, note"),
        (("rules",), {"new-recipent": "leak"}, "unknown key", "new-recipient?"),
        (("scenarios",), "all", "scenarios", "a list"),
        (("recipients", 0, "stage"), "send", "stage", "sent?"),
        (("recipients", 0, "leak"), "no", "leak", "true or false"),
        (("recipients", 0, "data"), "term", "data", "a list of texts"),
        (("recipients", 0, "acept"), {}, "unknown key", "accept?"),
        (("recipients", 0, "accept"), {}, "missing key", "owner"),
        (("recipients", 0, "accept", "owner"), " ", "owner", "a text"),
        (("recipients", 0, "accept", "until"), "soon", "until", "a day, YYYY-MM-DD"),
        (("recipients", 0, "accept", "until"), ..., "missing key", "until"),
        (("recipients", 0, "leak"), False, "accept", "a finding (leak: true)"),
        (("contacts", 0), "a.example", "contacts[0]", "keys with values"),
    ],
)
def test_a_wrong_word_is_named(
    tmp_path: Path, path: tuple[Any, ...], value: Any, what: str, expected: str
) -> None:
    file = tmp_path / "b.yaml"
    file.write_text(yaml.safe_dump(changed(path, value)), "utf-8")
    with pytest.raises(ScenarioError) as raised:
        read_baseline(file)
    assert what in raised.value.what
    assert expected in raised.value.expected
    assert raised.value.where == str(file)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"a: [", "no YAML"),
        (b"\xff\xfe\x00", "no YAML"),
        (b"a: !!python/object:os.system {}", "no YAML"),
        (b"just words", "the file cannot be used"),
        (b"", "the file cannot be used"),
        (b" " * (MAX_SIZE_BYTES + 1), "too large"),
    ],
)
def test_files_that_are_none(tmp_path: Path, content: bytes, what: str) -> None:
    file = tmp_path / "b.yaml"
    file.write_bytes(content)
    with pytest.raises(ScenarioError, match=what):
        read_baseline(file)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="cannot be read") as raised:
        read_baseline(tmp_path / "none.yaml")
    assert "baseline approve" in raised.value.action
