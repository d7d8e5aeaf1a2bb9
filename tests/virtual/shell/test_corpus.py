"""Our shell says what mksh and toybox say, to lines that clients and scripts use."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.virtual.fakes.shell import ShellRig
from tests.virtual.shell.corpus.snippets import Said, lay_out, recording, snippets

HERE = "/data/local/tmp/c"
DIFFERENT = {
    "${a[": "there are no arrays",
    "${arr[": "there are no arrays",
    "typeset -i": "typeset knows -r and -x",
    "typeset -u": "typeset knows -r and -x",
    "type cat": "programs lie in /system/bin, mksh remembers where it found them",
    "%q": "the directive is left as it stands, not refused",
    "chmod a-w": "the owner keeps access: the device runs as a user of this machine",
}
"""Part of a snippet -> why we say something else."""


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShellRig]:
    made = ShellRig(tmp_path_factory.mktemp("corpus"))
    yield made
    made.close()


def said(shell: ShellRig, line: str) -> Said:
    folder = shell.device.files.root / HERE.lstrip("/")
    shutil.rmtree(folder, ignore_errors=True)
    lay_out(folder)
    done = shell(f"cd {HERE}\n{line}")
    return Said(done.out, done.err, done.code)


def test_every_snippet_is_recorded() -> None:
    assert list(recording()) == snippets(), "run python -m tests.virtual.shell.corpus.record"


@pytest.mark.parametrize("line", snippets())
def test_as_the_original(shell: ShellRig, line: str) -> None:
    wanted, got = recording()[line], said(shell, line)
    if any(part in line for part in DIFFERENT):
        assert (got.out, got.code) != (wanted.out, wanted.code), "no difference any more"
        return
    assert (got.out, got.code) == (wanted.out, wanted.code), (line, got.err, wanted.err)
