"""Commands of the device's shell, one file per family, each with its table; here is their sum."""

from __future__ import annotations

from collections.abc import Mapping

from harness.virtual.shell.command import Command
from harness.virtual.shell.commands import (
    activity,
    builtin,
    conditions,
    content,
    dumpsys,
    files,
    find,
    inputs,
    leaving,
    links,
    logcat,
    package,
    processes,
    runtime,
    screen,
    search,
    sed,
    service,
    streams,
    system,
    tar,
    text,
    variables,
)

FAMILIES = (
    builtin,
    variables,
    leaving,
    conditions,
    files,
    find,
    tar,
    links,
    text,
    search,
    sed,
    streams,
    system,
    processes,
    package,
    activity,
    inputs,
    screen,
    dumpsys,
    service,
    content,
    runtime,
    logcat,
)


def all_commands() -> Mapping[str, Command]:
    """Name -> command, for the whole device."""
    return {name: command for family in FAMILIES for name, command in family.COMMANDS.items()}
