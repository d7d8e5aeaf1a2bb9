"""The private certificate authority of a virtual device.

Input: a folder. Output: mitmproxy's own authority in it (made once, then reused: a key takes a
moment), its certificate as PEM, and a trust store for the Java side. The folder and what is secret
in it can be read by its owner alone. Nothing else is in the trust store, so an app on the device
trusts this authority and nobody else's.
"""

from __future__ import annotations

import fcntl
import ssl
from dataclasses import dataclass
from pathlib import Path

from harness.virtual.internet.truststore import trust_store

PASSWORD = "changeit"
"""Java's customary password; the store holds nothing secret."""

BASENAME = "mitmproxy"
KEY_BITS = 2048


@dataclass(frozen=True, slots=True)
class Authority:
    """`ca_pem` is the certificate, `trust_store` a PKCS #12 file with it alone."""

    folder: Path
    ca_pem: Path
    trust_store: Path
    password: str = PASSWORD


def authority(folder: Path) -> Authority:
    """Make or reuse the authority in `folder`; safe to call from several processes at once."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    found = Authority(folder, folder / f"{BASENAME}-ca-cert.pem", folder / "trust.p12")
    with (folder / "lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not found.ca_pem.exists():
            from mitmproxy.certs import CertStore  # slow to import, needed only the first time

            CertStore.create_store(folder, BASENAME, KEY_BITS, organization="leak-harness")
        if not found.trust_store.exists():
            der = ssl.PEM_cert_to_DER_cert(found.ca_pem.read_text())
            written = folder / "trust.p12.new"
            written.write_bytes(trust_store(der, "leak-harness", PASSWORD))
            written.rename(found.trust_store)
    return found
