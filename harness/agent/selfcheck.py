"""Our own requests through each way out of the app: told from the app's, and looked for.

Input: the ways that the agent tried (`hooks/src/self-check.ts` sends to a loopback address that
nobody else uses) and the record. Output: for each way whether its request was seen by its layer.
Such requests are no traffic of the app and never appear as exchanges.
"""

from __future__ import annotations

from collections.abc import Iterable

from harness.traffic.exchange import Exchange

from .messages import CheckedWay, SelfCheck

CHECK_HOST = "127.76.69.75"
"""Twin: hooks/src/self-check.ts."""


def is_check(exchange: Exchange) -> bool:
    return exchange.host == CHECK_HOST


def proved(
    ways: Iterable[CheckedWay], token: str, exchanges: Iterable[Exchange]
) -> tuple[SelfCheck, ...]:
    """`token`: what the agent was told to put into each request, `/TOKEN/WAY`."""
    ours = [each for each in exchanges if is_check(each)]
    seen = {(layer, each.request.url.rpartition("/")[2]) for each in ours for layer in each.seen_by
            if f"/{token}/" in each.request.url}  # fmt: skip
    return tuple(
        SelfCheck(each.layer, each.way, each.sent, (each.layer, each.way) in seen, each.detail)
        for each in ways
    )
