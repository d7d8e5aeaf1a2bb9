"""The description of a sample app: `app.yaml` beside its sources.

Input: a folder. Output: frozen `App`. Layout as Gradle's: `src/main/` with `AndroidManifest.xml`,
`assets`, `java`, `res`, and `src/<flavour>/` with the same folders. A flavour that is a release of
its own has its version under `versions`. Refuses unknown keys and flavours, naming the nearest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from harness.errors import ScenarioError, nearest

_KEYS = ("package", "version", "sdk", "libraries", "flavours", "versions", "debuggable")


@dataclass(frozen=True, slots=True)
class App:
    """What the builder must know.

    Attributes:
        libraries: sets of the toolchain's lock.
        versions: flavour to name and code, where it differs from the app's own.
    """

    folder: Path
    package: str
    version_name: str
    version_code: int
    min_sdk: int
    target_sdk: int
    libraries: tuple[str, ...]
    flavours: tuple[str, ...]
    debuggable: bool
    versions: Mapping[str, tuple[str, int]] = field(default_factory=dict)

    def of(self, flavour: str) -> App:
        """The app as this flavour releases it: with the flavour's version where it has one."""
        name, code = self.versions.get(flavour, (self.version_name, self.version_code))
        return replace(self, version_name=name, version_code=code)

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
    except (KeyError, TypeError, ValueError, AttributeError) as error:
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
    name, code = _version(raw["version"])
    flavours = tuple(map(str, raw["flavours"]))
    versions = {str(each): _version(given) for each, given in raw.get("versions", {}).items()}
    strangers = [each for each in versions if each not in flavours]
    if strangers:
        raise ValueError(f"versions: {strangers[0]!r} is no flavour")
    return App(
        folder=folder,
        package=str(raw["package"]),
        version_name=name,
        version_code=code,
        min_sdk=int(raw["sdk"]["min"]),
        target_sdk=int(raw["sdk"]["target"]),
        libraries=tuple(map(str, raw.get("libraries", ()))),
        flavours=flavours,
        debuggable=bool(raw.get("debuggable", True)),
        versions=versions,
    )


def _version(raw: Any) -> tuple[str, int]:
    return str(raw["name"]), int(raw["code"])
