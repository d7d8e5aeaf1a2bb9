from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from harness.device.axml import parse_binary_xml
from harness.virtual.apk import build_app

CLINIC = Path(__file__).parents[2] / "scenarios" / "apps" / "clinic"


def test_binary_xml_becomes_elements() -> None:
    with zipfile.ZipFile(build_app(CLINIC, "leaky")) as archive:
        root = parse_binary_xml(archive.read("AndroidManifest.xml"))
    assert root.tag == "manifest"
    assert root.get("package") == "org.example.clinic"


@pytest.mark.parametrize("raw", [b"", b"<manifest/>", b"\x03\x00\x08\x00" + bytes(60)])
def test_other_bytes_are_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_binary_xml(raw)


def test_the_library_does_not_touch_logging() -> None:
    script = (
        "import logging, harness.device.axml\n"
        "root = logging.getLogger()\n"
        "assert (root.handlers, root.level) == ([], logging.WARNING), (root.handlers, root.level)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
