"""What stands in the focused field, and whether it is what was typed.

Input: the agent's view of the focused field where there is one, else the focused node of a UI dump.
Output: a `Reading`; the judgement whether a text arrived. Texts are compared in NFC, since fields
may recompose; the form that arrived is reported. A dump is the weaker source: it shows a hint as
text, a password as bullets, control characters as dots, and none of these counts as arrived.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Protocol

from harness.device.hierarchy import Hierarchy


class Field(Protocol):
    """The agent's view of a field; see `harness.agent.session.FocusedField`."""

    @property
    def text(self) -> str: ...
    @property
    def hint(self) -> str: ...
    @property
    def password(self) -> bool: ...
    @property
    def resource_id(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Reading:
    """One look at the focused field.

    Attributes:
        text: what was typed into it so far, as far as the source can tell; a hint is not text.
        exact: whether the source is the app itself, which shows passwords and tells hint from text.
        maybe_hint: whether `text` may be a hint after all (dumps before Android 8 do not say).
    """

    text: str
    exact: bool
    password: bool
    field_id: str
    maybe_hint: bool = False


def from_app(field: Field) -> Reading:
    """The agent's view; always exact."""
    return Reading(field.text, True, field.password, field.resource_id)


def from_dump(hierarchy: Hierarchy) -> Reading | None:
    """The focused node, None when nothing has focus."""
    node = hierarchy.focused()
    if node is None:
        return None
    hinted = bool(node.hint) and node.text == node.hint
    return Reading(
        text="" if hinted else node.text,
        exact=False,
        password=node.password,
        field_id=node.resource_id,
        maybe_hint=not node.hint and bool(node.text),
    )


def arrived(before: Reading, wanted: str, after: Reading) -> bool:
    """Whether `after` shows `wanted` typed behind what stood there `before`."""
    if after.password and not after.exact:
        return False
    got = nfc(after.text)
    if got == nfc(before.text + wanted):
        return True
    return before.maybe_hint and not before.exact and got == nfc(wanted)


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def form(text: str) -> str:
    """Unicode form of a text: `ascii`, `nfc`, `nfd`, `nfc=nfd` (no difference) or `mixed`."""
    if text.isascii():
        return "ascii"
    composed = unicodedata.is_normalized("NFC", text)
    decomposed = unicodedata.is_normalized("NFD", text)
    names = {(True, True): "nfc=nfd", (True, False): "nfc", (False, True): "nfd"}
    return names.get((composed, decomposed), "mixed")
