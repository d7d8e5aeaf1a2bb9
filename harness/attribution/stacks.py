"""Stack to SDK: whose code sent this? Pure.

Input: the frames of an exchange, innermost first, then those of the code that scheduled it. Output:
the first frame that belongs to an SDK of the catalogue. Transports (HTTP clients, the platform) are
not in the catalogue and so never answer; an SDK's interceptor or instrumentation that somebody
else's request merely passes through is skipped, as is the app's own package.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from harness.attribution.catalogue import Catalogue, Sdk
from harness.traffic.exchange import Stack

FRAME = re.compile(r"^(?:at\s+)?(?P<class>[\w.$/-]+)\.(?P<method>[\w$<>-]+)\s*(?:\(|$)")
PASS_THROUGH_METHODS = frozenset({"intercept", "proceed", "eventListener"})
PASS_THROUGH_PARTS = (
    "Interceptor",
    "EventListener",
    "okhttp",
    ".instrumentation",
    "com.google.firebase.perf.network",
    "com.dynatrace.android.callback",
    "com.newrelic.agent.android.",
)
"""Parts of class names of code that wraps every request of an app, whoever makes it."""


@dataclass(frozen=True, slots=True)
class Sender:
    """The SDK that a stack names and the frame that names it."""

    sdk: Sdk
    frame: str


def class_of(frame: str) -> str:
    """`com.a.B` of `com.a.B.run(B.java:3)`; an empty string for what is not a frame."""
    match = FRAME.match(frame)
    return match.group("class").rpartition("/")[2] if match else ""


def passes_through(frame: str) -> bool:
    """Whether a frame belongs to code that wraps other people's requests."""
    match = FRAME.match(frame)
    if match is None:
        return False
    if match.group("method") in PASS_THROUGH_METHODS:
        return True
    return any(part in match.group("class") for part in PASS_THROUGH_PARTS)


def sender(stack: Stack, catalogue: Catalogue, app_package: str = "") -> Sender | None:
    """The SDK that sent, by the innermost frame that tells; None when no frame does."""
    for frame in stack.all_frames:
        name = class_of(frame)
        if not name or (app_package and _inside(name, app_package)):
            continue
        sdk = catalogue.by_class(name)
        if sdk is not None and not passes_through(frame):
            return Sender(sdk, frame)
    return None


def passing(stack: Stack, catalogue: Catalogue) -> tuple[Sdk, ...]:
    """SDKs whose interceptors the request went through, in order, each once."""
    found = [
        catalogue.by_class(class_of(frame)) for frame in stack.all_frames if passes_through(frame)
    ]
    return tuple(dict.fromkeys(sdk for sdk in found if sdk is not None))


def _inside(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")
