from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from harness.errors import LabError
from harness.virtual.toolchain import cache


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LEAK_HARNESS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_the_environment_says_where_it_is(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cache.cache_root() == root
    monkeypatch.delenv("LEAK_HARNESS_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache.cache_root() == tmp_path / "xdg" / "leak-harness"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert cache.cache_root() == tmp_path / "home" / ".cache" / "leak-harness"


def test_a_folder_that_cannot_be_made_is_a_lab_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LEAK_HARNESS_CACHE", str(tmp_path / "file"))
    with pytest.raises(LabError, match="cannot be made"):
        cache.cache_folder("x")


def test_scratch_is_removed_even_when_the_work_fails(root: Path) -> None:
    def fail() -> None:
        with cache.scratch() as folder:
            (folder / "half").write_text("made")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list((root / "tmp").iterdir()) == []


def test_published_files_have_all_their_content(root: Path) -> None:
    with cache.scratch() as folder:
        (folder / "made").write_text("all of it")
        path = cache.publish(folder / "made", root / "deep" / "down" / "name")
    assert path.read_text() == "all of it"


def _count(counter: Path) -> None:
    for _ in range(50):
        with cache.locked("counter"):
            counter.write_text(str(int(counter.read_text()) + 1))


def test_a_lock_keeps_processes_apart(root: Path, tmp_path: Path) -> None:
    counter = tmp_path / "counter"
    counter.write_text("0")
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_count, args=(counter,)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert counter.read_text() == "100"


def test_keys_do_not_depend_on_where_parts_end() -> None:
    assert cache.key_of(["ab", "c"]) != cache.key_of(["a", "bc"])
    assert cache.key_of(["ab", b"c"]) == cache.key_of(["ab", "c"])
