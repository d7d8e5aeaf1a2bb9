"""What the commands about stored runs share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.baseline.approval import write_baseline
from harness.cli.storing import is_file, opened, side, write_json, write_pieces
from harness.errors import LabError, ScenarioError
from tests.baseline.baselines import baseline
from tests.baseline.runs import put_run, record


def test_a_side_is_a_file_or_a_run(tmp_path: Path) -> None:
    path = tmp_path / "b.yaml"
    write_baseline(baseline(), path)
    from harness.baseline.store import Store

    with Store.open(str(tmp_path / "runs.db")) as store:
        put_run(store, "one", record())
        assert side(store, str(path)).source == str(path)
        assert side(store, "one").run == "one"
        with pytest.raises(ScenarioError, match="no run"):
            side(store, "two")
    assert is_file("missing.yaml")
    assert not is_file("20261125-1")


def test_a_reader_makes_no_store(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="there is no run store"), opened(str(tmp_path / "x")):
        pass
    assert not (tmp_path / "x").exists()


def test_a_machine_that_keeps_no_runs_has_none_to_show() -> None:
    with pytest.raises(ScenarioError, match="no runs are kept here"), opened("none"):
        pass


def test_results_are_their_owners(tmp_path: Path) -> None:
    write_json({"a": "é"}, str(tmp_path / "a.json"))
    assert (tmp_path / "a.json").read_text("utf-8") == '{\n  "a": "é"\n}\n'
    assert (tmp_path / "a.json").stat().st_mode & 0o777 == 0o600
    with pytest.raises(LabError, match="cannot be written"):
        write_json({}, str(tmp_path))


def test_a_result_that_breaks_off_leaves_the_old_file(tmp_path: Path) -> None:
    def pieces() -> Iterator[str]:
        yield "new"
        raise ScenarioError("damaged")

    path = tmp_path / "a.md"
    path.write_text("old")
    with pytest.raises(ScenarioError, match="damaged"):
        write_pieces(pieces(), str(path))
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_and_a_device_stay_what_they_are(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    link.symlink_to(real)
    write_pieces(("a", "é"), str(link))
    assert link.is_symlink()
    assert real.read_text("utf-8") == "aé"
    write_pieces(("x",), "/dev/null")
    assert Path("/dev/null").is_char_device()
