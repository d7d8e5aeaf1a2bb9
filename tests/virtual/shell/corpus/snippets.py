"""Shell lines that adb clients and CI scripts use, run by the original programs and by ours.

`snippets.txt` holds them, `recording.json` what the originals said. Each runs in a folder of its
own with the files below. After a change of either, record again (`record`).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

HERE = Path(__file__).parent
SNIPPETS, RECORDING = HERE / "snippets.txt", HERE / "recording.json"
CONTINUED = "> "

FILES = {
    "words": "alpha\nbeta\ngamma\nbeta\n",
    "numbers": "10\n9\n2\n33\n",
    "table": "a:1:x\nb:2:y\nc:3:z\n",
    "d/one.txt": "one hepatitis\n",
    "d/two.log": "two\nHepatitis B\n",
    "d/e/three.txt": "three\nhepatitis\n",
    "empty": "",
    "with space": "s\n",
}


@dataclass(frozen=True, slots=True)
class Said:
    """What a snippet printed on both streams, and its status."""

    out: str
    err: str
    code: int


def snippets() -> list[str]:
    """All of them, in the order of the file."""
    found: list[str] = []
    for line in SNIPPETS.read_text(encoding="utf-8").splitlines():
        if line.startswith(CONTINUED):
            found[-1] += "\n" + line.removeprefix(CONTINUED)
        elif line and not line.startswith("#"):
            found.append(line)
    return found


def recording() -> dict[str, Said]:
    """Snippet -> what the original programs said."""
    cases = json.loads(RECORDING.read_text(encoding="utf-8"))["cases"]
    return {case["line"]: Said(case["out"], case["err"], case["code"]) for case in cases}


def written(versions: dict[str, str], said: dict[str, Said]) -> str:
    """The text of a recording."""
    cases = [{"line": line, **asdict(each)} for line, each in said.items()]
    return json.dumps({**versions, "cases": cases}, indent=1, ensure_ascii=False) + "\n"


def lay_out(folder: Path) -> None:
    """The files, below `folder`."""
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
