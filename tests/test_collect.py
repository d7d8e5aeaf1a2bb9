"""Which files are scenarios, and pytest's own type of item."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.collect import folder_of_answers, wanted
from harness.errors import ScenarioError
from harness.scenario.document import MAX_SIZE_BYTES

SCENARIO = "appId: a.b\nterms: [xy]\n---\n- inputTerm\n"
MAESTRO = "appId: a.b\n---\n- tapOn: x\n"


@pytest.mark.parametrize(
    ("name", "text", "named", "ours"),
    [
        ("a.flow.yaml", "anything", False, True),
        ("a.flow.yml", "anything", False, True),
        ("test_a.yaml", SCENARIO, False, True),
        ("test_a.yaml", MAESTRO, False, True),
        ("test_a.yaml", "- case: mypy\n", False, False),
        ("a.yaml", SCENARIO, False, True),
        ("a.yaml", MAESTRO, False, False),
        ("a.yaml", MAESTRO, True, True),
        ("a.yaml", "kind: Pod\n---\n- x\n", True, False),
    ],
)
def test_which_files(tmp_path: Path, name: str, text: str, named: bool, ours: bool) -> None:
    (tmp_path / name).write_text(text)
    assert wanted(tmp_path / name, named) is ours


def test_what_cannot_be_read_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "big.yaml").write_text(SCENARIO + "#" * MAX_SIZE_BYTES)
    assert not wanted(tmp_path / "a.yaml", True)
    assert not wanted(tmp_path / "big.yaml", True)


def test_answers_beside_a_scenario(tmp_path: Path) -> None:
    assert folder_of_answers(tmp_path / "a.flow.yaml") is None
    (tmp_path / "internet").mkdir()
    assert folder_of_answers(tmp_path / "a.flow.yaml") == tmp_path / "internet"


def test_items_are_functions_with_lines_and_marks(pytester: pytest.Pytester) -> None:
    """`_getobj` is not public; this is what breaks first if pytest changes it."""
    text = SCENARIO.replace("terms", "tags: [smoke]\nterms")
    (pytester.path / "a.flow.yaml").write_text(text)
    items, _ = pytester.inline_genitems("--strict-markers")
    (item,) = items
    assert isinstance(item, pytest.Function)
    assert item.nodeid == "a.flow.yaml::a[xy]"
    assert item.get_closest_marker("smoke") is not None
    assert item.reportinfo()[1] == 4
    assert "leak_conductor" in item.fixturenames


def test_an_internet_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    scenario = tmp_path / "a.flow.yaml"
    (tmp_path / "internet").symlink_to("nowhere")
    with pytest.raises(ScenarioError, match="no folder") as refused:
        folder_of_answers(scenario)
    assert refused.value.seen == "a link to nowhere"
    (tmp_path / "internet").unlink()
    (tmp_path / "internet").write_text("x", encoding="utf-8")
    with pytest.raises(ScenarioError, match="no folder"):
        folder_of_answers(scenario)
    (tmp_path / "internet").unlink()
    assert folder_of_answers(scenario) is None
