"""Records what mksh and toybox say to the snippets: `python -m tests.virtual.shell.corpus.record`.

Arguments: the programs `mksh` and `toybox`, for example out of Debian's packages (unpacked with
`dpkg-deb -x`). mksh runs as `/system/bin/sh`, as Android starts it; PATH holds toybox's commands
alone. Both are the projects that Android takes them from; their versions stand in the recording.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.virtual.shell.corpus.snippets import RECORDING, Said, lay_out, snippets, written

NAME = "/system/bin/sh"
_TIMEOUT_S = 10


def main(mksh: Path, toybox: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        tools = Path(name) / "bin"
        tools.mkdir()
        for command in _output(toybox).split():
            (tools / command).symlink_to(toybox)
        (tools / "sh").unlink(missing_ok=True)
        (tools / "sh").symlink_to(mksh)
        said = {}
        for number, line in enumerate(snippets()):
            folder = Path(name) / str(number)
            folder.mkdir()
            said[line] = _said(mksh, tools, folder, line)
    versions = {
        "mksh": _output(mksh, "-c", "echo $KSH_VERSION").strip(),
        "toybox": _output(toybox, "--version").strip(),
    }
    RECORDING.write_text(written(versions, said), encoding="utf-8")


def _said(mksh: Path, tools: Path, folder: Path, line: str) -> Said:
    lay_out(folder)
    done = subprocess.run(
        [NAME, "-c", line],
        executable=mksh,
        cwd=folder,
        env={"PATH": str(tools), "HOME": "/", "TMPDIR": str(folder), "TERM": "dumb", "TZ": "UTC"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=_TIMEOUT_S,
        check=False,
    )
    code = done.returncode if done.returncode >= 0 else 128 - done.returncode
    return Said(_text(done.stdout, folder), _text(done.stderr, folder), code)


def _text(data: bytes, folder: Path) -> str:
    return data.decode("utf-8", "replace").replace(str(folder), "/data/local/tmp/c")


def _output(*words: object) -> str:
    return subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, check=True
    ).stdout


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
