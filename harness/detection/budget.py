"""How much work one exchange may cost. Pure.

Input: sizes of layers and numbers of tokens as they come. Output: whether to go on, and why not.
Without it a small body could be made to unfold into hours of work.
"""

from __future__ import annotations

from dataclasses import dataclass

WORK_BYTES = 96 << 20
"""Bytes of layers looked at per exchange before the rest is a blind spot."""
MAX_TOKENS = 60_000


@dataclass(slots=True)
class Budget:
    """Work left for one exchange; shared by its parts."""

    bytes_left: int = WORK_BYTES
    tokens_left: int = MAX_TOKENS
    over: str = ""

    def take(self, size_bytes: int) -> bool:
        """Whether `size_bytes` more may be looked at."""
        self.bytes_left -= size_bytes
        if self.bytes_left < 0 and not self.over:
            self.over = f"over the work budget of {WORK_BYTES >> 20} MiB of decoded layers"
        return self.bytes_left >= 0

    def take_token(self) -> bool:
        self.tokens_left -= 1
        if self.tokens_left < 0 and not self.over:
            self.over = f"over the work budget of {MAX_TOKENS} encoded-looking values"
        return self.tokens_left >= 0
