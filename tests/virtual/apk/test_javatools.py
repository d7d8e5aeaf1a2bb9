from __future__ import annotations

import pytest

from harness.virtual.apk.javatools import run_tool
from harness.virtual.toolchain import JavaProgramFailed


def test_a_failing_tool_is_quoted() -> None:
    with pytest.raises(JavaProgramFailed) as caught:
        run_tool("VerifyApk", ["/no/such/file.apk", "26"])
    assert "FileNotFoundException" in caught.value.output
