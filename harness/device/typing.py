"""Typing a text into the focused field, with proof that it arrived.

Input: a device, the agent's session if there is one, the text, a method. Output: `Typed`, which
says what arrived and whether that is what was wanted; a text that did not arrive is a result, not
an exception, for it decides a verdict. Methods by name: `frida` (the field's own input connection,
any text), `ime` (an input method that takes broadcasts, any text), `keys` (key events, printable
ASCII); `auto` tries them in this order as far as they can take the text. After a method that
failed, the field is emptied and seen to be empty before the next one, so never half and whole.
Refused: the clipboard, which SDKs read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Protocol

import regex

from harness.clock import Clock, wait_until
from harness.device import ime, keys
from harness.device.hierarchy import Hierarchy
from harness.device.readback import Field, Reading, arrived, form, from_app, from_dump, nfc
from harness.device.screen import NotFound
from harness.errors import LabError

DELAY_MS = 75
READBACK_TIMEOUT_S = 3.0
FOCUS_TIMEOUT_S = 3.0
POLL_S = 0.1
ERASE_ROUNDS = 4

METHODS = ("frida", "ime", "keys")


class TypingDevice(keys.Keyboard, Protocol):
    """What typing needs of a device."""

    def hierarchy(self) -> Hierarchy: ...


class TypingSession(Protocol):
    """What typing needs of the agent; see `harness.agent.session.AgentSession`."""

    def focused_field(self) -> Field | None: ...
    def commit_text(self, text: str) -> None: ...
    def clear_text(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Typed:
    """What became of a text.

    Attributes:
        method: the one that typed what arrived, empty when none could.
        confirmed: whether the field was read back as holding exactly the text (in NFC).
        form: Unicode form of what arrived; see `readback.form`.
        attempts: one clause per method tried or passed over.
        started_s, ended_s: Unix time before the first input and after the read-back.
    """

    method: str
    wanted: str
    arrived: str
    confirmed: bool
    form: str
    attempts: tuple[str, ...]
    started_s: float
    ended_s: float


class Typist:
    """Types into one device's focused field."""

    def __init__(self, device: TypingDevice, session: TypingSession | None, clock: Clock) -> None:
        self._device = device
        self._session = session
        self._clock = clock

    def read(self) -> Reading | None:
        """The focused field now, None when there is none."""
        if self._session is not None:
            try:
                field = self._session.focused_field()
            except LabError:
                field = None  # the agent is gone or busy: the dump still tells
            if field is not None:
                return from_app(field)
        return from_dump(self._device.hierarchy())

    def focused(self) -> Reading:
        """The focused field, waited for.

        Raises:
            NotFound: nothing has focus.
        """
        found: list[Reading] = []

        def look() -> bool:
            reading = self.read()
            found.extend([reading] if reading else [])
            return bool(found)

        if not wait_until(self._clock, look, FOCUS_TIMEOUT_S, POLL_S):
            raise NotFound(
                "no field has the focus, so there is nothing to type into",
                where=self._device.serial,
                action="tap the field first (`- tapOn: {id: ...}`)",
            )
        return found[-1]

    def type(self, text: str, method: str, per: str, delay_ms: int) -> Typed:
        started_s = self._clock.wall()
        before = after = self.focused()
        attempts: list[str] = []
        used, done = "", not text
        for name in METHODS if method == "auto" else (method,):
            if done:
                break
            obstacle = self._obstacle(name, text, automatic=method == "auto")
            if obstacle:
                attempts.append(f"{name}: {obstacle}")
                continue
            if used and not self._emptied(before, after, attempts):
                break
            used = name
            after, done = self._attempt(name, text, before, per, delay_ms, attempts)
        return Typed(
            method=used,
            wanted=text,
            arrived=after.text,
            confirmed=done,
            form=form(after.text),
            attempts=tuple(attempts),
            started_s=started_s,
            ended_s=self._clock.wall(),
        )

    def _obstacle(self, name: str, text: str, *, automatic: bool) -> str:
        """Why a method is not to be tried, or an empty string."""
        if name == "frida":
            if self._session is None:
                return "no agent in the app"
            try:
                return "" if self._session.focused_field() else "the agent sees no focused field"
            except LabError as error:
                return error.what
        if name == "ime":
            return "" if not automatic or ime.installed(self._device) else f"no {ime.IME_ID}"
        missing = keys.cannot_type(text)
        return f"no key types {missing!r}" if missing else ""

    def _attempt(
        self, name: str, text: str, before: Reading, per: str, delay_ms: int, attempts: list[str]
    ) -> tuple[Reading, bool]:
        fault = ""
        try:
            self._enter(name, text, per, delay_ms)
        except LabError as error:
            fault = f"{error.what} ({error.seen})" if error.seen else error.what
        after = before

        def landed() -> bool:
            nonlocal after
            after = self.read() or after
            return arrived(before, text, after)

        wait_until(self._clock, landed, 0.0 if fault else READBACK_TIMEOUT_S, POLL_S)
        done = arrived(before, text, after)
        attempts.append(f"{name}: {_outcome(done, fault, after)}")
        return after, done

    def _enter(self, name: str, text: str, per: str, delay_ms: int) -> None:
        commit: dict[str, Callable[[str], None]] = {
            "ime": lambda part: ime.commit(self._device, part),
            "keys": lambda part: keys.type_ascii(self._device, part),
        }
        if self._session is not None:
            commit["frida"] = self._session.commit_text
        holding = ime.active(self._device, self._clock) if name == "ime" else nullcontext()
        with holding:
            for at, part in enumerate(_parts(text, per)):
                if at:
                    self._clock.sleep(delay_ms / 1000)
                commit[name](part)

    def _emptied(self, before: Reading, after: Reading, attempts: list[str]) -> bool:
        """Whether the next method starts as the first one did; only from an empty field."""
        if nfc(after.text) == nfc(before.text):
            return True
        if before.text:
            attempts.append("no further method: the field held text before")
            return False
        try:
            self.erase(None)
        except LabError as error:
            attempts.append(f"no further method: {error.what}")
            return False
        return True

    def erase(self, count: int | None) -> None:
        """Delete `count` grapheme clusters from the end, or everything, and see it gone.

        Raises:
            NotFound: nothing has focus.
            LabError: the text did not go away.
        """
        now = before = self.focused()
        clusters = regex.findall(r"\X", before.text)
        kept = "" if count is None else "".join(clusters[: max(0, len(clusters) - count)])
        for _ in range(ERASE_ROUNDS):
            if nfc(now.text) == nfc(kept) or (not kept and _only_hint(before, now)):
                return
            self._shorten(now, kept)
            now = self._reading_after(now)
        raise LabError(
            "the field's text could not be erased",
            where=self._device.serial,
            seen=repr(now.text),
            expected=repr(kept),
        )

    def _shorten(self, now: Reading, kept: str) -> None:
        """One press deletes a cluster or only a code point, by the app: so it takes rounds."""
        if self._session is not None and now.exact:
            self._session.clear_text()
            if kept:
                self._session.commit_text(kept)
        else:
            extra = len(regex.findall(r"\X", now.text)) - len(regex.findall(r"\X", kept))
            keys.delete_backwards(self._device, max(1, extra))

    def _reading_after(self, former: Reading) -> Reading:
        now = former

        def changed() -> bool:
            nonlocal now
            now = self.read() or former
            return now != former

        wait_until(self._clock, changed, READBACK_TIMEOUT_S, POLL_S)
        return now


def _only_hint(before: Reading, now: Reading) -> bool:
    """Whether a dump that cannot tell hint from text shows something else than what was erased."""
    return now.maybe_hint and now.text != before.text and not before.text.startswith(now.text)


def _parts(text: str, per: str) -> Iterator[str]:
    if per == "whole":
        return iter([text])
    return iter(regex.findall(r"\X", text))


def _outcome(done: bool, fault: str, after: Reading) -> str:
    if done:
        return "arrived"
    if fault:
        return fault
    if after.password and not after.exact:
        return "a password field shows only bullets, so what arrived cannot be proved"
    return f"arrived as {after.text!r}"


def type_text(
    device: TypingDevice,
    session: TypingSession | None,
    text: str,
    *,
    clock: Clock,
    method: str = "auto",
    per: str = "grapheme",
    delay_ms: int = DELAY_MS,
) -> Typed:
    """Type into the focused field; see the module's docstring.

    Raises:
        NotFound: no field has the focus.
    """
    return Typist(device, session, clock).type(text, method, per, delay_ms)


def erase(
    device: TypingDevice, session: TypingSession | None, count: int | None, *, clock: Clock
) -> None:
    """Delete from the end of the focused field; see `Typist.erase`."""
    Typist(device, session, clock).erase(count)
