"""The steps: which words there are, what each takes, and what it becomes.

Input: the list in a scenario's second document. Output: typed `Step`s. `STEPS` is the whole
language; a new step is one line there, one argument type in `model`, one function in `run.actions`.
Refuses unknown words (with the nearest one), Maestro's JavaScript and AI steps (with the reason),
and steps with more than one word in one list entry.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from harness.scenario import flows
from harness.scenario.document import Entry, Listing, Scalar, Tree
from harness.scenario.document import Mapping as MappingTree
from harness.scenario.fields import Fields, Reading, number, pairs, texts
from harness.scenario.keys import KEY_CODES
from harness.scenario.model import (
    Arguments,
    Bare,
    Erase,
    Input,
    LaunchApp,
    Leaks,
    LongPress,
    Look,
    Named,
    OneApp,
    OpenLink,
    Permissions,
    PressKey,
    ScrollUntilVisible,
    Step,
    Swipe,
    Tap,
    TextIs,
    WaitForAnimation,
    WaitUntil,
)
from harness.scenario.place import Place
from harness.scenario.targets import read_point, read_selector, take_selector
from harness.scenario.unsupported import REFUSED

Build = Callable[[Fields], Arguments]

DIRECTIONS = ("UP", "DOWN", "LEFT", "RIGHT")


@dataclass(frozen=True, slots=True)
class Word:
    """One step of the language.

    Attributes:
        build: makes the arguments from the properties in mapping form.
        short: property that a bare value stands for (`inputText: x`), empty if none may stand.
        alone: whether the word may stand without any value.
    """

    build: Build
    short: str = ""
    alone: bool = False


def read_steps(reading: Reading, tree: Tree, what: str) -> tuple[Step, ...]:
    """A list of steps, placeholders checked, included files read."""
    listing: Listing = reading.listing(tree, what)
    return tuple(_step(reading, item) for item in listing.items)


def _step(reading: Reading, tree: Tree) -> Step:
    reading.tally.steps_left -= 1
    if reading.tally.steps_left < 0:
        raise reading.error(tree.place, "too many steps", action="look for files in a circle")
    if isinstance(tree, Scalar):
        kind, place, value = reading.scalar(tree, "a step").text, tree.place, None
    else:
        entries = reading.mapping(tree, "a step").entries
        if len(entries) != 1:
            second = entries[1] if len(entries) > 1 else None
            raise reading.error(
                second.place if second else tree.place,
                "one step is one word with its properties",
                seen=", ".join(f"`{entry.key}`" for entry in entries) or "nothing",
                action="give each step its own `-`, or indent its properties below it",
            )
        kind, place, value = entries[0].key, entries[0].place, entries[0].value
    if kind in REFUSED:
        raise reading.error(place, f"`{kind}` is not supported", action=REFUSED[kind])
    if kind not in STEPS:
        raise reading.unknown("step", place, kind, STEPS)
    return _built(reading, kind, place, value)


def _built(reading: Reading, kind: str, place: Place, value: Tree | None) -> Step:
    word = STEPS[kind]
    what = f"step `{kind}`"
    if value is None:
        if not word.alone:
            raise reading.error(place, f"{what} needs a value")
        mapping = MappingTree((), place)
    elif isinstance(value, Scalar | Listing):
        shown = reading.scalar(value, what) if isinstance(value, Scalar) else value
        if not word.short:
            raise reading.error(shown.place, f"{what} takes properties only, no bare value")
        mapping = MappingTree((Entry(word.short, shown.place, shown),), place)
    else:
        mapping = value
    fields = Fields(reading, mapping, what)
    label = fields.text("label")
    optional = fields.flag("optional", False)
    args = word.build(fields)
    fields.done()
    return Step(kind, args, place, label, optional)


def _launch_app(fields: Fields) -> LaunchApp:
    entry = fields.take("arguments")
    if entry is not None:
        raise fields.reading.error(entry.place, "launch arguments are not supported")
    return LaunchApp(
        app_id=fields.text("appId"),
        clear_state=fields.flag("clearState", False),
        stop_app=fields.flag("stopApp", True),
        permissions=_permissions(fields) or LaunchApp().permissions,
    )


def _permissions(fields: Fields) -> tuple[tuple[str, str], ...]:
    def read(tree: Tree, what: str) -> tuple[tuple[str, str], ...]:
        found = pairs(fields.reading, tree, what)
        for entry, (_, answer) in zip(
            fields.reading.mapping(tree, what).entries, found, strict=True
        ):
            if answer not in ("allow", "deny", "unset"):
                raise fields.reading.unknown(
                    "permission state", entry.value.place, answer, ("allow", "deny", "unset")
                )
        return found

    return fields.read("permissions", (), read)


def _set_permissions(fields: Fields) -> Permissions:
    found = _permissions(fields)
    if not found:
        raise fields.reading.error(fields.place, f"{fields.what} needs `permissions`")
    return Permissions(found)


def _tap(fields: Fields) -> Tap:
    for ignored in ("waitUntilVisible", "waitToSettleTimeoutMs"):
        fields.text(ignored)  # settling is always done, within the step's own deadline
    return Tap(
        repeat=fields.number("repeat", 1, low=1, high=100),
        delay_ms=fields.number("delay", 100),
        retry_if_no_change=fields.flag("retryTapIfNoChange", False),
        target=take_selector(fields),
    )


def _erase(fields: Fields) -> Erase:
    entry = fields.take("charactersToErase")
    if entry is None:
        return Erase()
    return Erase(number(fields.reading, entry.value, "the number of characters", 1, 10_000))


def _press_key(fields: Fields) -> PressKey:
    entry = fields.required("key")
    key = fields.reading.text(entry.value, "`key`")
    code = KEY_CODES.get(key.casefold())
    if code is None:
        raise fields.reading.unknown("key", entry.value.place, key, KEY_CODES)
    return PressKey(key, code)


def _wait_until(fields: Fields) -> WaitUntil:
    timeout_ms = fields.number("timeout", 17_000)
    visible, not_visible = flows.take_look(fields, "visible"), flows.take_look(fields, "notVisible")
    if (visible is None) == (not_visible is None):
        raise fields.reading.error(
            fields.place, f"{fields.what} needs either `visible` or `notVisible`"
        )
    return WaitUntil(visible, not_visible, timeout_ms)


def _swipe(fields: Fields) -> Swipe:
    def read(key: str) -> str:
        return fields.read(key, "", lambda tree, what: read_point(fields.reading, tree, what))

    swipe = Swipe(
        direction=fields.choice("direction", "", DIRECTIONS),
        start=read("start"),
        end=read("end"),
        origin=flows.take_look(fields, "from"),
        duration_ms=fields.number("duration", 400, low=50, high=60_000),
    )
    if bool(swipe.direction) == bool(swipe.start and swipe.end):
        raise fields.reading.error(
            fields.place, f"{fields.what} needs either `direction`, or `start` and `end`"
        )
    return swipe


def _scroll_until_visible(fields: Fields) -> ScrollUntilVisible:
    for ignored in ("speed", "visibilityPercentage", "centerElement"):
        fields.text(ignored)  # how Maestro scrolls; what is looked for does not depend on it
    entry = fields.required("element")
    return ScrollUntilVisible(
        read_selector(fields.reading, entry.value, "`element`"),
        direction=fields.choice("direction", "DOWN", DIRECTIONS),
        timeout_ms=fields.number("timeout", 20_000),
    )


def _leaks(fields: Fields) -> Leaks:
    entry = fields.required("to")
    hosts = texts(fields.reading, entry.value, "`to`")
    if not hosts:
        raise fields.reading.error(entry.value.place, "`to` names no host")
    return Leaks(hosts)


def _bare(fields: Fields) -> Bare:
    return Bare()


def _one_app(fields: Fields) -> OneApp:
    return OneApp(fields.text("appId"))


_BARE = Word(_bare, alone=True)
_APP = Word(_one_app, short="appId", alone=True)
_LOOK = Word(lambda fields: Look(take_selector(fields)), short="text")

STEPS: Mapping[str, Word] = {
    "launchApp": Word(_launch_app, short="appId", alone=True),
    "clearState": _APP,
    "stopApp": _APP,
    "killApp": _APP,
    "setPermissions": Word(_set_permissions),
    "tapOn": Word(_tap, short="text"),
    "longPressOn": Word(lambda fields: LongPress(take_selector(fields)), short="text"),
    "inputText": Word(lambda fields: Input(fields.required_text("text")), short="text"),
    "eraseText": Word(_erase, short="charactersToErase", alone=True),
    "pressKey": Word(_press_key, short="key"),
    "back": _BARE,
    "hideKeyboard": _BARE,
    "assertVisible": _LOOK,
    "assertNotVisible": _LOOK,
    "extendedWaitUntil": Word(_wait_until),
    "scroll": _BARE,
    "swipe": Word(_swipe),
    "scrollUntilVisible": Word(_scroll_until_visible),
    "waitForAnimationToEnd": Word(
        lambda fields: WaitForAnimation(fields.number("timeout", 15_000)), alone=True
    ),
    "runFlow": Word(flows.read_run_flow, short="file"),
    "repeat": Word(flows.read_repeat),
    "retry": Word(flows.read_retry),
    "openLink": Word(lambda fields: OpenLink(fields.required_text("link")), short="link"),
    "takeScreenshot": Word(lambda fields: Named(fields.required_text("path")), short="path"),
    "copyTextFrom": _LOOK,
    "inputTerm": _BARE,
    "submitSearch": _BARE,
    "acceptConsent": _BARE,
    "rejectConsent": _BARE,
    "revokeConsent": _BARE,
    "applyConsent": _BARE,
    "startCapture": _BARE,
    "markCapture": Word(lambda fields: Named(fields.required_text("name")), short="name"),
    "assertNoLeak": _BARE,
    "assertLeaks": Word(_leaks, short="to"),
    "assertText": Word(
        lambda fields: TextIs(equals=fields.required_text("equals"), target=take_selector(fields))
    ),
}
