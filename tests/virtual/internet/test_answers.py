from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ScenarioError
from harness.virtual.internet.answers import read_answers


def _write(folder: Path, text: str, name: str = "api.example.yaml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_first_match_wins_over_method_path_and_query(folder: Path) -> None:
    _write(
        folder,
        "- {method: post, path: '^/a[?].*q=', status: 201}\n"
        "- {path: /a, status: 202}\n- {status: 203}\n",
    )
    book = read_answers([folder])
    asked = [("POST", "/a?q=1"), ("GET", "/a?q=1"), ("PUT", "/b")]
    found = [book.find("API.example", method, path) for method, path in asked]
    assert [answer.status if answer else 0 for answer in found] == [201, 202, 203]
    assert book.find("other.example", "GET", "/") is None


def test_earlier_folders_come_first(tmp_path: Path) -> None:
    for name, status in (("one", 201), ("two", 202)):
        (tmp_path / name).mkdir()
        _write(tmp_path / name, f"- {{status: {status}}}\n")
    book = read_answers([tmp_path / "one", tmp_path / "two"])
    assert [answer.status for answer in book.hosts["api.example"]] == [201, 202]


def test_scalars_are_typed_as_in_json(folder: Path) -> None:
    _write(
        folder,
        "- json: {a: no, b: 007, c: 1.5, d: true, e: null, f: 12:30, g: '1', h: 2020-01-01}\n",
    )
    answer = read_answers([folder]).find("api.example", "GET", "/")
    assert answer is not None
    assert answer.content.decode() == (
        '{"a": "no", "b": "007", "c": 1.5, "d": true, "e": null, "f": "12:30", "g": "1",'
        ' "h": "2020-01-01"}'
    )


def test_an_empty_file_answers_nothing(folder: Path) -> None:
    _write(folder, "# nothing yet\n")
    assert read_answers([folder]).find("api.example", "GET", "/") is None


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("- {pth: /a}\n", ":1:9", "unknown key 'pth'"),
        ("- {path: '('}\n", ":1:10", "not a regular expression"),
        ("- status: 200\n- status: ok\n", ":2:11", "status has the wrong type"),
        ("- status: true\n", ":1:11", "status has the wrong type"),
        ("- status: 99\n", ":1:11", "status is out of range"),
        ("- delay_ms: -1\n", ":1:13", "delay_ms is out of range"),
        ("- {json: {}, body: x}\n", ":1:3", "json and body exclude each other"),
        ("- {file: nowhere.bin}\n", ":1:10", "no such file"),
        ("- {file: ../secret}\n", ":1:10", "leads out of the folder"),
        ("- headers: {a b: c}\n", ":1:18", "not a header's name"),
        ("- headers: {a: [1]}\n", ":1:16", "needs one line of text"),
        ("status: 200\n", ":1:1", "must hold a list"),
        ("- just text\n", ":1:3", "an entry must be a map"),
        ("- {status: 200\n", "api.example.yaml:", "not YAML"),
        ("- {status: 200, status: 201}\n", ":1:17", "given twice"),
        ("- &a {status: 200}\n- *a\n", ":2:3", "aliases"),
        ("- !!python/object:os.system {}\n", ":1:3", "tags"),
    ],
)
def test_mistakes_are_named_with_their_place(
    folder: Path, text: str, place: str, what: str
) -> None:
    _write(folder, text)
    with pytest.raises(ScenarioError) as caught:
        read_answers([folder])
    assert place in caught.value.where
    assert what in f"{caught.value.what} {caught.value.seen}"


def test_near_key_is_offered(folder: Path) -> None:
    _write(folder, "- {pth: /a}\n")
    with pytest.raises(ScenarioError, match="did you mean 'path'"):
        read_answers([folder])


@pytest.mark.parametrize("name", ["api.example.yml", "a b.yaml"])
def test_files_that_would_be_overlooked_are_refused(folder: Path, name: str) -> None:
    _write(folder, "- {}\n", name)
    with pytest.raises(ScenarioError, match="not named after a host"):
        read_answers([folder])


def test_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="no such folder"):
        read_answers([tmp_path / "nowhere"])
