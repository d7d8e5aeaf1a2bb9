"""Signatures, made and checked by the real ssh-keygen."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from harness.cli import signing
from harness.cli.signing import check_signature, signature
from harness.errors import LabError, ScenarioError

needs_openssh = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="OpenSSH's ssh-keygen is not installed"
)


def key(folder: Path, name: str = "key") -> Path:
    path = folder / name
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", str(path)],
        check=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )
    return path


@needs_openssh
def test_a_signature_is_that_of_its_key_and_of_its_text(tmp_path: Path) -> None:
    mine, other = key(tmp_path), key(tmp_path, "other")
    signed = signature(mine, b"manifest")
    check_signature(mine.with_suffix(".pub"), b"manifest", signed)
    with pytest.raises(ScenarioError, match="not that of this key"):
        check_signature(other.with_suffix(".pub"), b"manifest", signed)
    with pytest.raises(ScenarioError, match="not that of this key"):
        check_signature(mine.with_suffix(".pub"), b"Manifest", signed)
    with pytest.raises(ScenarioError, match="not that of this key"):
        check_signature(mine.with_suffix(".pub"), b"manifest", b"rubbish")


@needs_openssh
def test_what_is_no_key_is_told(tmp_path: Path) -> None:
    mine = key(tmp_path)
    rubbish = tmp_path / "rubbish"
    rubbish.write_text("rubbish")
    rubbish.chmod(0o600)
    with pytest.raises(ScenarioError, match="cannot be signed with this key"):
        signature(rubbish, b"manifest")
    with pytest.raises(ScenarioError, match="there is no such key"):
        signature(tmp_path / "none", b"manifest")
    with pytest.raises(ScenarioError, match="no public key"):
        check_signature(mine, b"manifest", b"")
    with pytest.raises(ScenarioError, match="cannot be read"):
        check_signature(tmp_path / "none", b"manifest", b"")


def test_without_openssh_the_remedy_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing, "PROGRAM", "no-such-program-8472")
    file = tmp_path / "key"
    file.write_text("key")
    with pytest.raises(LabError, match="no ssh-keygen"):
        signature(file, b"manifest")
