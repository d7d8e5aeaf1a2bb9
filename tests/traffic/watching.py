"""A small working scanner, attributor and catalogue for ledger tests.

They do the real thing in the simplest way: the scanner finds terms that stand in URL or body as
they are, the attributor names the host. What they agree on with the real engine is only the shape
of `Scan` and `Recipient`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from harness.attribution.recipient import Recipient
from harness.detection.sighting import Scan, Sighting
from harness.findings.coverage import Coverage, LayerState, ProcessState
from harness.findings.facts import Outcome
from harness.findings.finding import Judgement
from harness.traffic.exchange import Exchange, Layer
from harness.traffic.ledger import Ledger
from tests.findings.building import PACKAGE, check

COVERAGE = Coverage(
    layers=(LayerState(Layer.JAVA_HTTP, True, 1, True), LayerState(Layer.TLS, True, 1, True)),
    processes=(ProcessState(PACKAGE, True),),
)
FINE = Outcome(typing_confirmed=True, coverage=COVERAGE)


@dataclass
class PlainScanner:
    terms: Sequence[str]
    scanned: list[str] = field(default_factory=list)

    def learn(self) -> bool:
        return False

    def scan(self, exchange: Exchange) -> Scan:
        self.scanned.append(exchange.id)
        response = exchange.response.body.data if exchange.response else b""
        parts = {
            "url": exchange.request.url.encode(),
            "body": exchange.request.body.data,
            "response.body": response,
        }
        return Scan(
            tuple(
                Sighting(term, "nfc", part, (), (at, at + len(term.encode())), part)
                for term in self.terms
                for part, data in parts.items()
                if (at := data.find(term.encode())) >= 0
            )
        )


@dataclass(frozen=True)
class Sdk:
    name: str
    delivery: str


@dataclass(frozen=True)
class Vendor:
    sdk_id: str
    source: str = "test"


@dataclass
class HostAttributor:
    """Names the SDK by the host; `proxying` maps a path to the SDK whose it is."""

    sdks: dict[str, str] = field(default_factory=dict)
    proxying: dict[str, str] = field(default_factory=dict)

    def recipient(self, exchange: Exchange) -> Recipient:
        host = exchange.package or exchange.host
        sdk_id = self.sdks.get(host, "")
        return Recipient(host, ".".join(host.split(".")[-2:]), sdk=sdk_id.title(), sdk_id=sdk_id)

    def proxied(self, exchange: Exchange, recipient: Recipient) -> tuple[Vendor, ...]:
        return tuple(
            Vendor(sdk_id) for path, sdk_id in self.proxying.items() if path in exchange.request.url
        )


@dataclass
class DictCatalogue:
    sdks: dict[str, Sdk] = field(default_factory=dict)

    def names(self) -> tuple[str, ...]:
        return tuple(sdk.name for sdk in self.sdks.values())

    def by_id(self, sdk_id: str) -> Sdk | None:
        return self.sdks.get(sdk_id)


@dataclass
class Session:
    """A ledger with items of 100 s each: typing starts after 10 s, the window closes after 50."""

    terms: Sequence[str] = ("hépatite", "cancer")
    attributor: HostAttributor = field(default_factory=HostAttributor)
    catalogue: DictCatalogue = field(default_factory=DictCatalogue)
    outcome: Outcome = FINE

    def __post_init__(self) -> None:
        self.scanner = PlainScanner(self.terms)
        self.ledger = Ledger(self.scanner, self.catalogue)

    def open(self, item: str, term: str, at_s: float, *, typed: bool = True) -> None:
        self.ledger.open_item(
            item,
            term,
            package=PACKAGE,
            check=check(),
            attributor=self.attributor,
            started_s=at_s,
        )
        if typed:
            self.ledger.typing(item, at_s + 10)

    def close(self, item: str, at_s: float) -> Judgement:
        return self.ledger.close_item(item, at_s, self.outcome)
