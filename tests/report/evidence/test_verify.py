"""A bundle that was changed is found out, and the first part that is wrong is named."""

from __future__ import annotations

import hashlib
import json
import random
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.errors import ScenarioError
from harness.report.evidence import verify
from harness.report.evidence.bundle import Part, write_bundle
from harness.report.evidence.verify import MANIFEST, START, Broken, check, link
from tests.report.evidence.test_bundle import ABOUT, PARTS, parts

SCRIPT = Path(verify.__file__)
Contents = dict[str, bytes]


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    path = tmp_path / "b.zip"
    write_bundle(parts(), ABOUT, path)
    return path


def contents(path: Path) -> Contents:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def rewritten(path: Path, change: Callable[[Contents], object]) -> str:
    """The same bundle with something changed, as any zip program would do it."""
    held = contents(path)
    change(held)
    with zipfile.ZipFile(path, "w") as file:
        for name, content in held.items():
            file.writestr(name, content)
    return str(path)


def manifest(change: Callable[[dict[str, Any]], object]) -> Callable[[Contents], object]:
    def changed(held: Contents) -> None:
        value = json.loads(held[MANIFEST])
        change(value)
        held[MANIFEST] = json.dumps(value).encode()

    return changed


def flipped(name: str) -> Callable[[Contents], object]:
    def change(held: Contents) -> None:
        data = bytearray(held[name])
        data[len(data) // 2] ^= 1
        held[name] = bytes(data)

    return change


def swap(value: dict[str, Any]) -> None:
    value["parts"][0], value["parts"][1] = value["parts"][1], value["parts"][0]


CHANGES: dict[str, tuple[Callable[[Contents], object], str]] = {
    "a flipped byte": (flipped("a.txt"), r"part 1 of 3, a\.txt: its content was changed"),
    "a later one": (flipped("items/0/b.bin"), r"part 2 of 3, items/0/b\.bin: its content"),
    "one more byte": (
        lambda held: held.update({"a.txt": b"one!"}),
        r"a\.txt: its content was changed \(more than of 3 bytes\)|a\.txt: its content was changed",
    ),
    "one byte less": (lambda held: held.update({"a.txt": b"on"}), r"a\.txt.*\(2 of 3 bytes\)"),
    "a part is gone": (lambda held: held.pop("empty"), "part 3 of 3, empty: it is missing"),
    "a stranger": (lambda held: held.update({"x": b""}), "x: the manifest does not list it"),
    "no manifest": (lambda held: held.pop(MANIFEST), "no evidence bundle"),
    "no JSON": (lambda held: held.update({MANIFEST: b"{"}), "cannot be read"),
    "another version": (manifest(lambda value: value.update(leak_evidence=2)), "version 2"),
    "no parts": (manifest(lambda value: value.pop("parts")), "cannot be read"),
    "another order": (manifest(swap), r"part 1 of 3, items/0/b\.bin: the chain breaks here"),
    "another link": (
        manifest(lambda value: value["parts"][1].update(link="0" * 64)),
        "part 2 of 3.*the chain breaks here",
    ),
    "a name that leads out": (lambda held: held.update({"../x": b""}), "leads out"),
    "listed twice": (
        manifest(lambda value: value["parts"].append(value["parts"][0])), "lists a part twice",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "words"), CHANGES.values(), ids=CHANGES)
def test_the_first_broken_part_is_named(
    bundle: Path, change: Callable[[Contents], object], words: str
) -> None:
    with pytest.raises(Broken, match=words):
        check(rewritten(bundle, change))


@pytest.mark.parametrize(
    "name",
    [
        "../x", "/x", "a/../../x", "items\\..\\..\\x", "\\x", "a\\b", "C:x", "a/./b", "./x",
        "a//b", "a/", "..", "x\x1b[31m", "x\ny",
    ],
)  # fmt: skip
def test_a_name_that_may_lead_out_is_refused_though_the_manifest_lists_it(
    tmp_path: Path, name: str
) -> None:
    sha256 = hashlib.sha256(b"x").hexdigest()
    row = {"name": name, "size_bytes": 1, "sha256": sha256, "link": link(START, name, 1, sha256)}
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(name, b"x")
        file.writestr(MANIFEST, json.dumps({"leak_evidence": 1, "about": {}, "parts": [row]}))
    with pytest.raises(Broken, match="leads out of the bundle"):
        check(str(path))
    with pytest.raises(ScenarioError):
        write_bundle([Part(name, (b"x",))], {}, tmp_path / "other.zip")


def test_a_name_that_python_would_cut_short_is_refused(bundle: Path) -> None:
    """Other programs unpack what stands behind the NUL."""
    whole = bundle.read_bytes()
    assert whole.count(b"a.txt") >= 2
    bundle.write_bytes(whole.replace(b"a.txt", b"a.tx\0"))
    with pytest.raises(Broken, match="leads out of the bundle"):
        check(str(bundle))


def test_a_link_is_refused(bundle: Path) -> None:
    info = zipfile.ZipInfo("x")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(bundle, "a") as file:
        file.writestr(info, b"/etc/passwd")
    with pytest.raises(Broken, match="it is a link"):
        check(str(bundle))


class Counted(str):
    """A name that counts how often it is compared with another."""

    compared = 0

    def __eq__(self, other: object) -> bool:
        Counted.compared += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


def test_the_work_grows_with_the_number_of_parts_and_no_faster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, count = tmp_path / "b.zip", 300
    write_bundle((Part(f"f{number}", (b"x",)) for number in range(count)), ABOUT, path)

    class Counting(zipfile.ZipFile):
        def infolist(self) -> list[zipfile.ZipInfo]:
            found = super().infolist()
            for info in found:
                info.filename = Counted(info.filename)
            return found

        def namelist(self) -> list[str]:
            return [info.filename for info in self.infolist()]

    monkeypatch.setattr(zipfile, "ZipFile", Counting)
    monkeypatch.setattr(Counted, "compared", 0)
    assert check(str(path)).parts == count
    assert Counted.compared <= 20 * count


def test_a_part_that_is_there_twice(bundle: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(bundle, "a") as file:
        file.writestr("a.txt", b"two")
    with pytest.raises(Broken, match=r"a\.txt: it is there twice"):
        check(str(bundle))


def test_whoever_makes_a_new_manifest_has_another_digest(bundle: Path) -> None:
    before = check(str(bundle)).digest
    bundle.unlink()
    write_bundle(parts(PARTS | {"a.txt": b"ONE"}), ABOUT, bundle)
    assert check(str(bundle)).digest != before


def test_no_flipped_byte_of_the_file_changes_a_part_unseen(bundle: Path) -> None:
    whole, before = bundle.read_bytes(), contents(bundle)
    chance = random.Random(8)
    for _ in range(400):
        at = chance.randrange(len(whole))
        data = bytearray(whole)
        data[at] ^= 1 << chance.randrange(8)
        bundle.write_bytes(data)
        try:
            check(str(bundle))
        except Broken:
            continue
        assert contents(bundle) == before, f"byte {at}"  # only what zip itself says was changed


def test_a_cut_file_and_none_are_told(bundle: Path, tmp_path: Path) -> None:
    data = bundle.read_bytes()
    for size in (0, 10, len(data) // 2, len(data) - 5):
        bundle.write_bytes(data[:size])
        with pytest.raises(Broken, match="damaged"):
            check(str(bundle))
    with pytest.raises(Broken, match="cannot be read"):
        check(str(tmp_path / "none.zip"))


def test_links_depend_on_all_that_is_before() -> None:
    one = link("0", "a", 1, "b")
    assert len({one, link("1", "a", 1, "b"), link("0", "b", 1, "b"), link("0", "a", 2, "b")}) == 4


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The script by itself: no site packages, nothing of this project."""
    command = [sys.executable, "-I", "-S", str(SCRIPT), *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, cwd="/"
    )


def test_the_script_needs_nothing_but_python(bundle: Path) -> None:
    done = run(str(bundle))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["whole: 3 parts", f"digest: {check(str(bundle)).digest}"]
    rewritten(bundle, flipped("a.txt"))
    done = run(str(bundle))
    assert done.returncode == 2
    assert done.stderr.startswith("NOT WHOLE: ")
    assert "part 1 of 3, a.txt" in done.stderr
    assert run().returncode == 2
