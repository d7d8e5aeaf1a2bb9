"""Runs one Java program to its end: compilers, converters, signers.

Input: main class, arguments, class path. Output: what it printed. A program that fails or hangs
is a `LabError` with its own words, or another error that the caller chooses.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from harness.errors import LabError

from .runtimes import java

_SHORT_RUN = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto")
_WORDS_KEPT = 4000


class JavaProgramFailed(LabError):
    """A Java program ended with an exit code other than 0; `output` is all that it printed."""

    def __init__(self, main_class: str, exit_code: int, output: str) -> None:
        super().__init__(
            f"{main_class} failed with exit code {exit_code}", seen=output.strip()[-_WORDS_KEPT:]
        )
        self.output = output


def run_java(
    main_class: str,
    arguments: Sequence[str | Path] = (),
    *,
    classpath: Sequence[Path],
    options: Sequence[str] = (),
    timeout_s: float = 600.0,
) -> str:
    """Run `main_class` on `java()`; returns standard output and error, mixed.

    Raises:
        JavaProgramFailed: exit code other than 0.
        LabError: still running after `timeout_s`.
    """
    argv = [
        str(java()),
        *_SHORT_RUN,
        "-Djava.awt.headless=true",
        "-Dfile.encoding=UTF-8",
        *options,
        "-cp",
        os.pathsep.join(map(str, classpath)),
        main_class,
        *map(str, arguments),
    ]
    try:
        done = subprocess.run(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise LabError(f"{main_class} did not end within {timeout_s:.0f} s") from error
    output = done.stdout.decode("utf-8", "replace")
    if done.returncode:
        raise JavaProgramFailed(main_class, done.returncode, output)
    return output
