"""Makes the checkout ready to run: environment, packages, Java, Node.js, artifacts. `make setup`.

Standard library only, because it runs before anything is installed. Each step has a digest of what
its result depends on; a step whose digest is the one of its last success is skipped, so that a
second run takes a fraction of a second and needs no network. Nothing outside the checkout and the
cache folder is written. Refuses Python below 3.11 and environments without `venv`, saying so.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Callable, NamedTuple  # noqa: UP035 - must parse on older Pythons, too

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "requirements"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "leak-harness-setup.json"
MIN_PYTHON = (3, 11)


class Step(NamedTuple):
    """One thing to do; `depends` are the values whose change makes it necessary again."""

    name: str
    depends: Callable[[], list[str]]
    run: Callable[[], None]


def main() -> int:
    if sys.version_info < MIN_PYTHON:
        return say_why("Python 3.11 or newer is needed", f"this is {sys.version.split()[0]}")
    os.chdir(ROOT)
    (ROOT / "build").mkdir(exist_ok=True)
    with (ROOT / "build" / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two runs of make at once: one sets up, one waits
        try:
            for step in STEPS:
                bring_up_to_date(step)
        except subprocess.CalledProcessError as error:
            return say_why("setting up failed", f"exit code {error.returncode}: {error.cmd}")
    return 0


def say_why(what: str, seen: str) -> int:
    sys.stderr.write(f"setup: {what}\n  seen: {seen}\n")
    return 2


def bring_up_to_date(step: Step) -> None:
    stamps = json.loads(STAMPS.read_text()) if STAMPS.is_file() else {}
    digest = hashlib.sha256("\0".join(step.depends()).encode()).hexdigest()
    if stamps.get(step.name) == digest:
        return
    sys.stderr.write(f"setup: {step.name}\n")
    step.run()
    stamps = json.loads(STAMPS.read_text()) if STAMPS.is_file() else {}
    stamps[step.name] = hashlib.sha256("\0".join(step.depends()).encode()).hexdigest()
    STAMPS.write_text(json.dumps(stamps, indent=1))


def run(*argv: object) -> None:
    subprocess.run([str(word) for word in argv], check=True)


def pip_install(*arguments: object) -> None:
    run(PYTHON, "-m", "pip", "-qq", "--disable-pip-version-check", "install", *arguments)


def toolchain(*arguments: str) -> None:
    run(PYTHON, "-m", "harness.virtual.toolchain", *arguments)


def contents(*paths: Path) -> list[str]:
    return [path.read_text() if path.is_file() else "absent" for path in paths]


def programs(*names: str) -> list[str]:
    """Which programs of that name the system has, and which file that is."""
    found = [shutil.which(name) for name in names]
    stats = [(path, os.stat(path).st_mtime_ns) for path in found if path]
    return [repr(stats), os.environ.get("JAVA_HOME", "")]


def tree(folder: Path, *suffixes: str) -> list[str]:
    """Names and contents of files below `folder`, as digests."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in suffixes)
    return [f"{path} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files]


def make_venv() -> None:
    if VENV.exists() and not PYTHON.exists():
        shutil.rmtree(VENV)
    if not PYTHON.exists():
        run(sys.executable, "-m", "venv", VENV)


def install_runtimes() -> None:
    for name, check in (("jre", "java"), ("node", "node")):
        if subprocess.run([PYTHON, "-m", "harness.virtual.toolchain", "has", check]).returncode:
            pip_install("--require-hashes", "-r", LOCKS / f"{name}.txt")
            toolchain("has", check)


def install_node_modules() -> None:
    if (ROOT / "hooks" / "package-lock.json").is_file():
        toolchain(
            "npm",
            "ci",
            "--prefix",
            "hooks",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--no-update-notifier",
            "--loglevel",
            "error",
        )


STEPS = (
    Step("venv", lambda: [str(PYTHON.exists())], make_venv),
    Step(
        "python packages",
        lambda: contents(LOCKS / "python.txt"),
        lambda: pip_install("--require-hashes", "-r", LOCKS / "python.txt"),
    ),
    Step(
        "leak-harness itself",
        lambda: [str(ROOT), *contents(ROOT / "pyproject.toml")],
        lambda: pip_install("--no-deps", "--no-build-isolation", "--editable", ROOT),
    ),
    Step(
        "Java and Node.js",
        lambda: contents(LOCKS / "jre.txt", LOCKS / "node.txt") + programs("java", "node"),
        install_runtimes,
    ),
    Step(
        "packages of the hooks",
        lambda: [
            *contents(ROOT / "hooks" / "package-lock.json"),
            str((ROOT / "hooks" / "node_modules" / ".package-lock.json").is_file()),
        ],
        install_node_modules,
    ),
    Step(
        "artifacts of the virtual device",
        lambda: [
            os.environ.get("LEAK_HARNESS_CACHE", ""),
            os.environ.get("XDG_CACHE_HOME", ""),
            os.environ.get("HOME", ""),
            *tree(ROOT / "harness" / "virtual", ".java", ".json", ".pem"),
            *tree(ROOT / "scenarios" / "apps", ".java", ".xml", ".yaml"),
        ],
        lambda: run(PYTHON, "-m", "harness.virtual.prepare"),
    ),
)

if __name__ == "__main__":
    sys.exit(main())
