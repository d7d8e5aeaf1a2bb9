"""The run's settings: the only reader of options, ini keys and environment variables.

Input: pytest's config and an environment. Output: frozen `Settings`, validated once. For each
setting the command line counts before the environment, that before the ini file, that before the
default. `OPTIONS` is the list; a new setting is one row. Refuses values that cannot be meant, with
the name under which they were given.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

import pytest

from harness.errors import ScenarioError, nearest

TYPING_METHODS = ("auto", "frida", "ime", "keys")
KEEP = ("on", "off", "only-on-failure")
VIRTUAL = "virtual"
AUTO = "auto"
ANDROID_SERIAL = "ANDROID_SERIAL"
"""adb's own variable; it counts where no option of ours names a device, and chooses for `auto`."""


@dataclass(frozen=True, slots=True)
class Option:
    """One setting: `--leak-NAME`, ini key `leak_NAME`, variable `LEAK_NAME`."""

    name: str
    default: str
    help: str
    metavar: str = ""
    choices: tuple[str, ...] = ()
    several: bool = False
    switch: bool = False

    @property
    def flag(self) -> str:
        return f"--leak-{self.name}"

    @property
    def ini(self) -> str:
        return "leak_" + self.name.replace("-", "_")

    @property
    def variable(self) -> str:
        return self.ini.upper()


