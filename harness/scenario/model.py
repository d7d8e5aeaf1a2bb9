"""A scenario as values: what the header declares and which steps are to be played.

Input: nothing; `reader` builds these from text, Python code may build them too. Texts may hold
placeholders (`harness.scenario.variables`), which the runner expands. Durations carry their unit.
Refuses nothing: the reader validates.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from harness.device.selectors import Selector
from harness.findings.expectations import LeakCheck
from harness.scenario.place import Place

Pairs: TypeAlias = tuple[tuple[str, str], ...]


class Consent(StrEnum):
    """What the person in front of the app has answered to its consent dialog."""

    NONE = "none"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    REVOKED = "revoked"


class TypingMethod(StrEnum):
    AUTO = "auto"
    FRIDA = "frida"
    IME = "ime"
    KEYS = "keys"


class TypingUnit(StrEnum):
    """What is typed at once: search-as-you-type is only exercised by graphemes."""

    GRAPHEME = "grapheme"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Typing:
    method: TypingMethod = TypingMethod.AUTO
    per: TypingUnit = TypingUnit.GRAPHEME
    delay_ms: int = 75


@dataclass(frozen=True, slots=True)
class Bare:
    """Arguments of a step that takes none."""


@dataclass(frozen=True, slots=True)
class LaunchApp:
    """An empty `app_id` means the scenario's; `permissions` are (name, `allow` or `deny`)."""

    app_id: str = ""
    clear_state: bool = False
    stop_app: bool = True
    permissions: Pairs = (("all", "allow"),)


@dataclass(frozen=True, slots=True)
class OneApp:
    app_id: str = ""


@dataclass(frozen=True, slots=True)
class Permissions:
    permissions: Pairs


@dataclass(frozen=True, slots=True)
class Tap:
    """`retry_if_no_change`: tap a second time when the screen stayed as it was."""

    target: Selector
    repeat: int = 1
    delay_ms: int = 100
    retry_if_no_change: bool = False


@dataclass(frozen=True, slots=True)
class LongPress:
    target: Selector
    duration_ms: int = 3000


@dataclass(frozen=True, slots=True)
class Input:
    text: str


@dataclass(frozen=True, slots=True)
class Erase:
    """`count` graphemes from the end; None empties the field."""

    count: int | None = None


@dataclass(frozen=True, slots=True)
class PressKey:
    """`code` is Android's key code for `key`."""

    key: str
    code: int


@dataclass(frozen=True, slots=True)
class Look:
    """What to look for, and how long at most (None: the runner's default)."""

    target: Selector
    timeout_ms: int | None = None


@dataclass(frozen=True, slots=True)
class WaitUntil:
    visible: Selector | None
    not_visible: Selector | None
    timeout_ms: int


@dataclass(frozen=True, slots=True)
class Swipe:
    """Either a direction (`UP`, `DOWN`, `LEFT`, `RIGHT`), optionally from an element, or points.

    Points are `x,y` in pixels or `x%,y%` of the screen.
    """

    direction: str = ""
    start: str = ""
    end: str = ""
    origin: Selector | None = None
    duration_ms: int = 400


@dataclass(frozen=True, slots=True)
class ScrollUntilVisible:
    target: Selector
    direction: str = "DOWN"
    timeout_ms: int = 20000


@dataclass(frozen=True, slots=True)
class WaitForAnimation:
    timeout_ms: int = 15000


@dataclass(frozen=True, slots=True)
class Condition:
    """All that are given must hold; `platform` is compared with Android."""

    visible: Selector | None = None
    not_visible: Selector | None = None
    platform: str = ""


@dataclass(frozen=True, slots=True)
class RunFlow:
    """`file` is empty for commands written in place."""

    steps: tuple[Step, ...]
    file: str = ""
    when: Condition | None = None
    env: Pairs = ()


@dataclass(frozen=True, slots=True)
class Repeat:
    """`times` None: for as long as the condition holds."""

    steps: tuple[Step, ...]
    times: int | None = None
    while_: Condition | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    steps: tuple[Step, ...]
    max_retries: int = 1


@dataclass(frozen=True, slots=True)
class OpenLink:
    link: str


@dataclass(frozen=True, slots=True)
class Named:
    """`takeScreenshot` and `markCapture`: a name for what is kept."""

    name: str


@dataclass(frozen=True, slots=True)
class Leaks:
    """Receivers that must be seen to get the term."""

    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextIs:
    target: Selector
    equals: str


Arguments: TypeAlias = (
    Bare | LaunchApp | OneApp | Permissions | Tap | LongPress | Input | Erase | PressKey | Look
    | WaitUntil | Swipe | ScrollUntilVisible | WaitForAnimation | RunFlow | Repeat | Retry
    | OpenLink | Named | Leaks | TextIs
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One action; `kind` is its word in the file, `optional` turns a failure into a warning."""

    kind: str
    args: Arguments
    place: Place
    label: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class ConsentDialog:
    """How the consent dialog is answered; what is None falls back to the table of common words."""

    accept: Selector | None = None
    reject: Selector | None = None
    revoke: tuple[Step, ...] | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario file.

    Attributes:
        path: the file, for relative names and for reports.
        env: the header's variables, overridden by what the run was given.
        terms: texts to type and to look for, one run each.
        consent: the declared states; more than one means one run each, by `applyConsent`.
        properties: free pairs of the author, handed on to reports.
        environment: names that `${env.NAME}` uses; their values are secret.
        on_start: steps of `onFlowStart`; on_complete: of `onFlowComplete`, played in any case.
    """

    path: Path
    app_id: str
    steps: tuple[Step, ...]
    place: Place
    name: str = ""
    tags: tuple[str, ...] = ()
    env: Pairs = ()
    properties: Pairs = ()
    terms: tuple[str, ...] = ()
    consent: tuple[Consent, ...] = (Consent.NONE,)
    consent_dialog: ConsentDialog = ConsentDialog()
    typing: Typing = Typing()
    leak_check: LeakCheck = field(default_factory=LeakCheck)
    environment: tuple[str, ...] = ()
    on_start: tuple[Step, ...] = ()
    on_complete: tuple[Step, ...] = ()
