"""The registry and the table of the benchmarks; nothing here measures time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.bench import __main__ as registry
from tests.bench.figures import Figure, at_least, at_most, missed, result, table


def test_modules_that_can_be_run_are_found_without_running_them(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("import nosuch\n\ndef run():\n    return {}\n")
    (tmp_path / "part_of_one.py").write_text("def measure():\n    pass\n")
    (tmp_path / "__main__.py").write_text("def run():\n    pass\n")
    assert registry.modules(tmp_path) == ("one",)


def test_the_projects_own_benchmarks_are_registered() -> None:
    assert {
        "device",
        "device_memory",
        "device_start",
        "device_transfer",
        "hooks",
        "scenario",
    } <= set(registry.modules())


def test_a_benchmark_that_breaks_is_told_and_the_next_one_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "some_benchmarks"
    package.mkdir()
    (package / "broken.py").write_text("def run():\n    raise ValueError('no such device')\n")
    (package / "whole.py").write_text("def run():\n    return {'answer': 42}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    done = registry.measure(["broken", "whole"], "some_benchmarks")
    assert done["broken"]["error"] == "ValueError: no such device"
    assert done["whole"]["answer"] == 42
    assert len(done["whole"]["load_average_before_after"]) == 2


def test_an_unknown_name_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    said = CliRunner().invoke(registry.main, ["nosuch", "--output", str(tmp_path / "out")])
    assert said.exit_code == 2
    assert "no benchmark nosuch; there are: " in said.output
    assert "scenario" in said.output
    assert not (tmp_path / "out").exists()


def test_results_are_kept_with_the_facts_of_the_machine(tmp_path: Path) -> None:
    path = registry.write({"one": {"answer": 42}}, registry.machine(), tmp_path / "results")
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert path.suffix == ".json"
    assert kept["results"] == {"one": {"answer": 42}}
    assert kept["machine"]["cores"] >= 1
    assert len(kept["machine"]["load_average"]) == 3
    assert kept["machine"]["memory_mb"] >= kept["machine"]["available_mb"] > 0


def test_the_median_is_judged_and_a_missed_goal_is_told() -> None:
    said = result(
        [
            Figure("quick", "s", (0.1, 9.0, 0.2), at_most(0.2)),
            Figure("slow", "s", (0.1, 0.3, 0.4), at_most(0.2)),
            Figure("throughput", "MB/s", (99.0,), at_least(100)),
            Figure("free", "s", (1.5,)),
        ],
        device="a fact",
    )
    assert missed(said) == ["slow", "throughput"]
    lines = {line.split()[0]: line.split() for line in table("parts", said).splitlines()}
    assert lines["quick"] == ["quick", "0.10", "0.20", "9.00", "s", "3", "≤", "0.2", "met"]
    assert lines["slow"][-1] == "MISSED"
    assert lines["throughput"][-3:] == ["≥", "100", "MISSED"]
    assert lines["free"][-1] == "-"
    assert "device: a fact" in table("parts", said)


def test_a_result_without_figures_has_lines_only() -> None:
    assert table("x", {"error": "broke"}).split("\n") == ["  error: broke", ""]
