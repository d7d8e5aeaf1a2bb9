"""A process of another user, for tests that run as root: it imports first, then gives root up."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

NOBODY = 65534
needs_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can be somebody else")

_PROLOGUE = f"""
import encodings.idna, os, socket, sys, frida
os.setgid({NOBODY})
os.setuid({NOBODY})
"""


def somebody(lines: str) -> subprocess.Popen[str]:
    """Runs Python `lines` as the user nobody; standard input and output are pipes."""
    return subprocess.Popen(
        [sys.executable, "-c", _PROLOGUE + lines],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "XDG_RUNTIME_DIR": "/dev/null"},  # no helper of Frida's starts there
    )
