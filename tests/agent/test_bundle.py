"""Compiling the agent, its cache, and the two ways in which that can be impossible."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from harness.agent import bundle
from harness.agent.bundle import SOURCES, agent_source, cache_folder, cached_bundle, compile_bundle
from harness.errors import BugError, LabError


def copy_of_sources(to: Path) -> Path:
    shutil.copytree(SOURCES, to, ignore=shutil.ignore_patterns("node_modules"))
    (to / "node_modules").symlink_to(SOURCES / "node_modules")
    return to


def test_compiled_once_per_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = copy_of_sources(tmp_path / "hooks")
    cache = tmp_path / "cache"
    first = cached_bundle(sources, cache)
    assert "commitText" in first
    monkeypatch.setattr(bundle, "compile_bundle", lambda _sources: pytest.fail("compiled again"))
    assert cached_bundle(sources, cache) == first
    monkeypatch.undo()
    changed = sources / "src" / "index.ts"
    changed.write_text(changed.read_text() + '\nconsole.log("changed");\n')
    assert "changed" in cached_bundle(sources, cache)
    assert len(list(cache.iterdir())) == 2


def test_broken_sources_name_file_and_line(tmp_path: Path) -> None:
    sources = copy_of_sources(tmp_path / "hooks")
    (sources / "src" / "broken.ts").write_text("export const a = ;\n")
    index = sources / "src" / "index.ts"
    index.write_text('import "./broken.js";\n' + index.read_text())
    with pytest.raises(BugError) as caught:
        compile_bundle(sources)
    assert "broken.ts:1" in caught.value.seen


def test_missing_packages_say_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    with pytest.raises(LabError, match="packages are not installed") as caught:
        compile_bundle(tmp_path)
    assert "make setup" in caught.value.action


def test_an_installed_package_brings_the_bundle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle, "SOURCES", tmp_path / "hooks")
    monkeypatch.setattr(bundle, "PACKAGED", tmp_path / "agent.js")
    with pytest.raises(LabError, match="code is missing"):
        agent_source()
    (tmp_path / "agent.js").write_text("bundle")
    assert agent_source() == "bundle"


def test_cache_folder_follows_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEAK_HARNESS_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path / "agent"
    monkeypatch.delenv("LEAK_HARNESS_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "leak-harness" / "agent"


def test_the_agents_digest_changes_with_its_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = copy_of_sources(tmp_path / "hooks")
    monkeypatch.setattr(bundle, "SOURCES", sources)
    first = bundle.agent_digest()
    (sources / "src" / "index.ts").write_text("export {};\n")
    assert bundle.agent_digest() != first
    monkeypatch.setattr(bundle, "SOURCES", tmp_path / "none")
    monkeypatch.setattr(bundle, "PACKAGED", tmp_path / "agent.js")
    (tmp_path / "agent.js").write_text("the finished bundle")
    assert len(bundle.agent_digest()) == 64
