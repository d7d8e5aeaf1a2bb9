"""How `exit`, `return`, `break`, `continue` and faults leave the commands around them."""

from __future__ import annotations


class ShellExit(Exception):
    """`exit`: this shell is done."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(status)


class FunctionReturn(Exception):
    """`return`: this function, or script, is done."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(status)


class LoopControl(Exception):
    """`break` or `continue`; `levels` loops are meant."""

    def __init__(self, again: bool, levels: int = 1) -> None:
        self.again = again
        self.levels = levels
        super().__init__(again, levels)


class ShellFault(Exception):
    """The shell says this and ends, or goes on with the next line if it asks for lines."""

    def __init__(self, text: str, status: int = 1) -> None:
        self.status = status
        super().__init__(text)
