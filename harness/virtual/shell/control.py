"""How `exit`, `break` and `continue` leave the commands around them: as exceptions."""

from __future__ import annotations


class ShellExit(Exception):
    """`exit`: this shell is done."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(status)


class LoopControl(Exception):
    """`break` or `continue`."""

    def __init__(self, again: bool) -> None:
        self.again = again
        super().__init__(again)
