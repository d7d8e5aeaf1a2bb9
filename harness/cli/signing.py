"""Signatures over manifests, by OpenSSH's `ssh-keygen` (PROTOCOL.sshsig), which most people have.

Input: a private key and bytes, or a public key, bytes and a signature. Output: a signature; or
nothing, where it is that key's. Refuses (with the remedy) where ssh-keygen is not there, the key is
none, or the signature is not that key's. Keys stay where they are; a passphrase is asked by
ssh-keygen itself.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from harness.errors import LabError, ScenarioError

NAMESPACE = "leak-harness-evidence"
PROGRAM = "ssh-keygen"
SIGNER = "signer"
TIMEOUT_S = 120.0


def signature(key: Path, data: bytes) -> bytes:
    """A signature over `data`.

    Raises:
        LabError: there is no ssh-keygen.
        ScenarioError: the key cannot sign.
    """
    if not key.is_file():
        raise ScenarioError(
            "there is no such key", where=str(key), action="make one: ssh-keygen -t ed25519 -f KEY"
        )
    with tempfile.TemporaryDirectory(prefix="leak-sign-") as folder:
        file = Path(folder) / "manifest"
        file.write_bytes(data)
        done = _run("-Y", "sign", "-q", "-f", str(key), "-n", NAMESPACE, str(file))
        made = file.with_name("manifest.sig")
        if done.returncode or not made.is_file():
            raise ScenarioError(
                "the bundle cannot be signed with this key",
                where=str(key),
                seen=_last_line(done),
                expected="a private key of OpenSSH's, or a public one whose private one is in an"
                " agent",
            )
        return made.read_bytes()


def check_signature(public_key: Path, data: bytes, signed: bytes) -> None:
    """Check that the signature over `data` is that key's.

    Raises:
        LabError: there is no ssh-keygen.
        ScenarioError: the key cannot be read, or the signature is not its own.
    """
    try:
        key = public_key.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        seen = getattr(error, "strerror", None) or "no text"
        raise ScenarioError("the key cannot be read", where=str(public_key), seen=seen) from error
    if not key or "\n" in key or "PRIVATE" in key:
        raise ScenarioError(
            "this is no public key of OpenSSH's", where=str(public_key), expected="KEY.pub"
        )
    with tempfile.TemporaryDirectory(prefix="leak-sign-") as folder:
        allowed, file = Path(folder) / "allowed", Path(folder) / "signature"
        allowed.write_text(f'{SIGNER} namespaces="{NAMESPACE}" {key}\n', "utf-8")
        file.write_bytes(signed)
        options = ("-f", str(allowed), "-I", SIGNER, "-n", NAMESPACE, "-s", str(file))
        done = _run("-Y", "verify", *options, data=data)
    if done.returncode:
        raise ScenarioError(
            "the signature is not that of this key",
            where=str(public_key),
            seen=_last_line(done),
            action="ask the people who gave you the bundle for the key, by another way",
        )


def _run(*arguments: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    program = shutil.which(PROGRAM)
    if program is None:
        raise LabError(
            "there is no ssh-keygen here",
            expected="OpenSSH 8.1 or newer",
            action="install it (Debian: openssh-client)",
        )
    try:
        return subprocess.run(
            [program, *arguments], input=data, capture_output=True, timeout=TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise LabError("ssh-keygen does not answer", where=" ".join(arguments)) from error


def _last_line(done: subprocess.CompletedProcess[bytes]) -> str:
    text = (done.stderr or done.stdout).decode("utf-8", "replace").strip()
    return text.rpartition("\n")[2]
