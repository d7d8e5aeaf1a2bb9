"""`$((...))`: integers of 32 bits, variables, C's operators with assignment, as mksh has them.

Input: text after expansion, and the variables, which assignments change. Output: a number. Raises
`ValueError` with mksh's words. Operands that `&&`, `||` and `?:` skip are read, not evaluated.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, MutableMapping

_TOKEN = re.compile(
    r"\s*(\d+#\w+|0[xX][0-9a-fA-F]+|\d+|[A-Za-z_]\w*|"
    r"<<=|>>=|\+\+|--|&&|\|\||<<|>>|[-+*/%&|^<>=!]=|[-+*/%&|^<>=!~?:,()])"
)
_NAME = re.compile(r"[A-Za-z_]\w*\Z")
_BITS = 32
_MAX_DEPTH = 60


def _divide(left: int, right: int) -> int:
    if right == 0:
        raise ValueError("zero divisor")
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


_BINARY: dict[str, tuple[int, Callable[[int, int], int]]] = {
    "|": (3, operator.or_),
    "^": (4, operator.xor),
    "&": (5, operator.and_),
    "==": (6, operator.eq),
    "!=": (6, operator.ne),
    "<": (7, operator.lt),
    "<=": (7, operator.le),
    ">": (7, operator.gt),
    ">=": (7, operator.ge),
    "<<": (8, lambda left, right: left << (right % _BITS)),
    ">>": (8, lambda left, right: left >> (right % _BITS)),
    "+": (9, operator.add),
    "-": (9, operator.sub),
    "*": (10, operator.mul),
    "/": (10, _divide),
    "%": (10, lambda left, right: left - right * _divide(left, right)),
}
_OR, _AND = 1, 2
_UNARY: dict[str, Callable[[int], int]] = {
    "+": operator.pos,
    "-": operator.neg,
    "~": operator.invert,
    "!": lambda value: int(not value),
}
_STEPS = {"++": 1, "--": -1}


def evaluate(text: str, variables: MutableMapping[str, str]) -> int:
    """The value of an expression. Raises `ValueError`."""
    return _Evaluation(text, variables).whole()


class _Evaluation:
    """Recursive descent that computes as it reads; `_live` is off in what is skipped."""

    def __init__(self, text: str, variables: MutableMapping[str, str], depth: int = 0) -> None:
        if depth > _MAX_DEPTH:
            raise ValueError("expression recurses")
        self._tokens = _tokens(text)
        self._at = 0
        self._variables = variables
        self._depth = depth
        self._live = True

    def whole(self) -> int:
        if not self._tokens:
            return 0
        value = self._comma()
        if self._peek():
            raise ValueError("unexpected token")
        return value

    def _peek(self, ahead: int = 0) -> str:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else ""

    def _take(self, token: str) -> bool:
        if self._peek() != token:
            return False
        self._at += 1
        return True

    def _comma(self) -> int:
        value = self._assignment()
        while self._take(","):
            value = self._assignment()
        return value

    def _assignment(self) -> int:
        name, sign = self._peek(), self._peek(1)
        if not (_NAME.match(name) and (sign == "=" or (sign[:-1] in _BINARY and _assigns(sign)))):
            return self._choice()
        self._at += 2
        value = self._assignment()
        if sign != "=":
            value = self._apply(_BINARY[sign[:-1]][1], self._variable(name), value)
        return self._set(name, value)

    def _choice(self) -> int:
        condition = self._binary(_OR)
        if not self._take("?"):
            return condition
        first = self._when(bool(condition), self._comma)
        if not self._take(":"):
            raise ValueError("unexpected token")
        second = self._when(not condition, self._choice)
        return first if condition else second

    def _when(self, live: bool, part: Callable[[], int]) -> int:
        before, self._live = self._live, self._live and live
        try:
            return part()
        finally:
            self._live = before

    def _binary(self, level: int) -> int:
        if level > 10:
            return self._unary()
        value = self._binary(level + 1)
        while True:
            sign = self._peek()
            if (level, sign) in ((_OR, "||"), (_AND, "&&")):
                self._at += 1
                decided = bool(value) is (sign == "||")
                right = self._when(not decided, lambda: self._binary(level + 1))
                value = int(sign == "||") if decided else int(bool(right))
            elif sign in _BINARY and _BINARY[sign][0] == level:
                self._at += 1
                value = self._apply(_BINARY[sign][1], value, self._binary(level + 1))
            else:
                return value

    def _apply(self, function: Callable[[int, int], int], left: int, right: int) -> int:
        return _wrap(int(function(left, right))) if self._live else 0

    def _unary(self) -> int:
        sign = self._peek()
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise ValueError("expression recurses")
        try:
            if sign in _STEPS:
                self._at += 1
                name = self._peek()
                if not _NAME.match(name):
                    raise ValueError("unexpected token")
                self._at += 1
                return self._set(name, _wrap(self._variable(name) + _STEPS[sign]))
            if sign in _UNARY:
                self._at += 1
                return _wrap(_UNARY[sign](self._unary()))
            return self._operand()
        finally:
            self._depth -= 1

    def _operand(self) -> int:
        token = self._peek()
        self._at += 1
        if token == "(":
            value = self._comma()
            if not self._take(")"):
                raise ValueError("missing )")
            return value
        if _NAME.match(token):
            value = self._variable(token)
            if self._peek() in _STEPS:
                self._set(token, _wrap(value + _STEPS[self._peek()]))
                self._at += 1
            return value
        if token[:1].isdigit():
            return _wrap(_number(token))
        raise ValueError("unexpected token")

    def _variable(self, name: str) -> int:
        text = self._variables.get(name, "")
        if not self._live or not text:
            return 0
        return _Evaluation(text, self._variables, self._depth + 1).whole()

    def _set(self, name: str, value: int) -> int:
        if self._live:
            self._variables[name] = str(value)
        return value


def _assigns(sign: str) -> bool:
    return sign.endswith("=") and sign not in ("==", "!=", "<=", ">=")


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError("unexpected token")
        found.append(match.group(1))
        at = match.end()
    return found


def _number(token: str) -> int:
    base, mark, digits = token.partition("#")
    try:
        return (
            int(digits, int(base)) if mark else int(token, 16 if token[:2] in ("0x", "0X") else 10)
        )
    except ValueError:
        raise ValueError("bad number") from None


def _wrap(value: int) -> int:
    """As a signed number."""
    half: int = 2 ** (_BITS - 1)
    return (value + half) % (2 * half) - half
