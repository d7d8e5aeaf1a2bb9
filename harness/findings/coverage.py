"""What a run could see, and what it could not, as values.

Input: the facts that agents, the device and the witness report. Output: `Coverage`, which the
verdict table reads and the report prints. It states facts and judges nothing; the only logic here
derives the state of a capture layer from the hooks that make it up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from harness.traffic.exchange import Layer


class Hook(Protocol):
    """One hook target as the agent reports it."""

    @property
    def layer(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def state(self) -> str:
        """`installed`, `missing` (the app has no such class) or `failed`."""

    @property
    def detail(self) -> str: ...


@dataclass(frozen=True, slots=True)
class LayerState:
    """One capture layer in one run.

    Attributes:
        installed: its hooks are in place and none failed.
        fired: how many events it reported.
        proved: it is known to see traffic, because it saw some or a canary passed it.
        detail: what is wrong with it, as a clause.
        in_use: the app can send through it; a layer that is not in use is not asked for.
        canary: a self-check request of ours passed through it and was seen.
    """

    layer: Layer
    installed: bool
    fired: int = 0
    proved: bool = False
    detail: str = ""
    in_use: bool = True
    canary: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """Traffic that left and that some observer could not read or did not see.

    Attributes:
        host: peer, empty when unknown (then no waiver can cover it).
        detail: a clause with the particulars.
        at_s: Unix time, 0 when unknown.
    """

    host: str
    detail: str
    at_s: float = 0.0


@dataclass(frozen=True, slots=True)
class ProcessState:
    """A process of the app that was alive during the run."""

    name: str
    instrumented: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Where the run looked.

    Attributes:
        hooks_missing: targets the app does not have (a fact, not a fault).
        lost: messages known to be lost between the agent and us.
        hook_gaps: exchanges that only the witness saw.
        unread: unread request bodies (filled by the ledger).
        unexplained: flows nobody could read (pinned, QUIC, undecryptable).
        detached: why the agent left before the end, empty when it stayed.
        errors: faults of the instrumentation itself, one sentence each.
        queued: places where the term waits in the app's files, unsent.
        silent_batchers: SDKs that send in batches, were live, and sent nothing after the input.
        notes: whatever else a reader should know; decides nothing.
    """

    layers: tuple[LayerState, ...] = ()
    hooks_missing: tuple[str, ...] = ()
    lost: int = 0
    hook_gaps: tuple[Gap, ...] = ()
    unread: tuple[Gap, ...] = ()
    unexplained: tuple[Gap, ...] = ()
    processes: tuple[ProcessState, ...] = ()
    detached: str = ""
    errors: tuple[str, ...] = ()
    queued: tuple[str, ...] = ()
    silent_batchers: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def layer_states(
    hooks: Iterable[Hook],
    fired: Mapping[str, int],
    seen: Iterable[Layer] = (),
    *,
    required: Iterable[Layer] = (Layer.TLS,),
    canaries: Iterable[Layer] = (),
) -> tuple[LayerState, ...]:
    """The state of each layer that the agent knows or that is `required`.

    Args:
        hooks: all hook targets of all agents of the run; those that capture nothing (they carry
            stacks across threads) belong to no layer and are left out.
        fired: event counts per target, as the agent reports them.
        seen: layers that reported at least one exchange.
        required: layers that count as in use even when no target of theirs was found.
        canaries: layers through which a self-check was sent and seen.
    """
    known = {layer.value for layer in Layer}
    rows = tuple(hook for hook in hooks if hook.layer in known)
    proved_by_traffic, proved_by_canary = set(seen), set(canaries)
    wanted = set(required)
    named = wanted | {Layer(hook.layer) for hook in rows}
    return tuple(
        _layer_state(
            layer,
            [hook for hook in rows if hook.layer == layer.value],
            fired,
            layer in proved_by_traffic,
            layer in proved_by_canary,
            layer in wanted,
        )
        for layer in Layer
        if layer in named
    )


def _layer_state(
    layer: Layer,
    hooks: list[Hook],
    fired: Mapping[str, int],
    seen: bool,
    canary: bool,
    required: bool,
) -> LayerState:
    installed = [hook for hook in hooks if hook.state == "installed"]
    failed = [hook for hook in hooks if hook.state == "failed"]
    count = sum(fired.get(target, 0) for target in {hook.target for hook in hooks})
    if failed:
        detail = "; ".join(f"{hook.target}: {hook.detail or 'failed'}" for hook in failed)
    else:
        detail = "" if installed else "no hook of it could be installed"
    return LayerState(
        layer,
        installed=bool(installed) and not failed,
        fired=count,
        proved=seen or canary or count > 0,
        detail=detail,
        in_use=required or bool(installed) or bool(failed),
        canary=canary,
    )
