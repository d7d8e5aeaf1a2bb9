"""The catalogue of SDKs and web tags, and the two look-ups it serves. Reads its own package data.

Input: `sdk-catalogue.yaml` beside this file. Output: frozen entries, found by host (longest suffix
wins) or by Java class name (longest package prefix wins).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from harness.errors import BugError

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Sdk:
    """One entry.

    Attributes:
        vendor: the company behind it.
        packages: Java package prefixes.
        hosts: hosts or registrable suffixes it sends to.
        sinks: `Class#method(types)` of entry points that take app data.
        delivery: `immediate`, `batched` or `other-process`.
        flush: `Class#method()`: what makes it send what it holds; a static method, or one of each
            live object, whose result may be asked further (`#a().b()`). Not all have one.
    """

    id: str
    name: str
    vendor: str
    category: str
    packages: tuple[str, ...]
    hosts: tuple[str, ...]
    sinks: tuple[str, ...]
    delivery: str
    flush: tuple[str, ...] = ()


class Catalogue:
    """Entries with their indexes."""

    def __init__(self, sdks: Iterable[Sdk]) -> None:
        self.sdks = tuple(sdks)
        self._by_host = _index((host, sdk) for sdk in self.sdks for host in sdk.hosts)
        self._by_package = _index((name, sdk) for sdk in self.sdks for name in sdk.packages)
        self._by_id = {sdk.id: sdk for sdk in self.sdks}

    @classmethod
    def load(cls) -> Catalogue:
        """The catalogue shipped with the package (read once per process)."""
        return _load()

    def by_id(self, sdk_id: str) -> Sdk | None:
        return self._by_id.get(sdk_id)

    def names(self) -> tuple[str, ...]:
        """The names of all SDKs, in the catalogue's order."""
        return tuple(sdk.name for sdk in self.sdks)

    def by_host(self, host: str) -> tuple[Sdk, ...]:
        """Entries of the longest suffix of `host` that is known, in the catalogue's order."""
        for suffix in _suffixes(host.lower().rstrip(".")):
            if suffix in self._by_host:
                return self._by_host[suffix]
        return ()

    def by_class(self, name: str) -> Sdk | None:
        """The entry of the longest package prefix of a Java class name."""
        parts = name.split(".")
        for size in range(len(parts), 0, -1):
            found = self._by_package.get(".".join(parts[:size]))
            if found:
                return found[0]
        return None


def _suffixes(host: str) -> Iterator[str]:
    labels = host.split(".")
    for at in range(len(labels)):
        yield ".".join(labels[at:])


def _index(pairs: Iterable[tuple[str, Sdk]]) -> dict[str, tuple[Sdk, ...]]:
    index: dict[str, tuple[Sdk, ...]] = {}
    for key, sdk in pairs:
        index[key] = (*index.get(key, ()), sdk)
    return index


def _entry(item: Mapping[str, Any]) -> Sdk:
    return Sdk(
        id=str(item["id"]),
        name=str(item["name"]),
        vendor=str(item["vendor"]),
        category=str(item["category"]),
        packages=tuple(map(str, item["packages"])),
        hosts=tuple(str(host).lower() for host in item["hosts"]),
        sinks=tuple(map(str, item["sinks"])),
        delivery=str(item["delivery"]),
        flush=tuple(map(str, item.get("flush", ()))),
    )


@lru_cache(maxsize=1)
def _load() -> Catalogue:
    text = files("harness.attribution").joinpath("sdk-catalogue.yaml").read_text("utf-8")
    try:
        return Catalogue(_entry(item) for item in yaml.load(text, Loader=Loader))
    except (KeyError, TypeError, yaml.YAMLError) as error:
        raise BugError(
            "the shipped SDK catalogue is damaged",
            where="harness/attribution/sdk-catalogue.yaml",
            seen=repr(error),
        ) from error
