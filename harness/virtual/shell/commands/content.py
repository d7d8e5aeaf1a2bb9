"""`content`: the settings as a content provider, which is how some clients read and turn them.

`content://settings/{system,secure,global}[/NAME]` can be queried, inserted into, updated and
deleted from; `--where` understands `name='X'`. Other providers belong to apps that are not there;
the answer is the one of Android's own command (AOSP `com.android.commands.content.Content`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from harness.virtual.device.settings import NAMESPACES, Settings
from harness.virtual.shell.command import Command, Evidence, Invocation, Origin, table

ORIGIN = Origin(Evidence.DOCUMENTED, "AOSP cmds/content/Content.java, SettingsProvider.java")
_URI = re.compile(r"content://([^/]+)/?([^/]*)/?([^/]*)")
_WHERE = re.compile(r"""\s*name\s*=\s*(['"])(.*)\1\s*""")
_COLUMNS = ("_id", "name", "value")


class _Refused(Exception):
    """The words after `[ERROR] `."""


@dataclass(slots=True)
class _Asked:
    """A command line, sorted."""

    verb: str
    namespace: str = ""
    name: str = ""
    columns: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)


async def _content(call: Invocation) -> int:
    try:
        asked = _parse(call.args)
        text = _VERBS[asked.verb](call.device.settings, asked)
    except _Refused as refused:
        return await call.fail(f"[ERROR] {refused}")
    except LookupError as unknown:
        return await call.fail(
            f"Error while accessing provider:{unknown.args[0]}\n"
            f"java.lang.IllegalStateException: Could not find provider: {unknown.args[0]}"
        )
    await call.out(text)
    return 0


def _parse(args: list[str]) -> _Asked:
    if not args or args[0] not in _VERBS:
        raise _Refused(f"Unsupported command: {args[0] if args else ''}")
    asked = _Asked(args[0])
    rest = iter(args[1:])
    uri = ""
    for word in rest:
        value = next(rest, None)
        if value is None:
            raise _Refused(f"Argument expected after {word}")
        if word == "--uri":
            uri = value
        elif word == "--where":
            asked.name = _where(value)
        elif word == "--projection":
            asked.columns = value.split(":")
        elif word == "--bind":
            column, _, typed = value.partition(":")
            asked.values[column] = typed.partition(":")[2]
        elif word not in ("--user", "--sort", "--extra"):
            raise _Refused(f"Unsupported argument: {word}")
    _address(uri, asked)
    return asked


def _where(clause: str) -> str:
    match = _WHERE.fullmatch(clause)
    if match is None:
        raise _Refused(f"this device understands only --where \"name='...'\", not {clause}")
    return match.group(2)


def _address(uri: str, asked: _Asked) -> None:
    if not uri:
        raise _Refused("Content provider URI not specified. Did you specify --uri argument?")
    match = _URI.fullmatch(uri)
    authority, namespace, name = match.groups() if match else (uri, "", "")
    if authority != "settings" or namespace not in NAMESPACES:
        raise LookupError(authority if authority != "settings" else uri)
    asked.namespace = namespace
    asked.name = name or asked.name


def _query(settings: Settings, asked: _Asked) -> str:
    columns = asked.columns or list(_COLUMNS)
    rows = [
        (str(number), name, value)
        for number, (name, value) in enumerate(sorted(settings.all(asked.namespace).items()), 1)
        if asked.name in ("", name)
    ]
    if unknown := [column for column in columns if column not in _COLUMNS]:
        raise _Refused(f"Invalid column {unknown[0]}")
    lines = [
        f"Row: {index} "
        + ", ".join(f"{column}={row[_COLUMNS.index(column)]}" for column in columns)
        for index, row in enumerate(rows)
    ]
    return "\n".join(lines or ["No result found."]) + "\n"


def _put(settings: Settings, asked: _Asked) -> str:
    name = asked.values.get("name") or asked.name
    if not name or "value" not in asked.values:
        raise _Refused("Bindings not specified. Did you specify --bind argument(s)?")
    settings.set(asked.namespace, name, asked.values["value"])
    return ""


def _delete(settings: Settings, asked: _Asked) -> str:
    settings.delete(asked.namespace, asked.name)
    return ""


_VERBS = {"query": _query, "insert": _put, "update": _put, "delete": _delete}

COMMANDS: dict[str, Command] = table(ORIGIN, {"content": _content})
