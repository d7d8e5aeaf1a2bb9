"""The body of an answer as the app reads it, piece by piece.

Input: pieces, the request's method, the answer's status and headers. Output: a `Body`, which says
in `unread` what is missing: an app may read only the beginning of an answer, or none of it.
"""

from __future__ import annotations

from harness.agent.events import AnswerPart, ResponseSeen

from .exchange import EMPTY, Body
from .message import header

_WITHOUT_BODY = frozenset({204, 304})
UNREAD = "the app read no byte of the answer, or reads it past the hooks"


class AnswerBody:
    """Grows while the app reads."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._cut = ""
        self.size_bytes = 0

    def add(self, part: AnswerPart) -> None:
        self._parts.append(part.data)
        self.size_bytes += part.size_bytes
        self._cut = self._cut or part.unread

    def body(self, method: str, answer: ResponseSeen) -> Body:
        declared = header(answer.headers, "content-length")
        due = int(declared) if declared.isdecimal() else -1
        if method == "HEAD" or answer.status in _WITHOUT_BODY or due == 0:
            return EMPTY
        self._parts = [b"".join(self._parts)]
        data, size = self._parts[0], self.size_bytes
        if self._cut:
            return Body(data, max(size, due), self._cut)
        if not size:
            return Body(b"", max(due, 0), UNREAD)
        if size < due:
            return Body(data, due, f"the app read {size} of {due} bytes")
        return Body(data, size)
