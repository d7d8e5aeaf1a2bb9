"""Settings: precedence, validation, names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from harness.errors import ScenarioError
from harness.settings import OPTIONS, Option, read_settings


@dataclass
class Given:
    """Command line and ini file as dictionaries, by option name."""

    line: Mapping[str, Sequence[str]] = field(default_factory=dict)
    ini: Mapping[str, Sequence[str]] = field(default_factory=dict)
    folder: Path = Path("/work")

    def command_line(self, option: Option) -> Sequence[str]:
        return self.line.get(option.name, ())

    def ini_file(self, option: Option) -> Sequence[str]:
        return self.ini.get(option.name, ())

    def base(self, from_ini: bool) -> Path:
        return self.folder / ("root" if from_ini else "here")


def test_the_embedded_device_is_the_default() -> None:
    settings = read_settings(Given(), {})
    assert (settings.device, settings.internet, settings.keep_secrets) == (
        "virtual",
        "default",
        False,
    )


def test_the_names_of_the_public_contract() -> None:
    flags = {option.flag for option in OPTIONS}
    assert flags >= {
        "--leak-device", "--leak-app", "--leak-output", "--leak-terms", "--leak-typing",
        "--leak-env", "--leak-internet", "--leak-keep-secrets", "--leak-screenshot",
    }  # fmt: skip
    names = {option.name: (option.ini, option.variable) for option in OPTIONS}
    assert names["keep-secrets"] == ("leak_keep_secrets", "LEAK_KEEP_SECRETS")


@pytest.mark.parametrize(
    ("line", "environment", "ini", "device"),
    [
        (["a"], {"LEAK_DEVICE": "b", "ANDROID_SERIAL": "c"}, ["d"], "a"),
        ([], {"LEAK_DEVICE": "b", "ANDROID_SERIAL": "c"}, ["d"], "b"),
        ([], {"ANDROID_SERIAL": "c"}, ["d"], "c"),
        ([], {}, ["d"], "d"),
        ([], {}, [], "virtual"),
    ],
)
def test_precedence(
    line: list[str], environment: dict[str, str], ini: list[str], device: str
) -> None:
    given = Given({"device": line}, {"device": ini})
    assert read_settings(given, environment).device == device


def test_paths_count_from_where_they_were_written(tmp_path: Path) -> None:
    given = Given(ini={"output": ["out"]}, folder=tmp_path)
    assert read_settings(given, {}).output == tmp_path / "root" / "out"
    given = Given(line={"output": ["out"]}, folder=tmp_path)
    assert read_settings(given, {}).output == tmp_path / "here" / "out"


def test_where_runs_are_kept(tmp_path: Path) -> None:
    def kept(**given: Sequence[str]) -> str:
        source = Given({"store": given.get("line", [])}, {"store": given.get("ini", [])}, tmp_path)
        return read_settings(source, {}).store

    assert kept() == str(tmp_path / "here/.leak/runs.db")
    assert kept(ini=["a.db"]) == str(tmp_path / "root/a.db")
    assert kept(line=["none"]) == ""
    url = "postgresql+psycopg://leak@/team"
    assert kept(line=[url], ini=["a.db"]) == url


def test_variables() -> None:
    given = Given(line={"env": ["A=1", "B=x=y", "C="]})
    assert read_settings(given, {}).env == {"A": "1", "B": "x=y", "C": ""}
    assert read_settings(Given(), {"LEAK_ENV": "A=1\nB=2"}).env == {"A": "1", "B": "2"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"typing": ["frda"]}, "did you mean frida?"),
        ({"env": ["A"]}, "NAME=VALUE"),
        ({"env": ["1x=y"]}, "not a variable"),
        ({"terms": ["nowhere.txt"]}, "--leak-terms: no such file"),
        ({"app": ["nowhere.apk"]}, "--leak-app: no such file"),
        ({"internet": ["nowhere"]}, "--leak-internet: no such folder"),
        ({"device": [" "]}, "--leak-device is empty"),
        ({"screenshot": ["maybe"]}, "on, off, only-on-failure"),
    ],
)
def test_refusals(line: dict[str, list[str]], words: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_settings(Given(line), {})
    assert words in str(caught.value)


def test_a_refusal_names_where_the_value_came_from() -> None:
    with pytest.raises(ScenarioError, match=r"^LEAK_TYPING: unknown value"):
        read_settings(Given(), {"LEAK_TYPING": "x"})
    with pytest.raises(ScenarioError, match=r"^ini key leak_typing: unknown value"):
        read_settings(Given(ini={"typing": ["x"]}), {})


@pytest.mark.parametrize(("word", "on"), [("1", True), ("off", False), ("Yes", True)])
def test_switches(word: str, on: bool) -> None:
    assert read_settings(Given(), {"LEAK_KEEP_SECRETS": word}).keep_secrets is on
