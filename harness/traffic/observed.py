"""Adds to a run's coverage what only the traffic itself can tell.

Input: the coverage as the run reports it, and the exchanges of one item's window. Output: the
coverage with hook gaps, connections the witness could not read, and silent batchers. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from harness.findings.carriers import (
    is_handed,
    sends_for_its_sdk,
    unread_gaps,
    witness_gap,
    witness_only,
)
from harness.findings.coverage import Coverage, Gap, LayerState, Queued, is_web_engine
from harness.findings.facts import ScannedExchange
from harness.findings.sorting import CLOCK_SLACK_S
from harness.traffic.exchange import Exchange, Kind, Layer


def completed(
    given: Coverage,
    window: Iterable[ScannedExchange],
    *,
    typed_s: float | None,
    witness: LayerState | None,
    witness_gaps: Iterable[Gap] = (),
    batched: Mapping[str, str] | None = None,
    queued: Iterable[Queued] = (),
    by_default: Collection[str] = (),
) -> Coverage:
    """`given` with everything that the window shows.

    Args:
        witness: state of the witness; None where there is none.
        witness_gaps: connections of this window that the witness could not read.
        batched: catalogue id to name of SDKs that send in batches.
        queued: files in which the item's term waits.
        by_default: hosts that got an answer which nobody wrote for them.
    """
    scanned = tuple(window)
    network = [each.exchange for each in scanned if not is_handed(each.exchange)]
    missed = (witness_gap(each) for each in network if witness_only(each))
    unread = (gap for each in scanned for gap in unread_gaps(each))
    layers = given.layers
    if witness is not None and all(state.layer is not Layer.WITNESS for state in layers):
        layers = (*layers, witness)
    silent = silent_batchers(scanned, batched or {}, typed_s)
    notes = _unwitnessed(network) if witness is not None else (NO_WITNESS,)
    notes += _made_up(network, by_default)
    return replace(
        given,
        layers=layers,
        hook_gaps=tuple(sorted({*given.hook_gaps, *missed}, key=_order)),
        unread=tuple(sorted({*given.unread, *unread}, key=_order)),
        unexplained=tuple(
            sorted({*given.unexplained, *witness_gaps, *_unseen(given, witness)}, key=_order)
        ),
        queued=tuple(dict.fromkeys((*given.queued, *queued))),
        silent_batchers=tuple(sorted({*given.silent_batchers, *silent})),
        notes=(*given.notes, *notes),
    )


NATIVE = "a native library of the app that can send past the hooks, and no witness looks"
CLOSED_PAGES = (
    "the web view's engine is at work, its pages cannot be watched (a release app's DevTools are"
    " closed), and no witness looks"
)


def _unseen(given: Coverage, witness: LayerState | None) -> Iterator[Gap]:
    """The libraries by name in place of a host, so that each can be waived."""
    if witness is not None and witness.installed:
        return
    yield from given.unwatched
    watched = any(state.layer is Layer.WEBVIEW and state.installed for state in given.layers)
    for name in given.native:
        if not is_web_engine(name):
            yield Gap(name, NATIVE)
        elif not watched:
            yield Gap(name, CLOSED_PAGES)


def silent_batchers(
    window: Iterable[ScannedExchange], batched: Mapping[str, str], typed_s: float | None
) -> tuple[str, ...]:
    """Names of the SDKs in `batched` that did something, but sent nothing new once typing began.

    What was sent before and is only sent again says nothing of what the SDK was given since.
    """
    scanned = tuple(window)
    own = [each for each in scanned if sends_for_its_sdk(each)]
    handed = [each for each in scanned if is_handed(each.exchange)]
    live = {each.recipient.sdk_id for each in (*own, *handed)} & set(batched)
    sent = set(_news(own, typed_s)) if typed_s is not None else set()
    return tuple(sorted(batched[sdk] for sdk in live - sent))


NO_WITNESS = (
    "there was no witness: only the hooks saw this run, and nobody could see what they missed"
)
_CHANGING = re.compile(rb"[0-9a-fA-F]{8,}|[0-9]+")
"""Times, counters, ids, checksums: what differs when a request is sent again."""


def _news(own: Iterable[ScannedExchange], typed_s: float) -> Iterator[str]:
    """Ids of the SDKs that sent something after typing began which they had not sent before."""
    before: set[tuple[str, bytes]] = set()
    for each in sorted(own, key=lambda each: each.exchange.started_s):
        request, sdk = each.exchange.request, each.recipient.sdk_id
        content = request.url.encode("utf-8", "surrogateescape") + b"\0" + request.body.data
        shape = (sdk, _CHANGING.sub(b"", content))
        if each.exchange.started_s < typed_s - CLOCK_SLACK_S:
            before.add(shape)
        elif shape not in before:
            yield sdk


def _made_up(network: list[Exchange], by_default: Collection[str]) -> tuple[str, ...]:
    """A note on hosts whose answers are not theirs: an SDK may hold back what they "refused"."""
    hosts = sorted({each.host for each in network} & set(by_default))
    if not hosts:
        return ()
    return (
        f"answered by default, which an SDK may take for a refusal: {', '.join(hosts)}; write"
        " internet/<host>.yaml with what the real host answers",
    )


def _unwitnessed(network: list[Exchange]) -> tuple[str, ...]:
    """A note on requests that the hooks alone saw although there is a witness."""
    alone = [each for each in network if Layer.WITNESS not in each.seen_by]
    requests = [each for each in alone if each.kind is Kind.HTTP]
    hosts = ", ".join(sorted({each.host for each in requests}))
    count = len(requests)
    return (f"{count} requests were seen by the hooks alone: {hosts}",) if count else ()


def _order(gap: Gap) -> tuple[float, str, str]:
    return gap.at_s, gap.host, gap.detail
