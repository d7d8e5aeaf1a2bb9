"""The virtual device's network: real host names, canned answers, an independent record."""

from harness.virtual.internet.control import switch_answers
from harness.virtual.internet.service import LIVE_WARNING, Internet

__all__ = ["LIVE_WARNING", "Internet", "switch_answers"]
