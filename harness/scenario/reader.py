"""The text of a scenario file into a `Scenario`.

Input: text, the path to name in errors and to resolve relative names by, values for variables.
Output: the scenario, all of it validated. Refuses, by file:line:column with the source line and
the nearest name: whatever `document`, `header`, `grammar` and `targets` refuse, files that are not
two documents, steps that type a term where none is declared, consent cells nobody applies.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from harness.scenario.document import read_documents
from harness.scenario.fields import Reading, declared
from harness.scenario.flows import TWO_DOCUMENTS
from harness.scenario.grammar import read_steps
from harness.scenario.header import Header, read_header
from harness.scenario.model import Repeat, Retry, RunFlow, Scenario, Step
from harness.scenario.place import Place, Source
from harness.scenario.variables import TERM

_APP_ID = re.compile(r"^appId\s*:", re.MULTILINE)
_SEPARATOR = re.compile(r"^---\s*$", re.MULTILINE)
_FIRST_STEP = re.compile(r"^---\s*$(?:\s*(?:#.*)?$)*\s*-\s", re.MULTILINE)
_OURS = re.compile(r"^(?:terms|leakCheck)\s*:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Given:
    """What a run brings along.

    Attributes:
        values: variables by name; they override the header's `env`.
        environment: what `${env.NAME}` may name.
        terms: replace the header's terms when there are any.
        display: how the file is called in errors; empty for its path.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    terms: tuple[str, ...] = ()
    display: str = ""


def read_scenario(
    text: str, path: Path, given: Given | None = None, *, load: Callable[[Path], str] | None = None
) -> Scenario:
    """The scenario that `text` describes.

    Args:
        path: the file `text` came from.
        given: values of the run; none by default.
        load: reads other files that the scenario names; the disk by default.

    Raises:
        PlacedError: (a `ScenarioError`) the first thing in the file that must be changed.
    """
    given = given or Given()
    source = Source(given.display or str(path), text.removeprefix("\ufeff"))
    names = declared(given.values, given.environment)
    reading = Reading(source, path, names, load or _read_text, (path,), read_steps)
    documents = read_documents(source)
    start = Place(source.file, 1, 1)
    if len(documents) != 2:
        raise source.error(
            start, TWO_DOCUMENTS, seen=f"{len(documents)} document(s)", expected="2 documents"
        )
    header = read_header(reading, documents[0], TERM)
    terms = given.terms or header.terms
    inner = reading.with_names(name for name, _ in header.env)
    steps = read_steps(inner.with_names([TERM] if terms else []), documents[1], "the steps")
    if not steps:
        raise source.error(documents[1].place, "the list of steps is empty")
    scenario = _scenario(path, documents[1].place, header, terms, steps)
    scenario = replace(scenario, environment=tuple(sorted(reading.tally.environment)))
    _check_terms(source, scenario)
    _check_consent(source, scenario, header)
    return scenario


def looks_like_scenario(text: str, *, ours: bool = False) -> bool:
    """Whether `text` seems to be a scenario file, without parsing it.

    Args:
        ours: ask for a header key of ours too, so that other people's Maestro flows are left alone.
    """
    separator = _SEPARATOR.search(text)
    if separator is None or _FIRST_STEP.search(text) is None:
        return False
    header = text[: separator.start()]
    if not header.strip():
        header = text  # a file that opens with `---`
    return bool(_APP_ID.search(header)) and (not ours or bool(_OURS.search(header)))


def walk_steps(steps: Iterable[Step]) -> Iterator[Step]:
    """All steps with those inside them, in the order of the file."""
    for step in steps:
        yield step
        if isinstance(step.args, RunFlow | Repeat | Retry):
            yield from walk_steps(step.args.steps)


def _scenario(
    path: Path, place: Place, header: Header, terms: tuple[str, ...], steps: tuple[Step, ...]
) -> Scenario:
    return Scenario(
        path=path,
        app_id=header.app_id,
        steps=steps,
        place=place,
        name=header.name,
        tags=header.tags,
        env=header.env,
        properties=header.properties,
        terms=terms,
        consent=header.consent,
        consent_dialog=header.consent_dialog,
        typing=header.typing,
        leak_check=header.leak_check,
        on_start=header.on_start,
        on_complete=header.on_complete,
    )


def _check_terms(source: Source, scenario: Scenario) -> None:
    for step in walk_steps((*scenario.on_start, *scenario.steps, *scenario.on_complete)):
        if step.kind == "inputTerm" and not scenario.terms:
            raise source.error(
                step.place,
                "`inputTerm` needs a term",
                action="declare `terms: [...]` in the header",
            )
    if not scenario.terms:
        raise source.error(
            Place(source.file, 1, 1),
            "the scenario declares no terms, so there is nothing to look for",
            action="add `terms: [...]` to the header, or give the run --leak-terms FILE",
        )


def _check_consent(source: Source, scenario: Scenario, header: Header) -> None:
    applied = any(step.kind == "applyConsent" for step in walk_steps(scenario.steps))
    if len(scenario.consent) > 1 and not applied:
        raise source.error(
            header.consent_place,
            "several consent states are declared, but no step applies them",
            action="write the step `applyConsent` where the dialog shows",
        )


def _read_text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
