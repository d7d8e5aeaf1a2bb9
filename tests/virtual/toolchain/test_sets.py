from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from harness.virtual.toolchain.coordinate import Coordinate
from harness.virtual.toolchain.lock import load_lock
from harness.virtual.toolchain.sets import RECIPES

ROOT = Path(__file__).parents[3]
# Spelled in halves, so that this file does not name them either.
_REGISTRIES = ("repo.maven." + "apache", "repo1." + "maven", "pypi." + "org", "npmjs." + "org")
_LOCKS = (
    "harness/virtual/toolchain/artifacts.lock.json",
    "requirements/python.txt",
    "requirements/jre.txt",
    "requirements/node.txt",
    "hooks/package-lock.json",
)


def test_the_lock_holds_what_the_recipes_ask_for() -> None:
    lock = load_lock()
    assert sorted(lock.sets) == sorted(recipe.name for recipe in RECIPES)
    for recipe in RECIPES:
        locked = {(i.coordinate.project, i.coordinate.version) for i in lock.of(recipe.name)}
        for root in map(Coordinate.parse, recipe.roots):
            assert (root.project, root.version) in locked, recipe.name


def test_what_a_recipe_leaves_out_is_left_out() -> None:
    for recipe in RECIPES:
        for item in load_lock().of(recipe.name):
            assert not recipe.excludes(item.coordinate.project)


def test_wildcards_cover_groups() -> None:
    robolectric = next(recipe for recipe in RECIPES if recipe.name == "robolectric")
    assert robolectric.excludes("androidx.test.espresso:espresso-idling-resource")
    assert not robolectric.excludes("org.robolectric:annotations")


def test_no_tracked_file_names_a_registry() -> None:
    """Which index or mirror serves the packages is the user's configuration, not ours."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: there is no list of tracked files")
    tracked = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT).decode().split("\0")
    assert set(_LOCKS) <= set(tracked)
    paths = [ROOT / name for name in tracked if name and (ROOT / name).is_file()]
    named = [
        f"{path.relative_to(ROOT)}: {host}"
        for path in paths
        for content in [path.read_bytes()]
        for host in _REGISTRIES
        if host.encode() in content
    ]
    assert named == []
