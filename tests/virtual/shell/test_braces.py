"""Brace expansion on words."""

from __future__ import annotations

from harness.virtual.shell.braces import expanded
from harness.virtual.shell.syntax import Literal, Variable, Word


def plain(text: str) -> Word:
    return (Literal(text, quoted=False),)


def test_choices_make_words() -> None:
    assert expanded(plain("a{b,c}d")) == [plain("abd"), plain("acd")]
    assert expanded(plain("{a,b{c,d}}")) == [plain("a"), plain("bc"), plain("bd")]


def test_what_is_no_choice_stays() -> None:
    for text in ("{}", "{a}", "a{b", "b}", "{1..3}"):
        assert expanded(plain(text)) == [plain(text)]
    quoted = (Literal("{a,b}", quoted=True),)
    assert expanded(quoted) == [quoted]


def test_other_parts_stay_in_their_place() -> None:
    variable = Variable("x", quoted=False)
    word = (Literal("{", quoted=False), variable, Literal(",b}", quoted=False))
    assert expanded(word) == [(variable,), plain("b")]


def test_the_number_of_words_is_bounded() -> None:
    assert len(expanded(plain("{a,b}" * 11))) == 1000
