"""What a run could see, and what it could not, as values.

Input: the facts that agents, the device and the witness report. Output: `Coverage`, which the
verdict table reads and the report prints. It states facts and judges nothing; the only logic here
derives the state of a capture layer from the hooks that make it up.
"""

from __future__ import annotations

import re
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


class Check(Protocol):
    """What became of a request of our own that the agent sent through one way of a layer."""

    @property
    def layer(self) -> Layer: ...
    @property
    def way(self) -> str: ...
    @property
    def sent(self) -> bool:
        """False where the app has no such way, or forbids it."""

    @property
    def seen(self) -> bool:
        """Whether that layer's record has it."""


@dataclass(frozen=True, slots=True)
class LayerState:
    """One capture layer in one run.

    Attributes:
        installed: its hooks are in place and none failed.
        fired: how many events it reported.
        proved: it is known to see traffic, because it saw some or a canary passed it.
        detail: what is wrong with it, as a clause.
        in_use: the app can send through it; a layer that is not in use is not asked for.
        canary: self-check requests of ours went every way through it and all were seen.
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
class Queued:
    """A term that waits in a file of the app.

    Attributes:
        file: its path on the device.
        detail: in which form, and whose file it seems to be, as a clause.
    """

    file: str
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
        queued: files of the app in which the term waits, unsent.
        silent_batchers: SDKs that send in batches, were live, and sent nothing after the input.
        native: the app's native libraries that can send past the hooks; a witness sees them.
        unwatched: web pages that nobody watched, or not from their beginning, although they may
            have sent since typing began; a witness sees them.
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
    queued: tuple[Queued, ...] = ()
    silent_batchers: tuple[str, ...] = ()
    native: tuple[str, ...] = ()
    unwatched: tuple[Gap, ...] = ()
    notes: tuple[str, ...] = ()


_WEB_ENGINE = re.compile(r"lib(webviewchromium|monochrome\w*)\.so")


def is_web_engine(library: str) -> bool:
    """Whether this is Android's web view, by the names that hooks/src/native.ts gives."""
    return _WEB_ENGINE.fullmatch(library) is not None


_HANDED = frozenset({Layer.SDK_API, Layer.IPC})
"""They add to what the other layers see; an app that hands nothing over is not thereby unseen."""


def layer_states(
    hooks: Iterable[Hook],
    fired: Mapping[str, int],
    seen: Iterable[Layer] = (),
    *,
    required: Iterable[Layer] = (Layer.TLS,),
    checks: Iterable[Check] = (),
) -> tuple[LayerState, ...]:
    """The state of each layer that the agent knows or that is `required`.

    Args:
        hooks: all hook targets of all agents of the run; those that capture nothing (they carry
            stacks across threads) belong to no layer and are left out.
        fired: event counts per target, as the agent reports them.
        seen: layers that reported at least one exchange.
        required: layers that count as in use even when no target of theirs was found.
        checks: the self-checks of all agents. One that was sent and not seen makes its layer dead:
            the app can send that way, and the hooks do not see it.
    """
    known = {layer.value for layer in Layer}
    rows = tuple(hook for hook in hooks if hook.layer in known)
    proved_by_traffic = set(seen)
    sent = [check for check in checks if check.sent]
    wanted = set(required) | {check.layer for check in sent}
    named = wanted | {Layer(hook.layer) for hook in rows}
    return tuple(
        _layer_state(
            layer,
            [hook for hook in rows if hook.layer == layer.value],
            fired,
            layer in proved_by_traffic,
            [check for check in sent if check.layer is layer],
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
    checks: list[Check],
    required: bool,
) -> LayerState:
    installed = [hook for hook in hooks if hook.state == "installed"]
    failed = [hook for hook in hooks if hook.state == "failed"]
    unseen = sorted({check.way for check in checks if not check.seen})
    count = sum(fired.get(target, 0) for target in {hook.target for hook in hooks})
    wrong = [f"{hook.target}: {hook.detail or 'failed'}" for hook in failed]
    wrong += [f"a self-check through {way} was sent and not seen" for way in unseen]
    missing = "" if installed else "no hook of it could be installed"
    canary = bool(checks) and not unseen
    return LayerState(
        layer,
        installed=bool(installed) and not failed and not unseen,
        fired=count,
        proved=seen or canary or count > 0,
        detail="; ".join(wrong) or missing,
        in_use=required or ((bool(installed) or bool(failed)) and layer not in _HANDED),
        canary=canary,
    )
