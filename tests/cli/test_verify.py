"""`leak-harness verify`: exit codes, and what is told of a bundle that is not whole."""

from __future__ import annotations

from pathlib import Path

from harness.report.evidence.bundle import write_bundle
from tests.cli.stored import call, said
from tests.report.evidence.test_bundle import parts
from tests.report.evidence.test_verify import flipped, rewritten


def bundle(tmp_path: Path, **about: object) -> tuple[Path, str]:
    path = tmp_path / "b.zip"
    return path, write_bundle(parts(), {"run": "r1", "verdict": "pass"} | about, path)


def test_a_whole_bundle_without_anything_to_compare_with(tmp_path: Path) -> None:
    path, digest = bundle(tmp_path)
    result = call("verify", str(path))
    assert result.exit_code == 0
    assert f"digest: {digest}" in said(result)
    assert "only that its parts belong together was checked" in said(result)


def test_a_flipped_byte_is_named(tmp_path: Path) -> None:
    path, _ = bundle(tmp_path)
    rewritten(path, flipped("items/0/b.bin"))
    result = call("verify", str(path))
    assert result.exit_code == 2
    assert "part 2 of 3, items/0/b.bin: its content was changed" in said(result)


def test_another_bundle_than_the_one_told_of(tmp_path: Path) -> None:
    path, digest = bundle(tmp_path)
    assert call("verify", str(path), "--digest", digest.upper()).exit_code == 0
    result = call("verify", str(path), "--digest", "0" * 64)
    assert result.exit_code == 2
    assert "another bundle" in said(result)
    assert call("verify", str(path), "--digest", "abc").exit_code == 2


def test_an_unsigned_bundle_and_no_bundle(tmp_path: Path) -> None:
    path, _ = bundle(tmp_path)
    result = call("verify", str(path), "--signed-by", str(tmp_path / "key.pub"))
    assert result.exit_code == 2
    assert "not signed" in said(result)
    assert call("verify", str(tmp_path / "none.zip")).exit_code == 2


def test_what_a_bundle_says_of_itself_cannot_steer_a_terminal(tmp_path: Path) -> None:
    path, _ = bundle(tmp_path, run="\x1b[31mr1")
    assert "\x1b[31mr1" not in said(call("verify", str(path)))


def test_an_incomplete_run_is_told_and_never_a_pass(tmp_path: Path) -> None:
    path, _ = bundle(tmp_path, complete=False)
    result = call("verify", str(path))
    assert result.exit_code == 0
    assert "an incomplete run" in said(result)
    assert "verdict inconclusive" in said(result)
    assert "verdict pass" not in said(result)


def test_a_leak_of_an_incomplete_run_stays_one(tmp_path: Path) -> None:
    path, _ = bundle(tmp_path, verdict="leak", complete=False)
    assert "verdict leak" in said(call("verify", str(path)))


def test_a_finished_run_is_not_called_incomplete(tmp_path: Path) -> None:
    path, _ = bundle(tmp_path, complete=True)
    assert "incomplete" not in said(call("verify", str(path)))
