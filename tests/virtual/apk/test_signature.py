"""Signatures by Google's apksig, verified by our code, and by apksig as the second opinion."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from harness.virtual.apk.javatools import run_tool
from harness.virtual.apk.rejections import NoCertificates, NotAnApk
from harness.virtual.apk.signature import verify_signature
from harness.virtual.apk.signing_block import layout_of


def test_apksig_agrees_about_the_signer(clinic: Path) -> None:
    signing = verify_signature(clinic, target_sdk=34)
    said = run_tool("VerifyApk", [clinic, "26"]).split()
    assert "scheme=2" in said
    assert [f"certificate={digest}" for digest in signing.certificates_sha256] == [
        line for line in said if line.startswith("certificate=")
    ]
    assert signing.scheme == 2


def _flip(path: Path, at: int) -> None:
    raw = bytearray(path.read_bytes())
    raw[at] ^= 1
    path.write_bytes(raw)


def test_one_altered_bit_of_the_content_is_seen(altered: Path) -> None:
    _flip(altered, layout_of(altered.read_bytes()).block_start // 2)
    with pytest.raises(NoCertificates) as caught:
        verify_signature(altered, target_sdk=34)
    # The text of a device, recorded for a tampered APK.
    assert caught.value.text("/data/app/vmdl617260616.tmp/base.apk") == (
        "INSTALL_PARSE_FAILED_NO_CERTIFICATES: Failed to collect certificates from "
        "/data/app/vmdl617260616.tmp/base.apk using APK Signature Scheme v2: "
        "SHA-256 digest of contents did not verify"
    )


def test_an_altered_directory_is_seen(altered: Path) -> None:
    _flip(altered, layout_of(altered.read_bytes()).directory_start + 12)
    with pytest.raises(NoCertificates, match="digest of contents did not verify"):
        verify_signature(altered, target_sdk=34)


def test_every_altered_byte_of_the_block_is_seen(altered: Path) -> None:
    original = altered.read_bytes()
    layout = layout_of(original)
    accepted = []
    for at in range(layout.block_start, layout.directory_start, 5):
        raw = bytearray(original)
        raw[at] ^= 0x40
        altered.write_bytes(raw)
        try:
            verify_signature(altered, target_sdk=34)
        except NoCertificates:
            continue
        accepted.append(at - layout.block_start)
    assert accepted == []


def _repacked(source: Path, target: Path, *, without_jar_signature: bool) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            if not (without_jar_signature and info.filename.startswith("META-INF/")):
                new.writestr(info, old.read(info))
    return target


def test_an_unsigned_apk_is_refused(clinic: Path, tmp_path: Path) -> None:
    apk = _repacked(clinic, tmp_path / "unsigned.apk", without_jar_signature=True)
    with pytest.raises(NoCertificates) as caught:
        verify_signature(apk, target_sdk=28)
    assert "Attempt to get length of null array" in caught.value.text("x")


def test_a_stripped_v2_block_is_refused(clinic: Path, tmp_path: Path) -> None:
    """Its jar signature says that there was one (X-Android-APK-Signed)."""
    apk = _repacked(clinic, tmp_path / "stripped.apk", without_jar_signature=False)
    with pytest.raises(NoCertificates) as caught:
        verify_signature(apk, target_sdk=34)
    assert "No signature found in package of version 2 or newer" in caught.value.text("x")
    with pytest.raises(NoCertificates, match="stripped"):
        verify_signature(apk, target_sdk=28)


def test_what_is_no_zip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.apk").write_bytes(b"no zip at all")
    with pytest.raises(NotAnApk):
        verify_signature(tmp_path / "x.apk", target_sdk=34)
