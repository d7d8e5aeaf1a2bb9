"""The agent's answers to calls, as typed values; twin of the end of hooks/src/contract.ts.

Input: what a call returned, decoded from JSON. Output: a value. Anything that is not exactly as
agreed is refused with the place and what was there (WireError), never guessed at.
"""

from __future__ import annotations

from harness.traffic.exchange import Layer

from .fields import Fields, unexpected
from .messages import AgentState, CheckedWay, FocusedField


def decode_state(answer: object) -> AgentState:
    """The answer to `report`. Raises WireError."""
    fields = Fields(answer, "report")
    fields.version()
    fired = fields.inner("fired")
    return AgentState(
        runtime=fields.runtime(),
        pid=fields.whole("pid"),
        hooks=fields.hooks(),
        fired=tuple((name, fired.whole(name)) for name in fired.names()),
        seq=fields.whole("seq"),
        dropped=fields.whole("dropped"),
        native=fields.texts("native"),
    )


def decode_flushed(answer: object) -> tuple[int, int]:
    """The answer to `flush`: the newest sequence number and the dropped events."""
    fields = Fields(answer, "flush")
    return fields.whole("seq"), fields.whole("dropped")


def decode_checks(answer: object) -> tuple[CheckedWay, ...]:
    """The answer to `selfCheck`."""
    if not isinstance(answer, list):
        raise unexpected("selfCheck", answer, "a list")
    rows = [Fields(item, f"selfCheck[{index}]") for index, item in enumerate(answer)]
    return tuple(
        CheckedWay(
            layer=Layer(row.one_of("layer", "java-http", "tls", "socket")),
            way=row.text("way"),
            sent=row.flag("sent"),
            detail=row.text("detail"),
        )
        for row in rows
    )


def decode_sdk_flushes(answer: object) -> tuple[tuple[str, int, str], ...]:
    """The answer to `flushSdks`: chain, how many were asked, error."""
    if not isinstance(answer, list):
        raise unexpected("flushSdks", answer, "a list")
    rows = [Fields(item, f"flushSdks[{index}]") for index, item in enumerate(answer)]
    return tuple((row.text("chain"), row.whole("asked"), row.text("error")) for row in rows)


def decode_field(answer: object) -> FocusedField | None:
    """The answer to `focusedField`."""
    if answer is None:
        return None
    f = Fields(answer, "focusedField")
    return FocusedField(
        text=f.text("text"),
        hint=f.text("hint"),
        class_name=f.text("className"),
        password=f.flag("password"),
        resource_id=f.text("resourceId"),
    )
