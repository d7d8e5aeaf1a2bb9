"""Exchange to recipient: who got it? Pure; the suffix list and the catalogue are package data.

- `sdk`: by the sender's stack if that names one; else by the request's signature where it agrees
  with the host; else by the host.
- `company`: by the host. A host that the catalogue does not know has none, even when the stack
  names an SDK: a self-hosted collector belongs to whoever runs it.
- `party`: `first` if the caller's list covers the host; `third` if the catalogue knows the host, or
  if a list was given and the host's registrable domain is another; `unknown` otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from publicsuffixlist import PublicSuffixList

from harness.attribution.catalogue import Catalogue, Sdk
from harness.attribution.recipient import Party, Recipient
from harness.attribution.signatures import Signature, signatures_of
from harness.attribution.stacks import sender
from harness.findings.hosts import is_address
from harness.traffic.exchange import Exchange, Kind, Layer

RECEIVERS = {
    "com.google.android.gms": ("Google", "Google Play services"),
    "com.google.android.gsf": ("Google", "Google Services Framework"),
    "com.android.vending": ("Google", "Google Play Store"),
    "com.huawei.hwid": ("Huawei", "HMS Core"),
    "com.facebook.katana": ("Meta", "Facebook app"),
    "com.facebook.services": ("Meta", "Facebook Services"),
}
"""Packages that receive data over Binder: package -> company, name."""


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@lru_cache(maxsize=4096)
def registrable_domain(host: str) -> str:
    """`doctolib.de` of `www.doctolib.de`; the host itself for addresses and bare names."""
    name = host.rstrip(".")
    if not name or is_address(name):
        return host
    return _suffixes().privatesuffix(name.lower()) or host


def covers(domain: str, host: str) -> bool:
    """Whether `domain` is `host` or above it; never more."""
    domain, host = domain.lower().strip("."), host.lower().rstrip(".")
    return bool(domain) and (host == domain or host.endswith("." + domain))


class Attributor:
    """Answers who received an exchange.

    Args:
        first_party: domains of the app's maker; each covers its subdomains.
        app_package: frames of this package are the app's own, whatever the catalogue says.
    """

    def __init__(
        self, catalogue: Catalogue, first_party: Sequence[str] = (), app_package: str = ""
    ) -> None:
        self.catalogue = catalogue
        self.first_party = tuple(first_party)
        self.app_package = app_package

    def recipient(self, exchange: Exchange) -> Recipient:
        """Host, domain, company, SDK and party of one exchange."""
        named = sender(exchange.stack, self.catalogue, self.app_package)
        if exchange.kind is Kind.HANDOVER and exchange.package:
            return self._receiver(exchange, named.sdk if named else None)
        known = self.catalogue.by_host(exchange.host)
        payload = self._payload(exchange, known) if known or named else None
        sdk, basis, confidence = _choose(named.sdk if named else None, known, payload, exchange)
        return Recipient(
            host=exchange.host,
            domain=registrable_domain(exchange.host),
            company=known[0].vendor if known else "",
            sdk=sdk.name if sdk else "",
            sdk_id=sdk.id if sdk else "",
            party=self._party(exchange.host, bool(known)),
            basis=basis,
            confidence=confidence,
        )

    def _payload(self, exchange: Exchange, known: tuple[Sdk, ...]) -> Sdk | None:
        """The SDK that the request looks like; of several the one that lives at the host."""
        likely = [row.sdk_id for row in signatures_of(exchange)]
        at_host = [sdk.id for sdk in known if sdk.id in likely]
        chosen = next(iter(at_host + likely), None)
        return self.catalogue.by_id(chosen) if chosen else None

    def _party(self, host: str, known: bool) -> Party:
        if any(covers(domain, host) for domain in self.first_party):
            return Party.FIRST
        if known:
            return Party.THIRD
        own = {registrable_domain(domain) for domain in self.first_party}
        if own and registrable_domain(host) not in own:
            return Party.THIRD
        return Party.UNKNOWN

    def _receiver(self, exchange: Exchange, sdk: Sdk | None) -> Recipient:
        company, name = RECEIVERS.get(exchange.package, ("", ""))
        own = bool(self.app_package) and exchange.package == self.app_package
        party = Party.FIRST if own else Party.THIRD if company else Party.UNKNOWN
        return Recipient(
            host=exchange.package,
            domain=exchange.package,
            company=company,
            sdk=sdk.name if sdk else name,
            sdk_id=sdk.id if sdk else "",
            party=party,
            basis=("stack",) if sdk else ("host",) if name else (),
            confidence="medium" if sdk or name else "",
        )

    def proxied(self, exchange: Exchange, recipient: Recipient) -> tuple[Signature, ...]:
        """Vendors' signatures at a host that is not those vendors' (first-party proxying)."""
        found = []
        for row in signatures_of(exchange):
            vendor = self.catalogue.by_id(row.sdk_id)
            if vendor is None or recipient.company != vendor.vendor:
                found.append(row)
        return tuple(found)


def _choose(
    named: Sdk | None, known: tuple[Sdk, ...], payload: Sdk | None, exchange: Exchange
) -> tuple[Sdk | None, tuple[str, ...], str]:
    """The SDK, the opinions that it rests on, and the confidence in it.

    The stack goes first, since it names the very code that sent; of the SDKs of one host the
    payload chooses. Opinions agree when they name the same vendor.
    """
    chosen = named
    if chosen is None and known:
        fits = (sdk for sdk in known if payload is not None and sdk.id == payload.id)
        chosen = next(fits, None) or _by_host(known, exchange)
    if chosen is None:
        return None, (), ""
    opinions = {
        "stack": {named.vendor} if named else set(),
        "host": {sdk.vendor for sdk in known},
        "payload": {payload.vendor} if payload else set(),
    }
    basis = tuple(name for name, vendors in opinions.items() if chosen.vendor in vendors)
    differ = any(vendors and chosen.vendor not in vendors for vendors in opinions.values())
    return chosen, basis, "low" if differ else "high" if len(basis) > 1 else "medium"


def _by_host(known: tuple[Sdk, ...], exchange: Exchange) -> Sdk:
    web = Layer.WEBVIEW in exchange.seen_by
    kind = [sdk for sdk in known if not sdk.packages] if web else []
    return (kind or list(known))[0]


def proxied(exchange: Exchange, recipient: Recipient) -> tuple[Signature, ...]:
    """`Attributor.proxied` with the shipped catalogue."""
    return Attributor(Catalogue.load()).proxied(exchange, recipient)
