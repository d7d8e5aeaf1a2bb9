from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ScenarioError
from harness.virtual.apk.app import read_app

GOOD = """
package: org.example.demo
version: {name: "1.0", code: 7}
sdk: {min: 26, target: 34}
flavours: [plain]
"""


def _app(folder: Path, text: str) -> Path:
    (folder / "app.yaml").write_text(text)
    return folder


def test_a_description_is_read(tmp_path: Path) -> None:
    app = read_app(_app(tmp_path, GOOD))
    assert (app.package, app.version_code, app.target_sdk) == ("org.example.demo", 7, 34)
    assert app.libraries == ()
    assert app.debuggable
    assert app.source_sets("plain") == (tmp_path / "src" / "main", tmp_path / "src" / "plain")


def test_a_flavour_may_be_a_release_of_its_own(tmp_path: Path) -> None:
    text = GOOD.replace("[plain]", "[plain, next]") + 'versions: {next: {name: "1.1", code: 8}}'
    app = read_app(_app(tmp_path, text))
    named = {each: app.of(each) for each in app.flavours}
    assert {each: (it.version_name, it.version_code) for each, it in named.items()} == {
        "plain": ("1.0", 7),
        "next": ("1.1", 8),
    }


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (GOOD + "flavors: [x]", "unknown key 'flavors'"),
        (GOOD.replace("package", "# package"), "incomplete"),
        (GOOD.replace("code: 7", "code: seven"), "ill-typed"),
        (GOOD + "versions: [plain]", "ill-typed"),
        (GOOD + "versions: {plain: {name: x}}", "incomplete"),
        (GOOD + "versions: {plane: {name: x, code: 1}}", "ill-typed"),
        ("- a list", "ill-typed"),
        ("{", "described by a file"),
    ],
)
def test_a_wrong_description_is_refused(tmp_path: Path, text: str, what: str) -> None:
    with pytest.raises(ScenarioError, match=what):
        read_app(_app(tmp_path, text))


def test_no_description_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="described by a file"):
        read_app(tmp_path)


def test_an_unknown_flavour_names_its_nearest(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_app(_app(tmp_path, GOOD)).source_sets("plane")
    assert "did you mean 'plain'" in str(caught.value)
