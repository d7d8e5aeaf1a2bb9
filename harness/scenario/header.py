"""The header of a scenario file: Maestro's keys and ours.

Input: the first document. Output: the header's part of a `Scenario`. Refuses unknown keys (with
the nearest one), unknown consent states, allow lists that would allow everybody, terms that are
empty or given twice. Maestro's `url` is refused: pages in a browser are no app.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from harness.findings.expectations import (
    FLUSHES,
    Allow,
    Control,
    FileWaiver,
    LeakCheck,
    Waiver,
    waiver_of,
)
from harness.findings.hosts import ExpectationError
from harness.scenario import flows
from harness.scenario.document import Listing, Scalar, Tree, plain
from harness.scenario.fields import Fields, Reading, choice, texts
from harness.scenario.model import (
    Consent,
    ConsentDialog,
    Pairs,
    Step,
    Typing,
    TypingMethod,
    TypingUnit,
)
from harness.scenario.place import Place
from harness.scenario.terms import read_terms

T = TypeVar("T")

TAG = re.compile(r"[^\W_][\w-]*")
PACKAGE = re.compile(r"[A-Za-z]\w*(\.[A-Za-z]\w*)+", re.ASCII)
"""A package name as Android's installer accepts it."""


@dataclass(frozen=True, slots=True)
class Header:
    """Fields as in `Scenario`; `consent_place` is for errors about it."""

    app_id: str
    name: str
    tags: tuple[str, ...]
    env: Pairs
    properties: Pairs
    terms: tuple[str, ...]
    consent: tuple[Consent, ...]
    consent_place: Place
    consent_dialog: ConsentDialog
    typing: Typing
    leak_check: LeakCheck
    on_start: tuple[Step, ...]
    on_complete: tuple[Step, ...]


def read_header(reading: Reading, tree: Tree, term_name: str) -> Header:
    """The header; `term_name` is the variable that steps may use where terms are declared."""
    fields = Fields(reading, reading.mapping(tree, "the header"), "the header", "header key")
    url = fields.take("url")
    if url is not None:
        raise reading.error(url.place, "`url` is not supported", action="name an app by `appId`")
    env = fields.pairs("env")
    inner = reading.with_names([term_name, *(name for name, _ in env)])
    consent, consent_place = _consent(fields)
    header = Header(
        app_id=_app_id(fields),
        name=fields.text("name"),
        tags=fields.read("tags", (), lambda tree, what: _tags(reading, tree)),
        env=env,
        properties=fields.pairs("properties"),
        terms=fields.read("terms", (), lambda tree, what: read_terms(reading, tree)),
        consent=consent,
        consent_place=consent_place,
        consent_dialog=_consent_dialog(inner, fields),
        typing=_typing(fields),
        leak_check=_leak_check(fields),
        on_start=_steps(inner, fields, "onFlowStart"),
        on_complete=_steps(inner, fields, "onFlowComplete"),
    )
    fields.done()
    return header


def _app_id(fields: Fields) -> str:
    entry = fields.required("appId")
    text = fields.reading.text(entry.value, "`appId`")
    if "${" not in text and not PACKAGE.fullmatch(text):
        raise fields.reading.error(
            entry.value.place,
            "`appId` is not a package name",
            seen=text,
            expected="org.example.app",
        )
    return text


def _tags(reading: Reading, tree: Tree) -> tuple[str, ...]:
    """Tags become pytest marks, so each is one word that `-m` can name."""
    found = texts(reading, tree, "`tags`")
    for tag in found:
        if not TAG.fullmatch(tag):
            raise reading.error(
                tree.place, "a tag is one word", seen=tag, expected="letters, digits, _ and -"
            )
    return found


def _steps(reading: Reading, fields: Fields, key: str) -> tuple[Step, ...]:
    return fields.read(key, (), lambda tree, what: reading.read_steps(reading, tree, what))


