"""Questions about a single exchange that the verdict asks more than once.

Input: an exchange or a `ScannedExchange`. Output: plain answers. Nothing here knows an item.
"""

from __future__ import annotations

import re

from harness.attribution.recipient import Party
from harness.detection.sighting import Sighting
from harness.findings.coverage import Gap
from harness.findings.expectations import Allow, LeakCheck
from harness.findings.facts import ScannedExchange
from harness.findings.hosts import canonical_host
from harness.traffic.exchange import Exchange, Kind, Layer

HANDED_LAYERS = frozenset({Layer.SDK_API, Layer.IPC})

INPUT_PATH = (
    "com.android.inputmethod",
    "com.google.android.inputmethod",
    "com.samsung.android.honeyboard",
    "com.touchtype.swiftkey",
    "com.android.adbkeyboard",
    "io.appium.unicodeime",
    "com.google.android.as",
    "android.view.inputmethod",
    "android.view.textservice",
    "android.view.autofill",
    "android.service.autofill",
    "com.android.internal.view",
    "com.android.internal.inputmethod",
    "com.android.internal.textservice",
)
"""Packages that typed text goes through by its nature: keyboards, autofill, spell checkers and
Android's own interfaces to them."""

ENCRYPTED_SCHEMES = frozenset({"https", "wss", "tls"})


def is_handed(exchange: Exchange) -> bool:
    """A hand-over inside the device, not something that went over the network."""
    return exchange.kind is Kind.HANDOVER or (
        bool(exchange.seen_by) and HANDED_LAYERS.issuperset(exchange.seen_by)
    )


def on_input_path(scanned: ScannedExchange, own_package: str) -> bool:
    """A hand-over that typing itself causes, or one that stays inside the app."""
    exchange = scanned.exchange
    if not is_handed(exchange):
        return False
    package = exchange.package or scanned.recipient.host
    if Layer.IPC in exchange.seen_by and package == own_package:
        return True
    return any(package == known or package.startswith(known + ".") for known in INPUT_PATH)


def witness_only(exchange: Exchange) -> bool:
    return exchange.seen_by == (Layer.WITNESS,)


def witness_gap(exchange: Exchange) -> Gap:
    """An exchange that only the witness saw, as an entry of the coverage; no content in it."""
    request = exchange.request
    what = " ".join(filter(None, (request.method, f"with {request.body.size_bytes} bytes")))
    return Gap(exchange.host, what, exchange.started_s)


def open_ended(exchange: Exchange) -> bool:
    """Whether bytes may have left long after the exchange began: raw streams and gRPC calls."""
    return exchange.kind is Kind.STREAM or any(
        name.lower() == "content-type" and value.lower().startswith("application/grpc")
        for name, value in exchange.request.headers
    )


def in_cleartext(exchange: Exchange) -> bool:
    """Whether anybody on the way could read the request."""
    scheme = exchange.request.url.partition(":")[0].lower()
    if is_handed(exchange) or scheme in ENCRYPTED_SCHEMES:
        return False
    return Layer.TLS not in exchange.seen_by


def allowing(check: LeakCheck, scanned: ScannedExchange) -> Allow | None:
    """The `allow` entry that covers who got this exchange; one that names the SDK goes first."""
    recipient = scanned.recipient
    names = [recipient.sdk, recipient.sdk_id, *(name for pair in scanned.proxied for name in pair)]
    covering = [entry for entry in check.allow if entry.covers(recipient.host)]
    named = [entry for entry in covering if entry.names_sdk(*filter(None, names))]
    plain = [entry for entry in covering if not entry.sdk]
    return next(iter(named + plain), None)


def proxies_unasked(check: LeakCheck, scanned: ScannedExchange) -> bool:
    """Whether an SDK's data goes through an allowed host without an entry that names the SDK."""
    covering = [entry for entry in check.allow if entry.covers(scanned.recipient.host)]
    return any(
        not any(entry.names_sdk(*filter(None, names)) for entry in covering)
        for names in scanned.proxied
    )


def sends_for_its_sdk(scanned: ScannedExchange) -> bool:
    """Whether this is a sending of the SDK it is attributed to.

    A first-party request that an SDK's interceptor sees has the SDK on its stack and is none.
    """
    if scanned.exchange.kind is Kind.DATAGRAM and scanned.exchange.request.method == "DNS":
        return False  # asking for an address sends nothing to it
    recipient = scanned.recipient
    passes_through = recipient.party is Party.FIRST and recipient.basis == ("stack",)
    return not is_handed(scanned.exchange) and (bool(scanned.proxied_by) or not passes_through)


def recipient_key(scanned: ScannedExchange) -> str:
    """What counts as one recipient: the registrable domain, or the host where there is none."""
    return scanned.recipient.domain or canonical_host(scanned.recipient.host)


def field_key(scanned: ScannedExchange, sighting: Sighting) -> tuple[str, str]:
    """Recipient host and location, the latter without `response.` and list positions."""
    field = re.sub(r"\[\d+\]", "[]", sighting.location.removeprefix("response."))
    return canonical_host(scanned.recipient.host), field


def unread_gaps(scanned: ScannedExchange) -> tuple[Gap, ...]:
    """What could not be read of the request, as entries of the coverage."""
    reasons = {unread.part: unread.reason for unread in scanned.scan.unread}
    if scanned.exchange.request.body.unread:
        reasons.setdefault("body", scanned.exchange.request.body.unread)
    return tuple(
        Gap(scanned.recipient.host, f"{part}: {reason}", scanned.exchange.started_s)
        for part, reason in sorted(reasons.items())
        if not part.startswith("response.")
    )
