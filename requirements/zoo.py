"""Fetches the adb and Frida clients that the virtual device is tested with. `make check` runs it.

Output: an environment of its own, `.venv/zoo`, with the packages of `zoo.txt`, and below it in
`debian/` the adb that Debian packages, unpacked without installing it. Standard library only. What
cannot be had is said and left out; its tests then skip with that reason. Nothing is done again
until `zoo.txt` changes. Licences differ (adb-shell, adbutils, pure-python-adb, uiautomator2 free;
objection GPL): these are programs that run beside the product, none is part of it.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

LOCKS = Path(__file__).resolve().parent
ZOO = LOCKS.parent / ".venv" / "zoo"
PYTHON = ZOO / "bin" / "python"
DEBIAN = ZOO / "debian"
DEBIAN_ADB = (
    "adb",
    "android-libbase",
    "android-libboringssl",
    "android-libcutils",
    "android-liblog",
    "libusb-1.0-0",
)
"""adb with the libraries it depends on that are not on every system."""


def main() -> int:
    python_clients()
    debian_adb()
    return 0


def python_clients() -> None:
    lock = LOCKS / "zoo.txt"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = ZOO / "zoo.sha256"
    if stamp.is_file() and stamp.read_text() == digest:
        return
    sys.stderr.write("zoo: fetching the Python clients\n")
    try:
        shutil.rmtree(ZOO, ignore_errors=True)
        run(sys.executable, "-m", "venv", ZOO)
        pip = (PYTHON, "-m", "pip", "-qq", "--disable-pip-version-check", "install")
        run(*pip, "--require-hashes", "-r", lock)
    except subprocess.CalledProcessError as error:
        sys.stderr.write(f"zoo: without them, exit code {error.returncode}: {error.cmd}\n")
        return
    ZOO.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest)


def debian_adb() -> None:
    if DEBIAN.is_dir():
        return
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        sys.stderr.write("zoo: without Debian's adb, this system has no apt-get\n")
        return
    sys.stderr.write("zoo: fetching Debian's adb\n")
    ZOO.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ZOO) as name:
        folder = Path(name)
        unpacked = folder / "root"
        try:
            download(folder)
            for package in sorted(folder.glob("*.deb")):
                run("dpkg-deb", "-x", package, unpacked)
        except subprocess.CalledProcessError as error:
            code = error.returncode
            sys.stderr.write(f"zoo: without Debian's adb, exit code {code}: {error.cmd}\n")
            return
        unpacked.rename(DEBIAN)


def download(folder: Path) -> None:
    """By the system's package lists; where there are none, by lists of our own (no root needed)."""
    quiet = ("apt-get", "-qq", "-o", "APT::Sandbox::User=root")
    listed = subprocess.run(["apt-cache", "show", DEBIAN_ADB[0]], capture_output=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        run(*quiet, "download", *DEBIAN_ADB, cwd=folder)
        return
    (folder / "lists" / "partial").mkdir(parents=True)
    (folder / "cache" / "archives" / "partial").mkdir(parents=True)
    places = [f"Dir::State::lists={folder}/lists", f"Dir::Cache={folder}/cache"]
    own = [word for place in places for word in ("-o", place)]
    run(*quiet, *own, "update")
    run(*quiet, *own, "download", *DEBIAN_ADB, cwd=folder)


def run(*argv: object, cwd: Path | None = None) -> None:
    subprocess.run([str(word) for word in argv], check=True, cwd=cwd)


if __name__ == "__main__":
    sys.exit(main())
