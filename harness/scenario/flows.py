"""Steps that hold steps: `runFlow`, `repeat`, `retry`, and their conditions.

Input: such a step's fields. Output: its arguments with the inner steps read, those of other files
included. Refuses files that lead back to themselves, files that cannot be read, `file` together
with `commands`, conditions in JavaScript, and a `repeat` that nothing would end.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from harness.device.selectors import Selector
from harness.scenario.document import read_documents
from harness.scenario.fields import Fields, Reading, number, pairs
from harness.scenario.model import Condition, Pairs, Repeat, Retry, RunFlow, Step
from harness.scenario.place import Place, Source
from harness.scenario.targets import read_selector

MAX_FILES_DEEP = 10
MAX_RETRIES = 3
"""Maestro's own limit; more retries hide what they should show."""

MAX_REPEATS = 1000

TWO_DOCUMENTS = "a scenario file is a header and a list of steps, separated by `---`"


def take_look(fields: Fields, key: str) -> Selector | None:
    """The selector below `key`, None without it."""
    entry = fields.take(key)
    return None if entry is None else read_selector(fields.reading, entry.value, f"`{key}`")


def read_run_flow(fields: Fields) -> RunFlow:
    env = fields.pairs("env")
    when = _condition(fields, "when")
    steps, file, file_env = _body(fields, fields.reading.with_names(name for name, _ in env))
    return RunFlow(steps, file, when, tuple({**dict(file_env), **dict(env)}.items()))


def read_repeat(fields: Fields) -> Repeat:
    times = fields.take("times")
    while_ = _condition(fields, "while")
    if times is None and while_ is None:
        raise fields.reading.error(fields.place, f"{fields.what} needs `times` or `while`")
    count = None
    if times is not None:
        count = number(fields.reading, times.value, "`times`", 0, MAX_REPEATS)
    steps = _commands(fields, fields.reading)
    return Repeat(steps, count, while_)


def read_retry(fields: Fields) -> Retry:
    retries = fields.number("maxRetries", 1, low=0, high=MAX_RETRIES)
    steps, file, env = _body(fields, fields.reading)
    if file:
        steps = (Step("runFlow", RunFlow(steps, file, env=env), fields.place),)
    return Retry(steps, retries)


def _body(fields: Fields, reading: Reading) -> tuple[tuple[Step, ...], str, Pairs]:
    """The inner steps, the file they came from (empty: written in place) and its variables."""
    file = fields.take("file")
    if file is None:
        return _commands(fields, reading), "", ()
    commands = fields.take("commands")
    if commands is not None:
        raise reading.error(commands.place, f"{fields.what} takes `file` or `commands`, not both")
    name = reading.scalar(file.value, "`file`").text
    steps, env = read_file(reading, file.value.place, name)
    return steps, name, env


def _commands(fields: Fields, reading: Reading) -> tuple[Step, ...]:
    return reading.read_steps(reading, fields.required("commands").value, "`commands`")


def read_file(reading: Reading, place: Place, name: str) -> tuple[tuple[Step, ...], Pairs]:
    """Steps and `env` of another scenario file; `name` is relative to the file that names it.

    Of the other file's header only `env` counts: terms, consent and leakCheck are the caller's.
    """
    path = reading.path.parent / name
    trail = tuple(step.resolve() for step in reading.trail)
    if path.resolve() in trail:
        raise reading.error(place, f"`{name}` leads back to itself", action="break the circle")
    if len(trail) >= MAX_FILES_DEEP:
        raise reading.error(place, f"files are nested deeper than {MAX_FILES_DEEP}")
    source = Source(str(path), load(reading, place, path))
    inner = replace(reading, source=source, path=path, trail=(*reading.trail, path))
    documents = read_documents(source)
    if len(documents) != 2:
        raise source.error(Place(source.file, 1, 1), TWO_DOCUMENTS, seen=f"{len(documents)}")
    header = inner.mapping(documents[0], "the header")
    env = [pair for entry in header.entries if entry.key == "env"
           for pair in pairs(inner, entry.value, "`env`")]  # fmt: skip
    inner = inner.with_names(key for key, _ in env)
    return reading.read_steps(inner, documents[1], "the steps"), tuple(env)


def load(reading: Reading, place: Place, path: Path) -> str:
    """The text of a file that the scenario names."""
    try:
        return reading.load(path)
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise reading.error(place, f"cannot read `{path}`", seen=why) from error


def _condition(fields: Fields, key: str) -> Condition | None:
    entry = fields.take(key)
    if entry is None:
        return None
    reading = fields.reading
    inner = Fields(reading, reading.mapping(entry.value, f"`{key}`"), f"`{key}`")
    script = inner.take("true")
    if script is not None:
        raise reading.error(
            script.place, "`true` is a script, and scripts are not run", action="use `visible`"
        )
    condition = Condition(
        take_look(inner, "visible"),
        take_look(inner, "notVisible"),
        inner.choice("platform", "", ("Android", "iOS", "Web")),
    )
    inner.done()
    if condition == Condition():
        raise reading.error(entry.place, f"`{key}` has no condition")
    return condition