def _consent(fields: Fields) -> tuple[tuple[Consent, ...], Place]:
    entry = fields.take("consent")
    if entry is None:
        return (Consent.NONE,), fields.place
    tree = entry.value
    items = tree.items if isinstance(tree, Listing) else (tree,)
    states = tuple(
        Consent(choice(fields.reading, item, "`consent`", [state.value for state in Consent]))
        for item in items
    )
    if not states or len(set(states)) != len(states):
        raise fields.reading.error(tree.place, "`consent` must name each state once")
    return states, entry.place


def _consent_dialog(reading: Reading, fields: Fields) -> ConsentDialog:
    entry = fields.take("consentDialog")
    if entry is None:
        return ConsentDialog()
    inner = Fields(reading, reading.mapping(entry.value, "`consentDialog`"), "`consentDialog`")
    revoke = inner.take("revoke")
    steps: tuple[Step, ...] | None = None
    if revoke is not None and isinstance(revoke.value, Scalar):
        steps, _ = flows.read_file(reading, revoke.value.place, revoke.value.text)
    elif revoke is not None:
        steps = reading.read_steps(reading, revoke.value, "`revoke`")
    dialog = ConsentDialog(
        flows.take_look(inner, "accept"), flows.take_look(inner, "reject"), steps
    )
    inner.done()
    return dialog


def _typing(fields: Fields) -> Typing:
    entry = fields.take("typing")
    if entry is None:
        return Typing()
    reading = fields.reading
    inner = Fields(reading, reading.mapping(entry.value, "`typing`"), "`typing`")
    typing = Typing(
        TypingMethod(inner.choice("method", "auto", [method.value for method in TypingMethod])),
        TypingUnit(inner.choice("per", "grapheme", [unit.value for unit in TypingUnit])),
        inner.number("delayMs", 75, high=10_000),
    )
    inner.done()
    return typing


def _leak_check(fields: Fields) -> LeakCheck:
    entry = fields.take("leakCheck")
    if entry is None:
        return LeakCheck()
    reading = fields.reading
    inner = Fields(reading, reading.mapping(entry.value, "`leakCheck`"), "`leakCheck`")
    allow: tuple[Allow, ...] = inner.read("allow", (), lambda tree, what: _allow(reading, tree))
    control = inner.read("control", Control(), lambda tree, what: _control(reading, tree))
    blind: tuple[Waiver | FileWaiver, ...] = inner.read(
        "blind", (), lambda tree, what: _blind(reading, tree)
    )
    _refuse_unbuilt(inner)
    flush = inner.choice("flush", "background", FLUSHES)
    check = LeakCheck(
        allow=allow,
        control=control,
        settle_s=inner.number("settleMs", 5000, high=600_000) / 1000,
        min_prefix=inner.number("minPrefix", 4, low=1, high=1000),
        flush=next(word for word in FLUSHES if word == flush),
        blind=blind,
        differential=inner.flag("differential", False),
    )
    inner.done()
    return check


def _refuse_unbuilt(fields: Fields) -> None:
    """Values of the contract that this version cannot honour; ignoring them would mislead."""
    for key, value, instead in (("differential", "true", "remove it"),):
        entry = fields.peek(key)
        if entry is not None and isinstance(entry.value, Scalar) and entry.value.text == value:
            raise fields.reading.error(
                entry.value.place,
                f"`{key}: {value}` is not supported by this version",
                action=instead,
            )


def _allow(reading: Reading, tree: Tree) -> tuple[Allow, ...]:
    items = tree.items if isinstance(tree, Listing) else (tree,)
    return tuple(_checked(reading, item, Allow.of) for item in items)


def _control(reading: Reading, tree: Tree) -> Control:
    return _checked(reading, tree, Control.of)


def _blind(reading: Reading, tree: Tree) -> tuple[Waiver | FileWaiver, ...]:
    items = reading.listing(tree, "`blind`").items
    return tuple(_checked(reading, item, waiver_of) for item in items)


def _checked(reading: Reading, tree: Tree, of: Callable[[object], T]) -> T:
    """`of` applied to the plain value, its refusal shown at the value's place."""
    try:
        return of(plain(tree))
    except ExpectationError as error:
        raise reading.error(tree.place, str(error)) from error
