"""Whole files: the corpus of good ones is read, each bad one is refused as recorded."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ScenarioError
from harness.scenario.model import Input, RunFlow
from harness.scenario.reader import Given, looks_like_scenario, read_scenario
from tests.scenario.reading import HEADER, read

CORPUS = Path(__file__).parent.parent / "corpus" / "scenarios"
GOOD, BAD = CORPUS / "good", CORPUS / "bad"


def refusals() -> dict[str, str]:
    """File name -> the whole text of its refusal, from `refusals.txt`."""
    blocks = (CORPUS / "refusals.txt").read_text(encoding="utf-8").split("\n\n")
    return {block.split(":", 1)[0].strip(): block.strip() for block in blocks if block.strip()}


@pytest.mark.parametrize("path", sorted(GOOD.glob("*.flow.yaml")), ids=lambda path: path.name)
def test_good_files(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert read_scenario(text, path).terms
    assert looks_like_scenario(text, ours=True)


@pytest.mark.parametrize("path", sorted(BAD.glob("*.flow.yaml")), ids=lambda path: path.name)
def test_bad_files(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_scenario(text, Path(path.name), load=lambda other: (BAD / other).read_text())
    assert str(caught.value) == refusals()[path.name]


def test_every_refusal_has_its_file() -> None:
    assert set(refusals()) == {path.name for path in BAD.glob("*.flow.yaml")}


def test_words_that_yaml_would_change_stay() -> None:
    path = GOOD / "everything.flow.yaml"
    assert read_scenario(path.read_text(encoding="utf-8"), path).terms == (
        "Yes",
        "007",
        "12:30",
        "no",
    )


def test_a_byte_order_mark_and_windows_line_ends() -> None:
    text = "\ufeff" + f"{HEADER}---\n- inputText: a\n- inputTerm\n".replace("\n", "\r\n")
    assert read(text).steps[0].args == Input("a")


def test_values_of_the_run_count_as_declared() -> None:
    given = Given(values={"CITY": "Bern"}, environment={"PIN": "1234"})
    scenario = read(f"{HEADER}---\n- inputText: ${{CITY}} ${{env.PIN}}\n- inputTerm\n", given)
    assert scenario.environment == ("PIN",)


def test_files_are_relative_to_the_file_that_names_them() -> None:
    path = GOOD / "with_files.flow.yaml"
    scenario = read_scenario(path.read_text(encoding="utf-8"), path)
    assert scenario.terms == ("hépatite", "cancer")
    assert isinstance(scenario.steps[0].args, RunFlow)


@pytest.mark.parametrize(
    ("text", "plain", "ours"),
    [
        ("appId: a.b\n---\n- back\n", True, False),
        ("appId: a.b\nterms: [x]\n---\n# first\n- back\n", True, True),
        ("---\nappId: a.b\nleakCheck: {}\n---\n- back\n", True, True),
        ("apiVersion: v1\n---\n- a\n", False, False),
        ("appId: a.b\nterms: [x]\n", False, False),
        ("appId: a.b\nterms: [x]\n---\nkey: value\n", False, False),
    ],
)
def test_sniffing(text: str, plain: bool, ours: bool) -> None:
    assert looks_like_scenario(text) is plain
    assert looks_like_scenario(text, ours=True) is ours
