"""TrackHAR from the npm registry, run on the same requests.

Input: HAR entries and a term. Output: which entries its indicator matching finds, and how long it
took. It is installed into a folder of its own once (`npm`, `node` needed); where that cannot be
done, the reason is the answer. The two other matchers it is usually compared with, LeakDetector and
value-searcher, are on no registry.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PACKAGE = "trackhar@1.0.0"
INSTALL_TIMEOUT_S = 180
RUN_TIMEOUT_S = 300
SCRIPT = """
import { readFileSync } from 'node:fs';
import { process as processHar } from 'trackhar';
const [file, term] = globalThis.process.argv.slice(2);
const har = JSON.parse(readFileSync(file, 'utf8'));
const started = performance.now();
const results = await processHar(har, { indicatorValues: { viewedPageKeywords: term } });
const seconds = (performance.now() - started) / 1000;
const found = results.map(r => JSON.stringify(r ?? []).includes('viewedPageKeywords'));
console.log(JSON.stringify({ seconds, found }));
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """`found[i]` for entry i; or `why` it could not be run."""

    found: tuple[bool, ...] = ()
    seconds: float = 0.0
    why: str = ""


def answer(entries: list[dict[str, Any]], term: str) -> Answer:
    """Its answer on a HAR document of `entries`."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        return Answer(why="node or npm is not installed")
    with tempfile.TemporaryDirectory(prefix="leak-bench-") as name:
        folder = Path(name)
        (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
        (folder / "run.mjs").write_text(SCRIPT, encoding="utf-8")
        har = {"log": {"version": "1.2", "creator": {}, "entries": entries}}
        (folder / "x.har").write_text(json.dumps(har), encoding="utf-8")
        command = ["npm", "install", "--silent", "--no-audit", "--no-fund", PACKAGE]
        try:
            subprocess.run(
                command, cwd=folder, check=True, capture_output=True, timeout=INSTALL_TIMEOUT_S
            )
            done = subprocess.run(
                ["node", "run.mjs", "x.har", term],
                cwd=folder,
                check=True,
                capture_output=True,
                timeout=RUN_TIMEOUT_S,
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            said = getattr(error, "stderr", b"") or b""
            return Answer(why=f"{PACKAGE} did not run: {said.decode(errors='replace')[-200:]}")
    told = json.loads(done.stdout)
    return Answer(tuple(told["found"]), float(told["seconds"]))
