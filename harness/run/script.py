"""A scenario written in Python: the steps as methods.

Input: an open item. Output: the same effects and facts as the steps of a file have. Any step of the
language can be played from text (`play`), the common ones are methods. Refuses what the reader
refuses, with a place in the text that was given.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from pathlib import Path

from harness.device.selectors import Selector
from harness.findings.expectations import LeakCheck
from harness.run.conductor import OpenItem
from harness.run.runner import Stopped, play_steps
from harness.scenario.document import read_documents
from harness.scenario.fields import Reading
from harness.scenario.grammar import read_steps
from harness.scenario.model import (
    Arguments,
    Bare,
    Consent,
    ConsentDialog,
    Input,
    LaunchApp,
    Leaks,
    Look,
    Scenario,
    Step,
    Tap,
    Typing,
)
from harness.scenario.place import Place, Source
from harness.scenario.variables import TERM

HERE = "the test's text"


def scenario_for(
    package: str,
    term: str,
    *,
    path: Path,
    allow: Iterable[object] = (),
    consent: str = "none",
    check: LeakCheck | None = None,
    consent_dialog: ConsentDialog | None = None,
    typing: Typing | None = None,
) -> Scenario:
    """A scenario without steps of its own, for a test that plays them itself.

    Args:
        allow: hosts that may get the term; `check` says more, and then replaces it.
    """
    return Scenario(
        path=path,
        app_id=package,
        steps=(),
        place=Place(str(path), 1, 1),
        terms=(term,),
        consent=(Consent(consent),),
        consent_dialog=consent_dialog or ConsentDialog(),
        typing=typing or Typing(),
        leak_check=check or LeakCheck(allow=tuple(allow)),  # type: ignore[arg-type]  # it converts
    )


class Script:
    """Plays steps in an open item; a step that fails ends the item's block."""

    def __init__(self, item: OpenItem) -> None:
        self._item = item
        self._place = item.play.scenario.place

    @property
    def term(self) -> str:
        return self._item.play.cell.term

    def play(self, text: str) -> None:
        """Play steps written as in a file's second document."""
        play = self._item.play
        source = Source(HERE, textwrap.dedent(text))
        path = play.scenario.path
        names = frozenset({*play.scope.values, TERM})
        reading = Reading(source, path, names, _read_text, (path,), read_steps)
        for tree in read_documents(source):
            self._play(read_steps(reading, tree, "the steps"))

    def launch(self, *, clear_state: bool = False, stop_app: bool = True) -> None:
        self._step("launchApp", LaunchApp(clear_state=clear_state, stop_app=stop_app))

    def accept_consent(self) -> None:
        self._step("acceptConsent", Bare())

    def reject_consent(self) -> None:
        self._step("rejectConsent", Bare())

    def tap(self, text: str | None = None, *, id: str | None = None) -> None:
        self._step("tapOn", Tap(Selector(text=text, id=id)))

    def input_term(self) -> None:
        self._step("inputTerm", Bare())

    def input_text(self, text: str) -> None:
        self._step("inputText", Input(text.replace("${", r"\${")))

    def submit_search(self) -> None:
        self._step("submitSearch", Bare())

    def assert_visible(self, text: str | None = None, *, id: str | None = None) -> None:
        self._step("assertVisible", Look(Selector(text=text, id=id)))

    def expect_leak_to(self, *hosts: str) -> None:
        """Assert that these recipients get the term (a positive control beyond `allow`)."""
        self._step("assertLeaks", Leaks(hosts))

    def _step(self, kind: str, args: Arguments) -> None:
        self._play((Step(kind, args, self._place),))

    def _play(self, steps: tuple[Step, ...]) -> None:
        try:
            play_steps(self._item.play, steps)
        except Stopped as stopped:
            raise stopped.error from stopped


def _read_text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
