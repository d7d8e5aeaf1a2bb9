"""Intents as `am` takes them on its command line and prints them.

After AOSP `android.content.Intent.parseCommandArgs` and `Intent.toString`. Extras: the forms that
become a string, a boolean, an integer or a floating point number; arrays and URIs are refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from harness.virtual.device.device import Device
from harness.virtual.host import IntentSpec
from harness.virtual.host.model import ExtraValue

MAIN, LAUNCHER = "android.intent.action.MAIN", "android.intent.category.LAUNCHER"
_TRUE = {"true": True, "t": True, "1": True, "false": False, "f": False, "0": False}
_FLAGS = {
    "--activity-clear-top": 0x04000000,
    "--activity-clear-task": 0x00008000,
    "--activity-new-task": 0x10000000,
    "--activity-single-top": 0x20000000,
    "--activity-no-animation": 0x00010000,
    "--activity-no-history": 0x40000000,
    "--activity-reorder-to-front": 0x00020000,
    "--include-stopped-packages": 0x00000020,
    "--receiver-foreground": 0x10000000,
}


class BadIntent(ValueError):
    """The words are no intent; the text is that of Android's exception."""


@dataclass(slots=True)
class Words:
    """The words of an `am` command: intent parts, and options of the command itself."""

    component: str = ""
    package: str = ""
    action: str = ""
    data: str = ""
    type: str = ""
    categories: list[str] = field(default_factory=list)
    extras: dict[str, ExtraValue] = field(default_factory=dict)
    flags: int = 0
    options: set[str] = field(default_factory=set)

    def spec(self, component: str) -> IntentSpec:
        return IntentSpec(
            component=component,
            action=self.action,
            data=self.data,
            type=self.type,
            categories=tuple(self.categories),
            extras=self.extras,
            flags=self.flags,
        )

    def text(self) -> str:
        """As `Intent.toString` prints it."""
        parts = [f"act={self.action}"] if self.action else []
        if self.categories:
            parts.append(f"cat=[{','.join(self.categories)}]")
        if self.data:
            parts.append(f"dat={self.data}")
        if self.type:
            parts.append(f"typ={self.type}")
        if self.flags:
            parts.append(f"flg=0x{self.flags:x}")
        if self.package:
            parts.append(f"pkg={self.package}")
        if self.component:
            parts.append(f"cmp={short(self.component)}")
        if self.extras:
            parts.append("(has extras)")
        return "Intent { " + " ".join(parts) + " }"


def _boolean(text: str) -> bool:
    if text.lower() not in _TRUE:
        raise BadIntent(f"Invalid boolean value: {text}")
    return _TRUE[text.lower()]


def _integer(text: str) -> int:
    try:
        return int(text, 0)
    except ValueError as error:
        raise BadIntent(f'For input string: "{text}"') from error


_EXTRAS: dict[str, Callable[[str], ExtraValue]] = {
    "-e": str,
    "--es": str,
    "--ez": _boolean,
    "--ei": _integer,
    "--el": _integer,
    "--ef": float,
    "--ed": float,
}
_COMMAND_VALUES = frozenset(
    [
        "--user",
        "--display",
        "--windowingMode",
        "--activityType",
        "--task",
        "--start-profiler",
        "-P",
        "--sampling",
        "--receiver-permission",
        "--splashscreen-style",
    ]
)
_REFUSED = frozenset(
    [
        "--eia",
        "--eial",
        "--ela",
        "--elal",
        "--efa",
        "--efal",
        "--esa",
        "--esal",
        "--eu",
        "--ecn",
        "--edal",
    ]
)


def parse(args: list[str]) -> Words:
    """Sort the words. Raises `BadIntent`."""
    words = Words()
    rest = iter(args)

    def value(option: str) -> str:
        found = next(rest, None)
        if found is None:
            raise BadIntent(f'Argument expected after "{option}"')
        return found

    for word in rest:
        if word in _EXTRAS:
            name = value(word)
            text = value(word)
            words.extras[name] = _EXTRAS[word](text)
        elif word in _FLAGS:
            words.flags |= _FLAGS[word]
        elif word in _REFUSED:
            raise BadIntent(f"extras by {word} are not supported on this device")
        elif word == "-n":
            words.component = value(word)
            if "/" not in words.component:
                raise BadIntent(f"Bad component name: {words.component}")
        elif word == "-a":
            words.action = value(word)
        elif word == "-d":
            words.data = value(word)
        elif word == "-t":
            words.type = value(word)
        elif word == "-c":
            words.categories.append(value(word))
        elif word == "-p":
            words.package = value(word)
        elif word == "-f":
            words.flags |= _integer(value(word))
        elif word in _COMMAND_VALUES:
            value(word)
        elif word.startswith("-"):
            words.options.add(word)
        else:
            _loose(words, word)
    return words


def _loose(words: Words, word: str) -> None:
    """A word without option: a URI, a component, or a package to be launched."""
    if re.match(r"[a-zA-Z][\w+.-]*:", word):
        words.data = word
    elif "/" in word:
        words.component = word
    else:
        words.package = word
    if not words.action and not words.data:
        words.action = MAIN
        if not words.component and LAUNCHER not in words.categories:
            words.categories.append(LAUNCHER)


def full(component: str) -> str:
    """`pkg/.Class` as `pkg/pkg.Class`."""
    package, _, cls = component.partition("/")
    return f"{package}/{package}{cls}" if cls.startswith(".") else component


def short(component: str) -> str:
    """`ComponentName.flattenToShortString`."""
    package, _, cls = component.partition("/")
    return f"{package}/{cls.removeprefix(package)}" if cls.startswith(package + ".") else component


def resolve(device: Device, words: Words) -> str:
    """The full component that would be started, empty if none is found."""
    if words.component:
        return full(words.component)
    for package in device.packages:
        if words.package and package.name != words.package:
            continue
        manifest = package.manifest
        if (
            words.action == MAIN
            and manifest.launcher_activity
            and (words.package or LAUNCHER in words.categories)
        ):
            return manifest.launcher_component
        for activity in manifest.activities:
            if activity.exported and words.action in activity.actions:
                return f"{package.name}/{activity.name}"
    return ""


def declared(device: Device, component: str) -> bool:
    """Whether an installed manifest has this activity."""
    name, _, cls = component.partition("/")
    package = device.packages.get(name)
    return package is not None and any(a.name == cls for a in package.manifest.activities)
