"""The few Java programs of this folder (`java/`): compiled when first needed, run to their end.

Signing and v1 verification are Google's apksig, class repair is ASM; both are libraries without a
command line that would do.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from harness.virtual.toolchain import artifacts, compile_java, run_java

_SOURCES = Path(__file__).with_name("java")
_LIBRARIES = ("apksig", "asm")
# apksig 2.3.0 makes and reads PKCS #7 blocks with classes that JDK 17 does not export.
_OPTIONS = (
    "--add-exports=java.base/sun.security.x509=ALL-UNNAMED",
    "--add-exports=java.base/sun.security.pkcs=ALL-UNNAMED",
    "--add-exports=java.base/sun.security.util=ALL-UNNAMED",
)


def run_tool(name: str, arguments: Sequence[str | Path]) -> str:
    """Run `leakharness.apk.<name>`; returns what it printed, raises JavaProgramFailed."""
    libraries = artifacts(*_LIBRARIES)
    tools = compile_java([_SOURCES], libraries, release="17", name="apk-tools")
    return run_java(
        f"leakharness.apk.{name}", arguments, classpath=(tools, *libraries), options=_OPTIONS
    )
