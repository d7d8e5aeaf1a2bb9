"""The trust store is checked with the JDK's keytool, the certificate with Python's ssl."""

from __future__ import annotations

import shutil
import ssl
import stat
import subprocess
from pathlib import Path

import pytest

from harness.virtual.internet.authority import PASSWORD, authority


def test_made_once_and_private(tmp_path: Path) -> None:
    first = authority(tmp_path / "ca")
    before = (first.ca_pem.read_bytes(), first.trust_store.read_bytes())
    again = authority(tmp_path / "ca")
    assert (again.ca_pem.read_bytes(), again.trust_store.read_bytes()) == before
    assert stat.S_IMODE((tmp_path / "ca").stat().st_mode) == 0o700
    secret = [p for p in (tmp_path / "ca").iterdir() if b"PRIVATE KEY" in p.read_bytes()]
    assert [stat.S_IMODE(p.stat().st_mode) for p in secret] == [0o600]
    context = ssl.create_default_context(cafile=str(first.ca_pem))
    assert len(context.get_ca_certs()) == 1


def test_two_devices_have_two_authorities(tmp_path: Path) -> None:
    first, second = authority(tmp_path / "a"), authority(tmp_path / "b")
    assert first.ca_pem.read_bytes() != second.ca_pem.read_bytes()


@pytest.mark.skipif(shutil.which("keytool") is None, reason="no JDK with keytool on PATH")
def test_java_takes_the_trust_store(tmp_path: Path) -> None:
    made = authority(tmp_path / "ca")
    command = ["keytool", "-list", "-rfc", "-storetype", "PKCS12", "-keystore"]
    command += [str(made.trust_store), "-storepass", PASSWORD]
    listed = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    assert "Entry type: trustedCertEntry" in listed
    assert "Your keystore contains 1 entry" in listed
    inside = listed[listed.index("-----BEGIN") : listed.index("-----END")].split("\n", 1)[1]
    assert inside.split() == made.ca_pem.read_text().split("-----")[2].split()
    wrong = subprocess.run([*command[:-1], "wrong-password"], capture_output=True, timeout=60)
    assert wrong.returncode != 0
