"""What a report says, as values: one `ItemReport` per scenario item, and `Report` over all.

Input: judgements and the run's facts. Output: frozen values that `document` writes and reads and
that `wording` turns into sentences. It refuses to call an empty report a pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from harness.errors import HarnessError
from harness.findings.coverage import Coverage
from harness.findings.finding import Judgement, Reason, Verdict

ERROR_ROW = "error"


@dataclass(frozen=True, slots=True)
class AppRecord:
    """The app that was tested; `version_code` and the digest identify the build."""

    package: str
    version_name: str = ""
    version_code: int = 0
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class DeviceRecord:
    """The device it ran on."""

    serial: str
    provider: str = ""
    model: str = ""
    android_version: str = ""
    api_level: int = 0
    abi: str = ""
    build_type: str = ""
    build_fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """A host that the app sent to, terms or not.

    Attributes:
        party: `first`, `third` or `unknown`.
        requests: how many exchanges there were with it.
        sent_bytes: size of their request bodies.
        since_typing: how many of them began after typing of the term did.
    """

    host: str
    party: str
    company: str = ""
    sdk: str = ""
    requests: int = 0
    sent_bytes: int = 0
    since_typing: int = 0


@dataclass(frozen=True, slots=True)
class ItemReport:
    """One item.

    Attributes:
        id: the item's node id.
        file: scenario file (or Python test file), as the user named it.
        attempts: verdicts of all attempts, oldest first, this one included.
        exchanges: how many exchanges were read.
        revised: the verdict it closed with, if something sent late changed it.
        duration_s: wall time of the item, 0 when unknown.
        contacted: every host that the app sent to, by name.
    """

    id: str
    file: str
    term: str
    consent: str
    judgement: Judgement
    app: AppRecord | None = None
    device: DeviceRecord | None = None
    coverage: Coverage = field(default_factory=Coverage)
    attempts: tuple[Verdict, ...] = ()
    exchanges: int = 0
    revised: Verdict | None = None
    duration_s: float = 0.0
    contacted: tuple[Contact, ...] = ()

    @property
    def verdict(self) -> Verdict:
        return self.judgement.verdict


@dataclass(frozen=True, slots=True)
class Report:
    """A whole run."""

    items: tuple[ItemReport, ...]

    @property
    def verdict(self) -> Verdict:
        return overall([item.verdict for item in self.items])


def overall(verdicts: Sequence[Verdict]) -> Verdict:
    """The gravest of them; a run without any item proved nothing."""
    return max(verdicts, key=lambda verdict: verdict.rank, default=Verdict.INCONCLUSIVE)


def judgement_of_error(error: HarnessError) -> Judgement:
    """An item that an error kept from being judged: inconclusive, for that reason."""
    where = f"{error.where}: " if error.where else ""
    seen = f" (seen: {error.seen})" if error.seen else ""
    detail = " ".join(f"{where}{error.what}{seen}".split())
    reason = Reason(ERROR_ROW, Verdict.INCONCLUSIVE, detail, " ".join(error.action.split()))
    return Judgement(Verdict.INCONCLUSIVE, (reason,), findings=(), allowed=())
