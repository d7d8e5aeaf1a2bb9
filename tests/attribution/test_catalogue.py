"""The shipped catalogue is sound, and its two look-ups give the longest match."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from publicsuffixlist import PublicSuffixList

from harness.attribution import catalogue as module
from harness.attribution.catalogue import Catalogue, Sdk
from harness.errors import BugError

CATALOGUE = Catalogue.load()
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
PACKAGE = re.compile(r"[a-z]\w*(?:\.\w+)*")
TYPES = r"[\w.$\[\]]*"
SINK = re.compile(rf"[a-z]\w*(?:\.[\w$]+)+#(?:\w+|<init>)\({TYPES}(?:, ?{TYPES})*\)")
TRANSPORTS = (
    "okhttp3.RealCall", "com.android.okhttp.internal.huc.HttpURLConnectionImpl",
    "java.net.HttpURLConnection", "retrofit2.OkHttpCall", "com.android.volley.Request",
    "org.chromium.net.CronetEngine", "io.ktor.client.HttpClient", "android.webkit.WebView",
    "com.squareup.okhttp.Call", "kotlin.Unit", "androidx.work.Worker",
)  # fmt: skip


def sdk(name: str, packages: tuple[str, ...] = (), hosts: tuple[str, ...] = ()) -> Sdk:
    return Sdk(name, name, name, "analytics", packages, hosts, (), "batched")


@pytest.mark.parametrize("entry", CATALOGUE.sdks, ids=lambda entry: entry.id)
def test_each_entry_is_well_formed(entry: Sdk) -> None:
    assert entry.name
    assert entry.vendor
    assert entry.category
    assert entry.delivery in {"immediate", "batched", "other-process"}
    assert [host for host in entry.hosts if not HOST.fullmatch(host)] == []
    assert [name for name in entry.packages if not PACKAGE.fullmatch(name)] == []
    assert [sink for sink in entry.sinks if not SINK.fullmatch(sink)] == []
    assert CATALOGUE.by_id(entry.id) is entry


def test_ids_are_unique() -> None:
    ids = [entry.id for entry in CATALOGUE.sdks]
    assert len(ids) == len(set(ids)) > 100


def test_no_host_is_a_public_suffix() -> None:
    """Such a host would give everybody below it (`co.uk`, `cloudfront.net`) to one vendor."""
    suffixes = PublicSuffixList()
    hosts = {host for entry in CATALOGUE.sdks for host in entry.hosts}
    assert {host for host in hosts if suffixes.publicsuffix(host) == host} == set()


@pytest.mark.parametrize("name", TRANSPORTS)
def test_transports_are_nobodys(name: str) -> None:
    assert CATALOGUE.by_class(name) is None


def test_the_file_says_where_each_entry_comes_from() -> None:
    text = files("harness.attribution").joinpath("sdk-catalogue.yaml").read_text("utf-8")
    assert [item["id"] for item in yaml.safe_load(text) if not item.get("source")] == []


def test_the_longest_host_wins_and_labels_are_whole() -> None:
    broad, narrow = sdk("broad", hosts=("example.com",)), sdk("narrow", hosts=("t.example.com",))
    two = Catalogue([broad, narrow])
    assert two.by_host("example.com") == (broad,)
    assert two.by_host("A.B.Example.COM.") == (broad,)
    assert two.by_host("x.t.example.com") == (narrow,)
    assert two.by_host("badexample.com") == ()
    assert two.by_host("example.com.evil.org") == ()
    assert two.by_host("com") == ()
    assert two.by_host("") == ()


def test_entries_that_share_a_host_come_in_the_files_order() -> None:
    one, two = sdk("one", hosts=("t.example",)), sdk("two", hosts=("t.example",))
    assert Catalogue([one, two]).by_host("a.t.example") == (one, two)
    shared = CATALOGUE.by_host("graph.facebook.com")
    assert [entry.id for entry in shared] == ["meta-app-events", "meta-audience-network"]


def test_the_longest_package_wins_and_segments_are_whole() -> None:
    base, kotlin = sdk("base", ("com.seg",)), sdk("kotlin", ("com.seg.kotlin",))
    two = Catalogue([base, kotlin])
    assert two.by_class("com.seg.Client") is base
    assert two.by_class("com.seg.kotlin.Client$1") is kotlin
    assert two.by_class("com.seg") is base
    assert two.by_class("com.segment.Client") is None
    assert two.by_class("com") is None
    assert two.by_class("") is None


@pytest.mark.parametrize(
    ("name", "sdk_id"),
    [
        ("com.segment.analytics.kotlin.core.HTTPClient", "segment-kotlin"),
        ("com.segment.analytics.SegmentIntegration", "segment-android"),
        ("com.posthog.internal.PostHogApi", "posthog"),
        ("com.posthog.android.PostHog", "posthog-legacy"),
        ("com.facebook.appevents.AppEventQueue", "meta-app-events"),
        ("com.facebook.ads.internal.Server", "meta-audience-network"),
        ("com.google.android.gms.measurement.internal.zzkt", "google-firebase-analytics"),
        ("com.google.android.gms.common.api.GoogleApi", None),
        ("com.facebook.react.modules.network.NetworkingModule", None),
    ],
)
def test_neighbouring_packages_are_told_apart(name: str, sdk_id: str | None) -> None:
    found = CATALOGUE.by_class(name)
    assert (found.id if found else None) == sdk_id


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in which a damaged catalogue can lie; the good one is read again afterwards."""
    monkeypatch.setattr(module, "files", lambda _: tmp_path)
    module._load.cache_clear()
    yield tmp_path / "sdk-catalogue.yaml"
    module._load.cache_clear()


@pytest.mark.parametrize("text", ["- id: x", "- [1]", "7", "- {id: x", "\t- a"])
def test_a_damaged_catalogue_is_our_bug_and_says_where(shipped: Path, text: str) -> None:
    shipped.write_text(text, encoding="utf-8")
    with pytest.raises(BugError) as caught:
        Catalogue.load()
    assert "sdk-catalogue.yaml" in str(caught.value)
