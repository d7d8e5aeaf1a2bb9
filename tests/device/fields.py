"""A phone with one text field that behaves like Android's, to type into without Android.

Its key events follow AOSP (`%s` is a blank, no key for anything beyond ASCII); `Agent` is its other
door, the field's input connection. Faults can be switched on: capitalising, dropping, hanging.
"""

from __future__ import annotations

from dataclasses import dataclass

import regex

from harness.device.facts import ShellResult
from harness.device.hierarchy import Hierarchy
from harness.errors import LabError
from tests.device.screens import node, screen

_KEY_ENTER, _KEY_DELETE = 66, 67
_OK = ShellResult("", "", 0)


@dataclass(frozen=True)
class FieldView:
    text: str
    hint: str = "Arzt suchen"
    password: bool = False
    resource_id: str = "org.example:id/search"
    class_name: str = "android.widget.EditText"


class Phone:
    """`capitalise`: the keyboard changes the first letter. `ime`: AdbKeyboard is installed."""

    serial = "phone"

    def __init__(self, *, capitalise: bool = False, ime: bool = False, tells_hint: bool = True):
        self.text = ""
        self.focus = True
        self.password = False
        self.searched: list[str] = []
        self.commits: list[str] = []
        self.listens_to_enter = True
        self.capitalise = capitalise
        self.ran: list[list[str]] = []
        self.ime = ime
        self.current_ime = "com.google.android.inputmethod.latin/.LatinIME"
        self.tells_hint = tells_hint

    def shell(self, command: str | list[str], timeout_s: float = 0) -> ShellResult:
        words = command.split() if isinstance(command, str) else list(command)
        self.ran.append(words)
        match words:
            case ["input", "text", argument]:
                return self._keys(argument.replace("%s", " "))
            case ["input", "keyevent", *codes]:
                for code in codes:
                    self.keyevent(int(code))
                return _OK
            case ["ime" | "settings" | "am", *_]:
                return self._ime(words)
        return ShellResult("", "not found", 127)

    def _keys(self, text: str) -> ShellResult:
        if not text.isascii():
            return ShellResult("", "java.lang.NullPointerException", 255)
        self.type(text)
        return _OK

    def _ime(self, words: list[str]) -> ShellResult:
        from base64 import b64decode

        match words:
            case ["ime", "list", *_]:
                return ShellResult(
                    "com.github.uiautomator/.AdbKeyboard\n" if self.ime else "", "", 0
                )
            case ["ime", "set", name]:
                self.current_ime = name
            case ["settings", "get", "secure", "default_input_method"]:
                return ShellResult(self.current_ime + "\n", "", 0)
            case ["am", "broadcast", "-a", "ADB_KEYBOARD_INPUT_TEXT", *_, encoded]:
                if self.current_ime.startswith("com.github.uiautomator"):
                    self.type(b64decode(encoded).decode())
                    return ShellResult('Broadcast completed: result=-1, data="success"', "", 0)
                return ShellResult("Broadcast completed: result=0", "", 0)
        return _OK

    def type(self, text: str) -> None:
        if not self.focus:
            return
        self.commits.append(text)
        self.text += text
        if self.capitalise:
            self.text = self.text[:1].upper() + self.text[1:]

    def keyevent(self, code: int) -> None:
        if code == _KEY_DELETE:
            self.text = "".join(regex.findall(r"\X", self.text)[:-1])
        if code == _KEY_ENTER and self.listens_to_enter:
            self.search()

    def search(self) -> None:
        self.searched.append(self.text)
        self.focus = False

    def tap(self, x: int, y: int) -> None:
        self.focus = True

    def hierarchy(self) -> Hierarchy:
        shown = "•" * len(self.text) if self.password else self.text
        field = node(
            shown or "Arzt suchen",
            id="search",
            hint="Arzt suchen" if self.tells_hint else "",
            focused=self.focus,
            password=self.password,
        )
        return screen(field, *[node(f"Ergebnisse für {term}") for term in self.searched])


class Agent:
    """The way in through the app's process. `drops_after`: it loses what is typed after that."""

    def __init__(self, phone: Phone, *, drops_after: int | None = None, dead: bool = False) -> None:
        self._phone = phone
        self._left = drops_after
        self.dead = dead
        self.takes_action = True

    def _alive(self) -> None:
        if self.dead:
            raise LabError("the agent is gone", seen="process-terminated")

    def focused_field(self) -> FieldView | None:
        self._alive()
        view = FieldView(self._phone.text, password=self._phone.password)
        return view if self._phone.focus else None

    def commit_text(self, text: str) -> None:
        self._alive()
        if self._left is not None:
            self._left -= 1
            if self._left < 0:
                return
        self._phone.type(text)

    def clear_text(self) -> None:
        self._alive()
        self._phone.text = ""

    def editor_action(self, action: int) -> bool:
        self._alive()
        if self.takes_action and action == 3:
            self._phone.search()
        return self.takes_action
