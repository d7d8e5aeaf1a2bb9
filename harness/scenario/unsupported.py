"""Steps of Maestro that this language leaves out, each with the reason and what to do instead.

Input: nothing. Output: `REFUSED`, the word and the advice that its refusal gives.
"""

from __future__ import annotations

from collections.abc import Mapping

_NO_SCRIPTS = "scripts are not run; use ${NAME} variables, or write the test in Python"
_NO_MODELS = "a verdict must be reproducible; use assertVisible with a selector"
_NO_DEVICE = "it changes the device itself; do it before the run"

REFUSED: Mapping[str, str] = {
    **dict.fromkeys(("assertTrue", "evalScript", "runScript"), _NO_SCRIPTS),
    **dict.fromkeys(
        ("assertWithAI", "assertNoDefectsWithAI", "extractTextWithAI", "assertScreenshot"),
        _NO_MODELS,
    ),
    **dict.fromkeys(
        ("inputRandomText", "inputRandomNumber", "inputRandomEmail", "inputRandomPersonName"),
        "what is typed must be known to be looked for; use inputTerm or inputText",
    ),
    **dict.fromkeys(
        ("pasteText", "setClipboard"),
        "apps that read the clipboard would receive the term by our doing; use inputTerm",
    ),
    **dict.fromkeys(
        ("travel", "setLocation", "setAirplaneMode", "toggleAirplaneMode", "addMedia"), _NO_DEVICE
    ),
    **dict.fromkeys(
        ("startRecording", "stopRecording"), "use takeScreenshot; failures keep a screenshot"
    ),
    "doubleTapOn": "use `tapOn: {..., repeat: 2}`",
}
