"""Vendors' wire signatures: what a tracker's request looks like whatever host it goes to. Pure.

Input: an exchange. Output: the rows that it fits. Used for first-party proxying: a host's owner may
pass a vendor's traffic on under its own name, and under a path of its own choice; the payload or
the path still tells. A path or a set of names stands for a vendor by itself only where the vendor
coined it; a path such as `/track` says something only together with names.

Each row rests on public material (`source`): TrackHAR's adapters (CC0-1.0) and vendors' own
protocol documentation or SDK sources.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from harness.attribution.payload import Names, names_of
from harness.traffic.exchange import Exchange


@dataclass(frozen=True, slots=True)
class Signature:
    """One vendor endpoint.

    Attributes:
        sdk_id: the catalogue's id.
        path: regular expression, searched in the path; empty where the payload alone tells.
        keys: names that must all occur, at the top of the query or body, or where the payload
            alone tells at any depth; alternatives are separated by `|`. None: the path alone tells.
    """

    sdk_id: str
    path: str
    keys: tuple[str, ...]
    source: str


SIGNATURES = (
    Signature("meta-pixel-web", r"/tr/?$", ("id", "ev"), "Meta Pixel documentation (img tag)"),
    Signature(
        "meta-app-events",
        r"/(v\d+\.\d+/)?\d+/activities$",
        ("event|custom_events|advertiser_id",),
        "TrackHAR facebook.ts",
    ),
    Signature("google-analytics-web", r"/g/collect$", (), "TrackHAR google.ts (GA4 web)"),
    Signature(
        "google-analytics-web",
        r"/mp/collect$",
        (),
        "GA4 Measurement Protocol reference",
    ),
    Signature(
        "google-analytics-web",
        r"/(j|r)?/?(collect|batch)$",
        ("v", "tid", "cid|uid", "t"),
        "Measurement Protocol v1 reference",
    ),
    Signature(
        "google-ads-web",
        r"/pagead/(1p-)?(conversion|viewthroughconversion)/",
        (),
        "Google Ads conversion tag requests",
    ),
    Signature("mixpanel", r"/(track|engage|groups)/?$", ("data",), "Mixpanel HTTP API reference"),
    Signature(
        "amplitude-legacy", r"", ("e", "client", "v", "checksum|upload_time"), "amplitude-android 2"
    ),
    Signature(
        "amplitude-kotlin",
        r"/2/(httpapi|batch)$|/batch$",
        ("api_key", "events"),
        "Amplitude HTTP V2 API reference",
    ),
    Signature(
        "segment-android",
        r"/v1/(batch|b|track|t|identify|i|screen|s|page|p|import)$",
        ("batch|writeKey|anonymousId|userId", "sentAt|writeKey|context"),
        "Segment HTTP tracking API reference; analytics-android",
    ),
    Signature(
        "posthog",
        r"/(batch|capture|e|i/v0/e)/?$",
        ("api_key|token", "batch|event|data|distinct_id"),
        "PostHog capture API reference",
    ),
    Signature(
        "snowplow",
        r"/com\.snowplowanalytics\.(snowplow|iglu)/",
        (),
        "Snowplow tracker protocol",
    ),
    Signature("snowplow", r"/i$", ("e", "tv", "aid|p"), "Snowplow tracker protocol (GET)"),
    Signature("matomo", r"/(matomo|piwik)\.php$", (), "Matomo Tracking HTTP API"),
    Signature("countly", r"/i$", ("app_key", "device_id"), "Countly server API reference"),
    Signature("at-internet", r"/hit\.xiti$", (), "atinternet Android tracker (hit builder)"),
    Signature("piano-analytics", r"/event$", ("s", "idclient"), "Piano Analytics collection API"),
    Signature("adobe-mobile-v4", r"/b/ss/", (), "Adobe Analytics data insertion API"),
    Signature(
        "adobe-aep", r"/ee/(v\d/)?(interact|collect)$", (), "Adobe Edge Network API reference"
    ),
    Signature(
        "outbrain-pixel-web",
        r"/unifiedPixel$",
        (),
        "Outbrain pixel (obtp.js requests)",
    ),
    Signature("taboola-pixel-web", r"/log/\d/(unip|mark)$", (), "Taboola pixel (unip)"),
    Signature(
        "tiktok-pixel-web", r"/api/v2/(pixel|track)", ("context", "event"), "TikTok events API"
    ),
    Signature("pinterest-tag-web", r"/v3/?$", ("tid", "event"), "Pinterest tag (noscript image)"),
    Signature("snap-pixel-web", r"/p$", ("pid", "ev"), "Snap Pixel requests"),
    Signature("bing-uet-web", r"/action/0$", ("ti", "evt"), "Microsoft UET tag requests"),
    Signature(
        "linkedin-insight-web",
        r"/(collect|attribution_trigger)/?$",
        ("pid", "fmt|time"),
        "LinkedIn Insight Tag (noscript image)",
    ),
    Signature(
        "criteo-onetag-web", r"/event$", ("a", "v", "p0|p1"), "Criteo OneTag; TrackHAR criteo.ts"
    ),
    Signature(
        "adjust",
        r"/(event|session|attribution|sdk_click)$",
        ("app_token", "gps_adid|android_uuid|adid|environment"),
        "TrackHAR adjust.ts; adjust android_sdk",
    ),
    Signature(
        "branch", r"/v1/(open|install|event|logout)", ("branch_key",), "TrackHAR branch-io.ts"
    ),
    Signature("sentry", r"/api/\d+/(envelope|store)/?$", (), "Sentry SDK documentation"),
    Signature(
        "datadog", r"/api/v2/(rum|logs|spans|replay)$", ("ddsource|dd-api-key",), "dd-sdk-android"
    ),
    Signature(
        "onesignal", r"/players/?$", ("app_id", "device_type|identifier"), "TrackHAR onesignal.ts"
    ),
)


PAYLOADS = (
    Signature(
        "meta-pixel-web",
        "",
        ("id", "ev", "dl", "if", "ts", "sw|v|r|ec|fbp"),
        "requests of fbevents.js (TrackHAR facebook.ts)",
    ),
    Signature(
        "meta-app-events",
        "",
        (
            "custom_events|event",
            "application_tracking_enabled|advertiser_tracking_enabled",
            "extinfo|anon_id|advertiser_id",
        ),
        "TrackHAR facebook.ts; facebook-android-sdk AppEvents",
    ),
    Signature(
        "google-analytics-web",
        "",
        ("v", "tid", "cid", "en|_ee", "_p|gtm|sid|_s"),
        "TrackHAR google.ts (GA4 web)",
    ),
    Signature(
        "google-analytics-web",
        "",
        ("v", "tid", "cid|uid", "t", "dl|dp|an|ec|ea"),
        "Measurement Protocol v1 reference",
    ),
    Signature(
        "google-analytics-web",
        "",
        ("measurement_id|firebase_app_id", "api_secret"),
        "GA4 Measurement Protocol reference",
    ),
    Signature("mixpanel", "", ("mp_lib",), "mixpanel-android and mixpanel-js default properties"),
    Signature("mixpanel", "", ("$token", "$distinct_id"), "Mixpanel HTTP API reference (profiles)"),
    Signature(
        "amplitude-kotlin",
        "",
        ("api_key", "events", "event_type", "insert_id|session_id|user_properties"),
        "Amplitude HTTP V2 API reference",
    ),
    Signature(
        "segment-android",
        "",
        ("writeKey", "batch|messageId|anonymousId"),
        "Segment HTTP tracking API reference; analytics-android",
    ),
    Signature(
        "posthog",
        "",
        ("$lib", "api_key|token", "distinct_id|$distinct_id"),
        "PostHog capture API reference; posthog-android",
    ),
    Signature("snowplow", "", ("e", "tv", "tna|aid", "p|eid|duid"), "Snowplow tracker protocol"),
    Signature("matomo", "", ("idsite", "rec"), "Matomo Tracking HTTP API"),
    Signature(
        "countly",
        "",
        ("app_key", "device_id", "sdk_name|begin_session|session_duration"),
        "Countly server API reference",
    ),
    Signature("piano-analytics", "", ("s", "idclient"), "Piano Analytics collection API"),
    Signature(
        "outbrain-pixel-web",
        "",
        ("marketerId", "obApiVersion|obtpVersion|name"),
        "Outbrain pixel (obtp.js requests)",
    ),
    Signature("bing-uet-web", "", ("ti", "evt", "mid", "sid", "vid"), "Microsoft UET tag requests"),
    Signature("adjust", "", ("app_token", "gps_adid|android_uuid"), "TrackHAR adjust.ts"),
    Signature("branch", "", ("branch_key",), "TrackHAR branch-io.ts"),
    Signature("sentry", "", ("sentry_key", "sentry_version|sentry_client"), "Sentry SDK docs"),
    Signature("datadog", "", ("ddsource", "ddtags|dd-api-key"), "dd-sdk-android"),
)
"""What vendors' payloads look like under any path."""


class _Row:
    """A signature, ready to be compared."""

    __slots__ = ("_alternatives", "_path", "signature")

    def __init__(self, signature: Signature) -> None:
        self.signature = signature
        self._path = re.compile(signature.path).search if signature.path else None
        self._alternatives = [frozenset(keys.split("|")) for keys in signature.keys]

    def fits(self, path: str, names: Names) -> bool:
        if self._path is not None and self._path(path) is None:
            return False
        keys = names.deep if self._path is None else names.top
        return all(not keys.isdisjoint(names) for names in self._alternatives)


_ROWS = tuple(map(_Row, (*SIGNATURES, *PAYLOADS)))


def signatures_of(exchange: Exchange) -> tuple[Signature, ...]:
    """The rows that a request fits, one for each SDK, in the tables' order."""
    try:
        path = urlsplit(exchange.request.url).path
    except ValueError:  # hooks hand over whatever the app wrote
        return ()
    names = names_of(exchange)
    found: dict[str, Signature] = {}
    for row in _ROWS:
        if row.signature.sdk_id not in found and row.fits(path, names):
            found[row.signature.sdk_id] = row.signature
    return tuple(found.values())
