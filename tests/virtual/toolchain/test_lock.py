from __future__ import annotations

import json

import pytest

from harness.errors import BugError, ScenarioError
from harness.virtual.toolchain.lock import LOCK_PATH, load_lock, parse_lock, render_lock

# GPL'd code must not be bundled; what a POM lists beside other licences is a choice, or a part
# that is repackaged under the classpath exception (r8).
_PERMISSIVE = ("apache", "bsd", "mit", "bouncy castle", "eclipse", "unicode", "cddl", "icu")


def test_every_entry_is_pinned_by_content() -> None:
    for item in load_lock().pinned:
        assert len(item.sha256) == 64, item
        assert item.size_bytes > 0, item


def test_every_entry_has_a_licence_that_allows_use() -> None:
    lacking = [
        f"{item.coordinate}: {item.license}"
        for item in load_lock().pinned
        if not any(word in item.license.lower() for word in _PERMISSIVE)
    ]
    assert lacking == []


def test_rendering_is_the_inverse_of_parsing() -> None:
    text = LOCK_PATH.read_text(encoding="utf-8")
    assert render_lock(parse_lock(text)) == text


def test_an_unknown_set_names_its_nearest() -> None:
    with pytest.raises(ScenarioError) as caught:
        load_lock().of("robolectrik")
    assert "did you mean 'robolectric'" in str(caught.value)


def _document(**changes: object) -> str:
    entry = {"sha256": "0" * 64, "size_bytes": 1, "license": "MIT"}
    whole = {"schema": 1, "sets": {"s": ["g:a:1"]}, "artifacts": {"g:a:1": entry}}
    return json.dumps(whole | changes)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (_document(schema=2), "another schema"),
        (_document(sets={"s": ["g:b:1"]}), "lacks artifacts"),
        (_document(artifacts={"g:a:1": {"sha256": "12", "size_bytes": 1}}), "no sha256"),
    ],
)
def test_a_broken_lock_is_refused(text: str, what: str) -> None:
    with pytest.raises(BugError, match=what):
        parse_lock(text)
