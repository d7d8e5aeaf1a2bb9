"""Is this APK signed, by whom, and does the signature cover what it contains?

Input: path of an APK. Output: scheme and signer certificates. v3 and v2 are verified here, the way
Android does it: the signature over the signed data with the signer's key, that key against the
certificate, and the digest over the whole file against the signed one. v1 alone (targets below 30
may have that) is verified by Google's apksig on the JRE. Not checked: v3's proof of rotation and
v4 (their certificates are not needed here). Refuses unsigned and altered files (`NoCertificates`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.hashes import SHA256, SHA512, HashAlgorithm
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)
from cryptography.x509 import InvalidVersion, load_der_x509_certificate

from .javatools import run_tool
from .rejections import NoCertificates, NotAnApk
from .signing_block import Layout, Signer, content_digest, layout_of, scheme_blocks, signers_of

# AOSP ApkSignatureVerifier.getMinimumSignatureSchemeVersionForTargetSdk: Android 11.
_V2_NEEDED_FROM_TARGET = 30


@dataclass(frozen=True, slots=True)
class Signing:
    """The strongest scheme found (1, 2 or 3) and each signer's certificate as sha256 in hex."""

    scheme: int
    certificates_sha256: tuple[str, ...]


# What cryptography raises for signatures, keys and certificates that are not right.
_UNVERIFIABLE = (InvalidSignature, UnsupportedAlgorithm, InvalidVersion, ValueError, TypeError)

Check = Callable[[PublicKeyTypes, bytes, bytes], None]


def _pss(digest: HashAlgorithm) -> Check:
    def check(key: PublicKeyTypes, signature: bytes, data: bytes) -> None:
        if not isinstance(key, rsa.RSAPublicKey):
            raise InvalidSignature
        scheme = padding.PSS(mgf=padding.MGF1(digest), salt_length=digest.digest_size)
        key.verify(signature, data, scheme, digest)

    return check


def _pkcs1(digest: HashAlgorithm) -> Check:
    def check(key: PublicKeyTypes, signature: bytes, data: bytes) -> None:
        if not isinstance(key, rsa.RSAPublicKey):
            raise InvalidSignature
        key.verify(signature, data, padding.PKCS1v15(), digest)

    return check


def _ecdsa(digest: HashAlgorithm) -> Check:
    def check(key: PublicKeyTypes, signature: bytes, data: bytes) -> None:
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise InvalidSignature
        key.verify(signature, data, ec.ECDSA(digest))

    return check


def _dsa(digest: HashAlgorithm) -> Check:
    def check(key: PublicKeyTypes, signature: bytes, data: bytes) -> None:
        if not isinstance(key, dsa.DSAPublicKey):
            raise InvalidSignature
        key.verify(signature, data, digest)

    return check


# Signature algorithm ids of the scheme, strongest first: content digest and check.
_ALGORITHMS: dict[int, tuple[str, Check]] = {
    0x0102: ("sha512", _pss(SHA512())),
    0x0104: ("sha512", _pkcs1(SHA512())),
    0x0202: ("sha512", _ecdsa(SHA512())),
    0x0101: ("sha256", _pss(SHA256())),
    0x0103: ("sha256", _pkcs1(SHA256())),
    0x0201: ("sha256", _ecdsa(SHA256())),
    0x0301: ("sha256", _dsa(SHA256())),
}


def verify_signature(apk: Path, *, target_sdk: int, min_sdk: int = 26) -> Signing:
    """Verify `apk` and say who signed it.

    Args:
        target_sdk: of the app; from 30 on Android wants at least scheme v2.
        min_sdk: of the device, which decides the digests that v1 may use.

    Raises:
        NoCertificates: unsigned, altered after signing, or only v1 where v2 is needed.
        NotAnApk: not a zip archive.
    """
    raw = apk.read_bytes()
    try:
        layout = layout_of(raw)
    except ValueError as error:
        raise NotAnApk(str(error)) from error
    try:
        blocks = scheme_blocks(raw, layout)
        scheme = max(blocks, default=1)
        signers = signers_of(blocks[scheme], scheme) if blocks else ()
    except ValueError as error:
        raise NoCertificates(str(error)) from error
    if signers:
        return Signing(scheme, tuple(_verified(raw, layout, s, scheme) for s in signers))
    return _verified_by_apksig(apk, target_sdk, min_sdk)


def _verified(apk: bytes, layout: Layout, signer: Signer, scheme: int) -> str:
    """Check one signer; returns the sha256 of its certificate."""
    used = next((a for a in _ALGORITHMS if a in signer.signatures and a in signer.digests), None)
    if used is None or not signer.certificates:
        raise _refused(scheme, "No supported signatures found")
    digest_name, check = _ALGORITHMS[used]
    try:
        key = load_der_public_key(signer.public_key)
        certificate = load_der_x509_certificate(signer.certificates[0])
        certified = certificate.public_key().public_bytes(
            Encoding.DER, PublicFormat.SubjectPublicKeyInfo
        )
        check(key, signer.signatures[used], signer.signed_data)
    except _UNVERIFIABLE as error:
        raise _refused(scheme, "Signature did not verify") from error
    if certified != signer.public_key:
        raise _refused(scheme, "Public key mismatch between certificate and signature record")
    if content_digest(apk, layout, digest_name) != signer.digests[used]:
        spelled = {"sha256": "SHA-256", "sha512": "SHA-512"}[digest_name]
        raise _refused(scheme, f"{spelled} digest of contents did not verify")
    return hashlib.sha256(signer.certificates[0]).hexdigest()


def _refused(scheme: int, why: str) -> NoCertificates:
    text = "Failed to collect certificates from {path} using APK Signature Scheme "
    return NoCertificates(template=f"{text}v{scheme}: {why}")


def _verified_by_apksig(apk: Path, target_sdk: int, min_sdk: int) -> Signing:
    if b"META-INF/MANIFEST.MF" not in apk.read_bytes():
        raise NoCertificates("there is no signature of any scheme")
    if target_sdk >= _V2_NEEDED_FROM_TARGET:
        raise NoCertificates(
            template="No signature found in package of version 2 or newer for package {path}"
        )
    said = run_tool("VerifyApk", [apk, str(min_sdk)])
    found = [line.partition("=")[2] for line in said.splitlines() if line.startswith("certificate")]
    if not found:
        raise NoCertificates(said.strip())
    return Signing(1, tuple(found))
