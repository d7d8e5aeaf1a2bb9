"""Read back with the cryptography package and OpenSSL's library in it; keytool: test_authority."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from harness.virtual.internet.authority import authority
from harness.virtual.internet.truststore import trust_store


def test_holds_the_certificate_and_no_key(tmp_path: Path) -> None:
    der = ssl.PEM_cert_to_DER_cert(authority(tmp_path / "ca").ca_pem.read_text())
    found = pkcs12.load_pkcs12(trust_store(der, "näme", "pass"), b"pass")
    assert found.key is None
    assert found.cert is None
    assert [c.certificate.public_bytes(Encoding.DER) for c in found.additional_certs] == [der]
    assert [c.friendly_name for c in found.additional_certs] == ["näme".encode()]


@pytest.mark.parametrize("password", [b"wrong", b""])
def test_another_password_is_noticed(tmp_path: Path, password: bytes) -> None:
    der = ssl.PEM_cert_to_DER_cert(authority(tmp_path / "ca").ca_pem.read_text())
    with pytest.raises(ValueError, match="password"):
        pkcs12.load_pkcs12(trust_store(der, "name", "pass"), password)