OPTIONS: tuple[Option, ...] = (
    Option(
        "device",
        VIRTUAL,
        "where to run: virtual (embedded, the default), an adb serial, or auto (the only one)",
        "DEVICE",
    ),
    Option("app", "", "APK to install before the first scenario", "APK"),
    Option("mapping", "", "mapping.txt of the APK, to read the stacks of a shrunk app", "FILE"),
    Option("output", "leak-results", "folder for report.json and artifacts", "DIR"),
    Option("terms", "", "file with terms, one a line; replaces those of the scenarios", "FILE"),
    Option("typing", "", "how to type, whatever the scenarios say", "METHOD", TYPING_METHODS),
    Option("env", "", "variable for scenarios, ${K} and ${env.K}; repeatable", "K=V", several=True),
    Option(
        "internet",
        "default",
        "answers of the virtual internet: default, a folder, or live (lets the device out)",
        "default|DIR|live",
    ),
    Option(
        "store",
        ".leak/runs.db",
        "where runs are kept: a file, postgresql+psycopg://..., or none",
        "FILE|URL|none",
    ),
    Option(
        "baseline",
        "",
        "what to compare with: a file or folder of approved baselines, latest, or none",
        "FILE|latest|none",
    ),
    Option("screenshot", "only-on-failure", "when to keep a picture and the log", "WHEN", KEEP),
    Option("keep-secrets", "", "write secrets and foreign data without redaction", switch=True),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run was told; empty means not given.

    Attributes:
        typing: overrides `typing.method` of all scenarios.
        env: `--leak-env` pairs.
        baseline: `latest`, `none` or a path; empty: the app's own file, else the last runs.
        store: file or URL of the run store; empty: runs are not kept.
        serial_hint: `ANDROID_SERIAL`, which chooses among several devices for `auto`.
    """

    device: str = VIRTUAL
    app: Path | None = None
    mapping: Path | None = None
    output: Path = Path("leak-results")
    terms: Path | None = None
    typing: Literal["", "auto", "frida", "ime", "keys"] = ""
    env: Mapping[str, str] = field(default_factory=dict)
    internet: str = "default"
    screenshot: Literal["on", "off", "only-on-failure"] = "only-on-failure"
    keep_secrets: bool = False
    store: str = ""
    baseline: str = ""
    serial_hint: str = ""


SETTINGS_KEY: pytest.StashKey[Settings] = pytest.StashKey()
"""Where pytest's config keeps the settings that were read when it was configured."""


class Source(Protocol):
    """Where one setting's values come from, the strongest first; None or empty: not given."""

    def command_line(self, option: Option) -> Sequence[str]: ...
    def ini_file(self, option: Option) -> Sequence[str]: ...
    def base(self, from_ini: bool) -> Path:
        """The folder that relative paths count from."""


def register(parser: pytest.Parser) -> None:
    """Tell pytest of all options and ini keys."""
    group = parser.getgroup("leak", "leak-harness: who receives what is typed into an Android app")
    for option in OPTIONS:
        help_ = f"{option.help} (ini: {option.ini}, environment: {option.variable})"
        help_ = help_.replace("%", "%%")
        if option.switch:
            group.addoption(
                option.flag, dest=option.ini, action="store_const", const="on", help=help_
            )
        else:
            group.addoption(
                option.flag,
                dest=option.ini,
                action="append" if option.several else "store",
                metavar=option.metavar,
                help=help_,
            )
        kind: Literal["linelist", "string"] = "linelist" if option.several else "string"
        parser.addini(option.ini, help_, type=kind)


class PytestSource:
    """Settings as pytest's config holds them."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def command_line(self, option: Option) -> Sequence[str]:
        value = self._config.getoption(option.ini, None)
        return value if isinstance(value, list) else [value] if value is not None else []

    def ini_file(self, option: Option) -> Sequence[str]:
        value = self._config.getini(option.ini)
        return value if isinstance(value, list) else [value] if value else []

    def base(self, from_ini: bool) -> Path:
        return self._config.rootpath if from_ini else self._config.invocation_params.dir


def read_settings(source: Source, environment: Mapping[str, str] = os.environ) -> Settings:
    """All settings of a run.

    Raises:
        ScenarioError: a value that cannot be used, under the name it was given by.
    """
    found = {option.name: _Found.of(option, source, environment) for option in OPTIONS}
    return Settings(
        device=found["device"].word(),
        app=found["app"].file(source),
        mapping=found["mapping"].file(source),
        output=found["output"].path(source) or Path("leak-results"),
        terms=found["terms"].file(source),
        typing=found["typing"].choice(),  # type: ignore[arg-type]  # checked against the same words
        env=_pairs(found["env"]),
        internet=_internet(found["internet"], source),
        screenshot=found["screenshot"].choice(),  # type: ignore[arg-type]  # likewise
        keep_secrets=_switch(found["keep-secrets"]),
        store=_store(found["store"], source),
        baseline=_baseline(found["baseline"], source),
        serial_hint=environment.get(ANDROID_SERIAL, ""),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """The values that count for one option, and the name they were given under."""

    option: Option
    values: tuple[str, ...]
    given_as: str
    from_ini: bool = False

    @classmethod
    def of(cls, option: Option, source: Source, environment: Mapping[str, str]) -> _Found:
        if values := source.command_line(option):
            return cls(option, tuple(values), option.flag)
        if text := environment.get(option.variable, ""):
            split = tuple(text.splitlines()) if option.several else (text,)
            return cls(option, split, option.variable)
        if option.name == "device" and (serial := environment.get(ANDROID_SERIAL, "")):
            return cls(option, (serial,), ANDROID_SERIAL)
        if values := source.ini_file(option):
            return cls(option, tuple(values), f"ini key {option.ini}", from_ini=True)
        return cls(option, (option.default,) if option.default else (), "")

    def word(self) -> str:
        word = self.values[-1].strip() if self.values else ""
        if self.given_as and not word:
            raise ScenarioError(f"{self.given_as} is empty", expected=self.option.metavar)
        return word

    def choice(self) -> str:
        word = self.word()
        if word and word not in self.option.choices:
            near = nearest(word, self.option.choices)
            raise ScenarioError(
                f"{self.given_as}: unknown value",
                seen=word,
                expected=", ".join(self.option.choices),
                action=f"did you mean {near}?" if near else "",
            )
        return word

    def path(self, source: Source) -> Path | None:
        word = self.word()
        return source.base(self.from_ini) / Path(word).expanduser() if word else None

    def file(self, source: Source) -> Path | None:
        path = self.path(source)
        if path is not None and not path.is_file():
            raise ScenarioError(f"{self.given_as}: no such file", seen=str(path))
        return path


def _pairs(found: _Found) -> dict[str, str]:
    pairs = {}
    for value in found.values:
        name, equals, text = value.partition("=")
        if not equals or not name.strip().isidentifier():
            what = f"{found.given_as}: not a variable"
            raise ScenarioError(what, seen=name, expected="NAME=VALUE")
        pairs[name.strip()] = text
    return pairs


def _internet(found: _Found, source: Source) -> str:
    word = found.word()
    if word in ("default", "live"):
        return word
    path = source.base(found.from_ini) / Path(word).expanduser()
    if not path.is_dir():
        what = f"{found.given_as}: no such folder"
        raise ScenarioError(what, seen=str(path), expected="default, live or a folder")
    return str(path)


def _store(found: _Found, source: Source) -> str:
    """A URL as it is given, a path from where it was given."""
    word = found.word()
    if word == "none" or "://" in word:
        return "" if word == "none" else word
    return str(source.base(found.from_ini) / Path(word).expanduser())


def _baseline(found: _Found, source: Source) -> str:
    """One of the words, or a path that is there."""
    word = found.word()
    if word in ("", "latest", "none"):
        return word
    path = source.base(found.from_ini) / Path(word).expanduser()
    if not path.exists():
        raise ScenarioError(
            f"{found.given_as}: there is no such baseline",
            seen=str(path),
            expected="a file, a folder, latest or none",
            action="`leak-harness baseline approve RUN` writes one",
        )
    return str(path)


def _switch(found: _Found) -> bool:
    word = found.word().lower() if found.values else ""
    if word in ("", "0", "off", "no", "false"):
        return False
    if word in ("1", "on", "yes", "true"):
        return True
    raise ScenarioError(f"{found.given_as}: not a switch", seen=word, expected="on or off")
