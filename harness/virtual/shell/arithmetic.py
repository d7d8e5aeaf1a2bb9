"""`$((...))`: integers, variables, the operators of C without assignment.

Raises `ValueError` with mksh's words. Python's own parser reads the expression; only the node kinds
of the table below are evaluated, so nothing can be called or looked up. Division truncates as in C.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping

_MAX_BITS = 63


def _divide(left: int, right: int) -> int:
    if right == 0:
        raise ValueError("divide by zero")
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


def _remainder(left: int, right: int) -> int:
    return left - right * _divide(left, right)


def _shift(left: int, right: int) -> int:
    return left << (right & _MAX_BITS)


_BINARY: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: _divide,
    ast.Mod: _remainder,
    ast.LShift: _shift,
    ast.RShift: lambda left, right: left >> (right & _MAX_BITS),
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
}
_UNARY: dict[type[ast.unaryop], Callable[[int], int]] = {
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
    ast.Invert: operator.invert,
    ast.Not: lambda value: int(not value),
}
_COMPARE: dict[type[ast.cmpop], Callable[[int, int], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def evaluate(text: str, variables: Mapping[str, str]) -> int:
    """The value of an expression. Raises `ValueError`."""
    source = re.sub(r"\$\{?(\w+)\}?", r"\1", text).replace("&&", " and ").replace("||", " or ")
    source = re.sub(r"!(?!=)", " not ", source).strip()
    try:
        tree = ast.parse(source or "0", mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise ValueError("unexpected token") from error
    return _wrap(_value(tree.body, variables))


def _value(node: ast.expr, variables: Mapping[str, str]) -> int:
    match node:
        case ast.Constant(value=int() as value):
            return int(value)
        case ast.Name(id=name):
            text = variables.get(name, "0") or "0"
            if not re.fullmatch(r"-?\d+", text):
                raise ValueError("bad number")
            return int(text)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            return _wrap(_BINARY[type(op)](_value(left, variables), _value(right, variables)))
        case ast.UnaryOp(op=unary, operand=operand) if type(unary) in _UNARY:
            return _UNARY[type(unary)](_value(operand, variables))
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARE:
            return int(_COMPARE[type(op)](_value(left, variables), _value(right, variables)))
        case ast.BoolOp(op=op, values=values):
            truths = [bool(_value(value, variables)) for value in values]
            return int(all(truths) if isinstance(op, ast.And) else any(truths))
    raise ValueError("unexpected token")


def _wrap(value: int) -> int:
    """As a signed 64-bit number."""
    return (value + 2**63) % 2**64 - 2**63
