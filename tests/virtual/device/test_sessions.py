"""Files of an installation until it is done."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.virtual.device.installer import InstallFlags
from harness.virtual.device.sessions import InstallSessions


def test_files_go_with_their_session(tmp_path: Path) -> None:
    sessions = InstallSessions(tmp_path / "staging")
    one, other = sessions.create(InstallFlags()), sessions.create(InstallFlags())
    assert sessions.get(str(one.number)) is one
    one.file("base.apk").write_bytes(b"1")
    other.file("base.apk").write_bytes(b"2")
    assert one.staged() == [(f"/data/app/vmdl{one.number}.tmp/base.apk", one.file("base.apk"))]
    sessions.end(one)
    assert sessions.get(str(one.number)) is None
    assert other.file("base.apk").read_bytes() == b"2"
    sessions.end(other)
    assert list((tmp_path / "staging").iterdir()) == []


def test_a_name_that_comes_again_is_the_same_file(tmp_path: Path) -> None:
    session = InstallSessions(tmp_path).create(InstallFlags())
    assert session.file("a") == session.file("a")
    assert session.file("a") != session.file("b")
    assert len(session.staged()) == 2


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "/x", "a/b", "a\0b"])
def test_names_that_are_none(tmp_path: Path, name: str) -> None:
    session = InstallSessions(tmp_path / "staging").create(InstallFlags())
    with pytest.raises(ValueError, match=re.escape(repr(name))):
        session.file(name)
    assert not (tmp_path / "staging").exists()


@pytest.mark.parametrize("number", ["", "x", "-1", "7", "²"])
def test_numbers_that_nobody_got(tmp_path: Path, number: str) -> None:
    assert InstallSessions(tmp_path).get(number) is None
