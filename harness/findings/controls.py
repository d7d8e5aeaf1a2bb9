"""Positive controls: did the hooks see the term where it must have gone?

A pass counts only if they did. Input: sorted facts of an item. Output: `Collected`. Each function
is one row of the table in `harness.findings.verdict`.
"""

from __future__ import annotations

from harness.findings.blindness import Collected, Detail
from harness.findings.carriers import is_handed, witness_only
from harness.findings.hosts import canonical_host, host_covers
from harness.findings.sorting import Situation, Sorted
from harness.traffic.exchange import Layer


def control(item: Sorted) -> Collected:
    """The control host must have got the whole term, seen by the hooks.

    Of a term that was never typed there is nothing more to say: that is a reason of its own.
    """
    if item.facts.typed_s is None:
        return Collected()
    wanted = item.facts.check.control
    if wanted.off:
        return _canaries(item)
    if not wanted.hosts and not item.facts.check.allow:
        return Collected()
    reached = _controls(item)
    if any(not wanted.hosts or wanted.covers(host) for host, by_hooks in reached if by_hooks):
        return Collected()
    name = " or ".join(wanted.hosts) if wanted.hosts else "any allowed host"
    blind = any(not wanted.hosts or wanted.covers(host) for host, _ in reached)
    how = ", the hooks did not see it: only the witness did" if blind else ""
    text = f"positive control missing: {item.facts.term!r} was not seen on its way to {name}{how}"
    action = "check that the search was submitted, and that control names who must receive it"
    return Collected((Detail(text, action),))


def asserted(item: Sorted) -> Collected:
    hosts = [host for host, by_hooks in _controls(item, anywhere=True) if by_hooks]
    return Collected(
        tuple(
            Detail(f"the scenario asserts that {wanted} receives {item.facts.term!r}; not seen")
            for wanted in sorted(set(item.facts.asserted_leaks))
            if not any(host_covers(canonical_host(wanted), host) for host in hosts)
        )
    )


def nothing_allowed(item: Sorted) -> Collected:
    check = item.facts.check
    if check.allow or check.control.hosts or check.control.off:
        return Collected()
    text = "nothing is allowed, so no positive control can show that the hooks see the term"
    return Collected(
        (Detail(text, "name the first party in leakCheck.allow, or set control: {off: why}"),)
    )


def _canaries(item: Sorted) -> Collected:
    silent = [
        state.layer
        for state in item.facts.coverage.layers
        if state.in_use and state.layer is not Layer.WITNESS and not state.canary
    ]
    note = f"no positive control: {item.facts.check.control.off}"
    return Collected(
        tuple(
            Detail(f"control is off and no self-check request was seen by layer {layer}")
            for layer in sorted(silent)
        ),
        notes=(note,),
    )


_CONTROLLING = (Situation.ALLOWED, Situation.CLEARTEXT, Situation.PROXIED, Situation.SENT)


def _controls(item: Sorted, *, anywhere: bool = False) -> list[tuple[str, bool]]:
    """Hosts that got the whole term over the network, and whether the hooks saw it."""
    check = item.facts.check
    return [
        (row.scanned.recipient.host, not witness_only(row.scanned.exchange))
        for row in item.of(*_CONTROLLING)
        if not row.sighting.prefix
        and not is_handed(row.scanned.exchange)
        and (anywhere or check.control.hosts or row.allowed_by is not None)
    ]
