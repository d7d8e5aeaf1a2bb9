from __future__ import annotations

import pytest

from harness.errors import LabError
from harness.virtual.toolchain import artifacts
from harness.virtual.toolchain.jvm import JavaProgramFailed, run_java

ECJ = "org.eclipse.jdt.internal.compiler.batch.Main"


def test_output_is_returned() -> None:
    assert "Eclipse Compiler for Java" in run_java(ECJ, ["-version"], classpath=artifacts("ecj"))


def test_a_missing_class_is_named() -> None:
    with pytest.raises(JavaProgramFailed, match=r"no\.such\.Program failed") as caught:
        run_java("no.such.Program", classpath=artifacts("ecj"))
    assert "ClassNotFoundException" in caught.value.output


def test_a_program_that_hangs_is_ended() -> None:
    with pytest.raises(LabError, match="did not end within 0 s"):
        run_java(ECJ, ["-version"], classpath=artifacts("ecj"), timeout_s=0.001)
