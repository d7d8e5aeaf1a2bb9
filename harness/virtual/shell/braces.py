"""Brace expansion: `a{b,c}d` is two words. Words in, words out; `{1..3}` is not mksh's."""

from __future__ import annotations

from harness.virtual.shell.syntax import Literal, Part, Word
from harness.virtual.shell.words import joined

_MAX_WORDS = 1000


def expanded(word: Word) -> list[Word]:
    """The words that the braces of `word` make; itself when there are none."""
    atoms: list[Part] = []
    for part in word:
        if isinstance(part, Literal) and not part.quoted:
            atoms += [Literal(char, quoted=False) for char in part.text]
        else:
            atoms.append(part)
    return [joined(each) for each in _expanded(atoms)[:_MAX_WORDS]]


def _expanded(atoms: list[Part]) -> list[list[Part]]:
    for start, atom in enumerate(atoms):
        if _char(atom) != "{":
            continue
        choices, end = _choices(atoms, start)
        if len(choices) < 2:
            continue
        tails = _expanded(atoms[end:])
        heads = [each for choice in choices for each in _expanded(choice)]
        return [[*atoms[:start], *head, *tail] for head in heads for tail in tails]
    return [atoms]


def _choices(atoms: list[Part], start: int) -> tuple[list[list[Part]], int]:
    """What the commas between this brace and its end divide, and the place behind the end."""
    choices: list[list[Part]] = [[]]
    depth = 0
    for at in range(start, len(atoms)):
        char = _char(atoms[at])
        depth += (char == "{") - (char == "}")
        if depth == 0:
            return choices, at + 1
        if depth == 1 and char == ",":
            choices.append([])
        elif at > start:
            choices[-1].append(atoms[at])
    return [], len(atoms)


def _char(atom: Part) -> str:
    return atom.text if isinstance(atom, Literal) and not atom.quoted else ""
