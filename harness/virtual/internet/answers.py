"""Canned answers: folders of `<host>.yaml` files as a book that is asked per request. Pure lookup.

Input: folders. A file holds a list of entries, the first that matches answers:

    - {method: POST, path: '^/track', status: 200, headers: {x-a: b}, json: {ok: true}, delay_ms: 0}

`method` and `path` (a regular expression searched in path plus query) narrow, both may be left out;
the content is one of `json`, `body` (text) and `file` (beside the YAML file). Scalars are typed as
in JSON: `no` and `007` stay text. Several folders: the first one's entries come first. Refused with
file and line: unknown keys, wrong types, two contents, patterns that do not compile, files that are
not there or outside the folder.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from harness.errors import ScenarioError, nearest
from harness.virtual.internet.typed_yaml import Item, load

MAX_DELAY_MS = 120_000

_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|[0-9a-f:]+")
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


@dataclass(frozen=True, slots=True)
class Answer:
    """What one entry answers; `source` is `FILE:LINE`, content type is set unless in `headers`."""

    method: str
    path: re.Pattern[str] | None
    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes
    content_type: str
    delay_ms: int
    source: str

    def fits(self, method: str, path: str) -> bool:
        """Whether it answers `method` (upper case) on `path` (with the query).

        An entry for GET also answers HEAD, as RFC 9110 wants it.
        """
        methods = ("GET", "HEAD") if self.method == "GET" else (self.method,)
        if self.method and method not in methods:
            return False
        return self.path is None or self.path.search(path) is not None


@dataclass(frozen=True, slots=True)
class AnswerBook:
    """All entries by host, in order."""

    hosts: Mapping[str, tuple[Answer, ...]]

    def find(self, host: str, method: str, path: str) -> Answer | None:
        """The first entry for the host that fits, None when the default is to answer."""
        entries = self.hosts.get(host.lower(), ())
        return next((entry for entry in entries if entry.fits(method.upper(), path)), None)


def read_answers(folders: Sequence[Path]) -> AnswerBook:
    """Read all folders.

    Raises:
        ScenarioError: a folder is missing or a file is wrong; names file and line.
    """
    hosts: dict[str, list[Answer]] = {}
    for folder in folders:
        if not folder.is_dir():
            raise ScenarioError(
                "there is no such folder of canned answers",
                where=str(folder),
                action="name a folder with <host>.yaml files, `default` or `live`",
            )
        for path in sorted(folder.iterdir()):
            if path.suffix in (".yaml", ".yml"):
                hosts.setdefault(_host_of(path), []).extend(_read_file(path))
    return AnswerBook({host: tuple(entries) for host, entries in hosts.items()})


def _host_of(path: Path) -> str:
    host = path.stem.lower()
    if path.suffix != ".yaml" or not _HOST.fullmatch(host):
        raise ScenarioError(
            "this file is not named after a host",
            where=str(path),
            expected="<host>.yaml, such as api.example.org.yaml",
        )
    return host


def _read_file(path: Path) -> list[Answer]:
    try:
        root = load(path.read_text(encoding="utf-8"))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        raise ScenarioError("this is not YAML", where=place, seen=str(error.problem)) from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ScenarioError("this file cannot be read", where=str(path), seen=str(error)) from error
    if root is None:
        return []
    if not isinstance(root.value, list):
        raise _wrong(
            path, root, "this file must hold a list of entries", "- {path: ..., json: ...}"
        )
    return [_entry(path, item) for item in root.value]


_KEYS: dict[str, tuple[type, ...]] = {
    "method": (str,),
    "path": (str,),
    "status": (int,),
    "headers": (dict,),
    "json": (object,),
    "body": (str,),
    "file": (str,),
    "delay_ms": (int,),
}
"""Key of an entry -> types that its value may have."""

_RANGES = {"status": range(200, 600), "delay_ms": range(MAX_DELAY_MS + 1)}

_CONTENTS = ("json", "body", "file")


def _entry(path: Path, item: Item) -> Answer:
    if not isinstance(item.value, dict):
        raise _wrong(path, item, "an entry must be a map", ", ".join(_KEYS))
    values = {key: _checked(path, key, inner) for key, inner in item.value.items()}
    given = [key for key in _CONTENTS if key in values]
    if len(given) > 1:
        raise _wrong(path, item, f"{' and '.join(given)} exclude each other", "one content")
    content, content_type = _content(path, item, values)
    return Answer(
        method=values.get("method", "").upper(),
        path=_pattern(path, item.value["path"]) if "path" in values else None,
        status=values.get("status", 200),
        headers=_headers(path, item.value["headers"]) if "headers" in values else (),
        content=content,
        content_type=content_type,
        delay_ms=values.get("delay_ms", 0),
        source=f"{path}:{item.line}",
    )


def _checked(path: Path, key: str, item: Item) -> Any:
    if key not in _KEYS:
        hint = nearest(key, _KEYS)
        action = f"did you mean {hint!r}?" if hint else ""
        raise _wrong(path, item, f"unknown key {key!r}", ", ".join(_KEYS), action)
    value = item.plain()
    right = isinstance(value, _KEYS[key]) and not (isinstance(value, bool) and key != "json")
    if not right:
        kinds = " or ".join(kind.__name__ for kind in _KEYS[key])
        raise _wrong(path, item, f"{key} has the wrong type", kinds, seen=repr(value))
    if key in _RANGES and value not in _RANGES[key]:
        span = f"{_RANGES[key].start} to {_RANGES[key].stop - 1}"
        raise _wrong(path, item, f"{key} is out of range", span, seen=str(value))
    if key == "method" and not _TOKEN.fullmatch(value):
        raise _wrong(
            path, item, "method is not a method's name", "GET, POST, ...", seen=repr(value)
        )
    return value


def _pattern(path: Path, item: Item) -> re.Pattern[str]:
    try:
        return re.compile(item.value)
    except re.error as error:
        raise _wrong(
            path, item, "path is not a regular expression", str(error), seen=repr(item.value)
        ) from error


def _headers(path: Path, item: Item) -> tuple[tuple[str, str], ...]:
    found = []
    for name, inner in item.value.items():
        value = inner.plain()
        text = json.dumps(value) if not isinstance(value, str) else value
        if isinstance(value, (list, dict)) or "\n" in text or "\r" in text:
            raise _wrong(path, inner, f"header {name!r} needs one line of text", "text")
        if not _TOKEN.fullmatch(name):
            raise _wrong(
                path, inner, "this is not a header's name", "letters and dashes", seen=name
            )
        found.append((name, text))
    return tuple(found)


def _content(path: Path, item: Item, values: Mapping[str, Any]) -> tuple[bytes, str]:
    if "file" in values:
        return _file(path, item.value["file"]), "application/octet-stream"
    if "body" in values:
        return str(values["body"]).encode(), "text/plain; charset=utf-8"
    text = json.dumps(values.get("json", {}), ensure_ascii=False)
    return text.encode(), "application/json"


def _file(path: Path, item: Item) -> bytes:
    target = Path(path.parent, str(item.value)).resolve()
    if not target.is_relative_to(path.parent.resolve()):
        raise _wrong(path, item, "file leads out of the folder", "a file beside this one")
    if not target.is_file():
        raise _wrong(path, item, "there is no such file", "a file beside this one", seen=item.value)
    return target.read_bytes()


def _wrong(
    path: Path, item: Item, what: str, expected: str, action: str = "", seen: str = ""
) -> ScenarioError:
    place = f"{path}:{item.line}:{item.column}"
    return ScenarioError(what, where=place, expected=expected, action=action, seen=seen)
