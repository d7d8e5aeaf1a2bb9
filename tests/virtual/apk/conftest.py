"""The sample app, built once for each worker (and from the cache after that)."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.virtual.apk import build_app

CLINIC = Path(__file__).parents[3] / "scenarios" / "apps" / "clinic"


@pytest.fixture(scope="session")
def clinic_folder() -> Path:
    return CLINIC


@pytest.fixture(scope="session")
def clinic() -> Path:
    """The leaky flavour as an APK."""
    return build_app(CLINIC, "leaky")


@pytest.fixture
def altered(clinic: Path, tmp_path: Path) -> Path:
    """A copy of the APK to break."""
    copy = tmp_path / "altered.apk"
    copy.write_bytes(clinic.read_bytes())
    return copy
