"""The description of a sample app: `app.yaml` beside its sources.

Input: a folder. Output: frozen `App`. Layout as Gradle's: `src/main/` with `AndroidManifest.xml`,
`assets`, `java`, `res`, and `src/<flavour>/` with the same folders. Refuses unknown keys and
flavours, naming the nearest known one.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from harness.errors import ScenarioError, nearest

_KEYS = ("package", "version", "sdk", "libraries", "flavours", "debuggable")


@dataclass(frozen=True, slots=True)
class App:
    """What the builder must know; `libraries` are sets of the toolchain's lock."""

    folder: Path
    package: str
    version_name: str
    version_code: int
    min_sdk: int
    target_sdk: int
    libraries: tuple[str, ...]
    flavours: tuple[str, ...]
    debuggable: bool

    def source_sets(self, flavour: str) -> tuple[Path, ...]:
        """`src/main` and the folder of the flavour, in that order."""
        if flavour not in self.flavours:
            raise ScenarioError(
                f"{self.package} has no flavour {flavour!r}",
                where=str(self.folder / "app.yaml"),
                expected=f"one of {', '.join(self.flavours)}",
                action=f"did you mean {nearest(flavour, self.flavours) or self.flavours[0]!r}?",
            )
        return self.folder / "src" / "main", self.folder / "src" / flavour


def read_app(folder: Path) -> App:
    """Read `folder/app.yaml`; raises ScenarioError for what is missing, unknown or ill-typed."""
    path = folder / "app.yaml"
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ScenarioError(
            "an app is described by a file app.yaml", where=str(path), seen=str(error)
        ) from error
    try:
        return _app(folder, raw)
    except (KeyError, TypeError, ValueError) as error:
        raise ScenarioError(
            "this description of an app is incomplete or ill-typed",
            where=str(path),
            seen=f"{type(error).__name__}: {error}",
            expected="keys package, version {name, code}, sdk {min, target}, libraries, flavours",
        ) from error


def _app(folder: Path, raw: Any) -> App:
    if not isinstance(raw, dict):
        raise TypeError(f"a mapping is wanted, not {type(raw).__name__}")
    for key in raw:
        if key not in _KEYS:
            raise ScenarioError(
                f"unknown key {key!r}",
                where=str(folder / "app.yaml"),
                expected=f"one of {', '.join(_KEYS)}",
                action=f"did you mean {nearest(key, _KEYS)!r}?" if nearest(key, _KEYS) else "",
            )
    return App(
        folder=folder,
        package=str(raw["package"]),
        version_name=str(raw["version"]["name"]),
        version_code=int(raw["version"]["code"]),
        min_sdk=int(raw["sdk"]["min"]),
        target_sdk=int(raw["sdk"]["target"]),
        libraries=tuple(map(str, raw.get("libraries", ()))),
        flavours=tuple(map(str, raw["flavours"])),
        debuggable=bool(raw.get("debuggable", True)),
    )
