"""Compares items with what earlier versions of their app did, while a run goes on.

Input: what `--leak-baseline` says, a reader of the store, items as they are judged. Output: the
judgement with reasons and notes for what is new (`new recipient since 1.0: ...`), the acceptances
of the app's baseline, and at the end the comparison of the whole run.
Refuses a baseline of another app and a file that is none. It never makes a verdict lighter: a
finding that a baseline accepts is moved by `harness.findings.sorting`, which says by whom, why and
until when; what is merely known stays what it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from harness.baseline.approval import FOLDER, check_app, file_for
from harness.baseline.approved import Baseline, Change, Severity
from harness.baseline.approved_file import read_baseline
from harness.baseline.changes import Changed, compare
from harness.baseline.model import AppVersion
from harness.baseline.observing import latest, observed_item
from harness.baseline.reading import RunReader
from harness.errors import ScenarioError
from harness.findings.acceptance import Acceptance
from harness.findings.facts import ItemFacts
from harness.findings.finding import Judgement, Reason

ROW = "baseline"
LATEST, NONE = "latest", "none"

_OF_A_WHOLE_RUN = (Change.RECIPIENT_GONE, Change.CONTACT_GONE)
"""One item cannot tell: another term of the same scenario may still show them."""


class References:
    """Which baseline an app is compared with; each is read once.

    Args:
        choice: empty (the app's file in `folder` where there is one, else the last runs),
            `latest`, `none`, a file, or a folder of files.
        folder: where a project keeps its baselines.
        reader: of the store; None when no runs are kept.
        run: id of the run that is going on.

    Raises:
        ScenarioError: the file that was chosen cannot be used.
    """

    def __init__(self, choice: str, folder: Path, reader: RunReader | None, run: str) -> None:
        self._choice = choice
        self._folder = folder
        self._reader = reader
        self._run = run
        self._known: dict[str, Baseline | None] = {}
        path = Path(choice)
        self._file = choice not in ("", LATEST, NONE) and not path.is_dir()
        self._chosen = read_baseline(path) if self._file else None
        if choice not in ("", LATEST, NONE) and not self._file:
            self._folder = path
        if choice == LATEST and reader is None:
            raise ScenarioError(
                "the latest runs cannot be compared with: none are kept",
                action="give --leak-store, or a baseline's file",
            )

    def of(self, package: str) -> Baseline | None:
        """The app's reference, None when there is none yet.

        Raises:
            ScenarioError: it is of another app, or cannot be read.
        """
        if package not in self._known:
            self._known[package] = self._find(package)
        return self._known[package]

    def _find(self, package: str) -> Baseline | None:
        if self._choice == NONE:
            return None
        if self._chosen is not None:
            check_app(self._chosen, package)
            return self._chosen
        file = file_for(self._folder, package)
        if self._choice != LATEST and file.is_file():
            found = read_baseline(file)
            check_app(found, package)
            return found
        if self._choice not in ("", LATEST) or self._reader is None:
            return None
        return latest(self._reader, package, self._run)


class Reviewer:
    """What a conductor asks; see the module's docstring.

    Args:
        named: a scenario's file as the store names it.
    """

    def __init__(self, references: References, named: Callable[[str], str]) -> None:
        self._references = references
        self._named = named

    def accepted(self, package: str) -> tuple[Acceptance, ...]:
        """The findings of this app that its baseline accepts."""
        found = self._references.of(package)
        return found.acceptances() if found is not None else ()

    def review(self, file: str, facts: ItemFacts, judgement: Judgement) -> Judgement:
        """The judgement with a reason or a note for everything that is new."""
        before = self._references.of(facts.package)
        if before is None:
            return judgement
        now = observed_item(facts, judgement, self._named(file), AppVersion(facts.package))
        changes = [
            each for each in compare(before, now).changes if each.change not in _OF_A_WHOLE_RUN
        ]
        grave = [each for each in changes if each.severity is not Severity.NOTE]
        reasons = tuple(Reason(ROW, each.severity.verdict, sentence(each)) for each in grave)
        notes = tuple(sentence(each) for each in changes if each not in grave)
        verdict = max(
            (judgement.verdict, *(reason.verdict for reason in reasons)),
            key=lambda each: each.rank,
        )
        kept = tuple(each for each in judgement.reasons if not reasons or each.row != "pass")
        return replace(
            judgement,
            verdict=verdict,
            reasons=(*kept, *reasons),
            notes=(*judgement.notes, *notes),
        )


def sentence(changed: Changed) -> str:
    """`new recipient since 1.0: api.mixpanel.com (Mixpanel) gets term`."""
    return f"{changed.change.value.replace('-', ' ')} since {changed.since}: {changed.detail}"


def project_folder(root: Path) -> Path:
    """Where a project keeps its baselines."""
    return root / FOLDER
