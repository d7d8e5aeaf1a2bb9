"""Answering a consent dialog.

Input: a play and the answer. Output: the element that was tapped. The header's `consentDialog`
decides; without it a table of ids and words that common dialogs use (German, French, English) is
looked for in one loop, so that an absent dialog costs one deadline. Refuses to guess: a dialog that
is not found, or that stays after the tap, fails the step, for the state under test would be another
than the one that the report names.
"""

from __future__ import annotations

from collections.abc import Mapping

from harness.clock import wait_until
from harness.device.device import HierarchyUnavailable
from harness.device.hierarchy import Hierarchy, Node
from harness.device.selectors import Selector, match
from harness.run.events import ConsentGiven
from harness.run.play import Play, StepFailed
from harness.scenario.targets import expand_selector

FIND_TIMEOUT_S = 15.0
GONE_TIMEOUT_S = 5.0
POLL_S = 0.2

IDS: Mapping[str, tuple[str, ...]] = {
    "accept": (
        "consent_accept", "btn_accept(_all)?(_cookies)?", "accept(_all)?(_button)?",
        "button_agree", "appconsent_button_accept", "ucButtonAccept", "cmp_accept",
    ),
    "reject": (
        "consent_(reject|decline)", "btn_(reject|refuse)(_all)?(_cookies)?",
        "(reject|decline)(_all)?(_button)?", "button_disagree", "appconsent_button_refuse",
        "ucButtonDeny", "cmp_reject",
    ),
}  # fmt: skip
"""Resource ids (patterns): Didomi, OneTrust, Sfbx AppConsent, Usercentrics, and common habits."""

WORDS: Mapping[str, tuple[str, ...]] = {
    "accept": (
        "Alle(s)? (Cookies )?(akzeptieren|erlauben|zulassen)", "Akzeptieren", "Erlauben",
        "Zustimmen", "Einverstanden", "Annehmen", "Ja, ich stimme zu",
        "Tout accepter", "Accepter( tout)?", "Autoriser( tout)?", "J['’]accepte", "OK pour moi",
        "Accept( all)?( cookies)?", "Allow( all)?", "Agree", "I (agree|accept)", "Agree and close",
    ),
    "reject": (
        "Alle(s)? (Cookies )?ablehnen", "Ablehnen", "Nicht erlauben", "Nicht zustimmen",
        "Verweigern", "Nur notwendige( Cookies)?", "Weiter ohne Einwilligung",
        "Tout refuser", "Refuser( tout)?", "Continuer sans accepter",
        "Reject( all)?( cookies)?", "Decline( all)?", "Refuse( all)?", "Deny( all)?",
        "Disagree", "Only (necessary|essential)( cookies)?",
        "Continue without (accepting|agreeing)",
    ),
}  # fmt: skip
"""Button texts (patterns), matched as selectors match texts: the whole text, in any case."""


def answer(play: Play, word: str) -> None:
    """Tap the dialog's button for `word` (`accept`, `reject`) and see the dialog go.

    Raises:
        StepFailed: no such button came up, or it is still there after the tap.
    """
    chosen = getattr(play.scenario.consent_dialog, word)
    candidates = (expand_selector(chosen, play.scope),) if chosen is not None else _candidates(word)
    found = _wait_for(play, candidates)
    if found is None:
        raise _not_found(play, word, chosen)
    selector, node = found
    play.world.device.tap(*node.bounds.centre)

    def gone() -> bool:
        hierarchy = _screen(play)
        return hierarchy is not None and _lookup(hierarchy, (selector,)) is None

    if not wait_until(play.world.clock, gone, GONE_TIMEOUT_S, POLL_S):
        raise StepFailed(
            f"the consent dialog is still there after a tap on {selector}",
            action="name its buttons under `consentDialog:` in the header",
        )
    play.answers.append(word)
    play.emit(ConsentGiven(word, play.scope.mask(str(selector)), play.now_s()))


def _candidates(word: str) -> tuple[Selector, ...]:
    ids = tuple(Selector(id=pattern) for pattern in IDS[word])
    return ids + tuple(Selector(text=pattern) for pattern in WORDS[word])


def _wait_for(play: Play, candidates: tuple[Selector, ...]) -> tuple[Selector, Node] | None:
    found: list[tuple[Selector, Node]] = []

    def look() -> bool:
        hit = _lookup(_screen(play), candidates)
        if hit is not None:
            found.append(hit)
        return hit is not None

    wait_until(play.world.clock, look, FIND_TIMEOUT_S, POLL_S)
    return found[-1] if found else None


def _screen(play: Play) -> Hierarchy | None:
    """The screen as it is, None while it cannot be read (an animation, another activity)."""
    try:
        return play.world.device.hierarchy()
    except HierarchyUnavailable:
        return None


def _lookup(
    hierarchy: Hierarchy | None, candidates: tuple[Selector, ...]
) -> tuple[Selector, Node] | None:
    if hierarchy is None:
        return None
    for selector in candidates:
        nodes = [node for node in match(hierarchy, selector) if node.enabled]
        if nodes:
            return selector, nodes[0]
    return None


def _not_found(play: Play, word: str, chosen: Selector | None) -> StepFailed:
    hierarchy = _screen(play)
    texts = [node.text for node in hierarchy.walk() if node.text] if hierarchy else []
    looked_for = str(chosen) if chosen is not None else "common ids and words for it"
    return StepFailed(
        f"no consent dialog with a button to {word} within {FIND_TIMEOUT_S:g} s",
        seen=", ".join(repr(text) for text in texts[:12]) or "no text on the screen",
        expected=looked_for,
        action=f"name the button: `consentDialog: {{{word}: {{id: ...}}}}` in the header",
    )
