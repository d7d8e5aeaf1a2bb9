"""Layout of signed APKs; the digest is checked against apksig's in `test_signature`."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.virtual.apk.signing_block import layout_of, scheme_blocks, signers_of


def test_the_sections_of_the_sample(clinic: Path) -> None:
    raw = clinic.read_bytes()
    layout = layout_of(raw)
    assert raw[layout.directory_start - 16 : layout.directory_start] == b"APK Sig Block 42"
    assert raw[layout.directory_start :][:4] == b"PK\x01\x02"
    assert raw[layout.eocd_start :][:4] == b"PK\x05\x06"
    blocks = scheme_blocks(raw, layout)
    assert list(blocks) == [2]
    (signer,) = signers_of(blocks[2], 2)
    assert len(signer.certificates) == 1
    assert signer.digests.keys() == signer.signatures.keys()


def test_what_is_no_zip_is_refused() -> None:
    with pytest.raises(ValueError, match="no end of central directory"):
        layout_of(b"not a zip")


@given(st.binary(max_size=200))
def test_arbitrary_blocks_never_break_out(raw: bytes) -> None:
    # Any other exception would reach the user as a traceback.
    with suppress(ValueError):
        signers_of(raw, 2)
