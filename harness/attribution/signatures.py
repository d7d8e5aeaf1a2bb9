"""Vendors' wire signatures: what a tracker's request looks like whatever host it goes to. Pure.

Input: an exchange. Output: the row whose path and keys it carries. Used for first-party proxying:
a host's owner may pass a vendor's traffic on under its own name, the payload still tells.

Each row rests on public material (`source`): TrackHAR's adapters (CC0-1.0) and vendors' own
protocol documentation or SDK sources.
"""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from harness.traffic.exchange import Exchange

MAX_BODY_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Signature:
    """One vendor endpoint.

    Attributes:
        sdk_id: the catalogue's id.
        path: regular expression, searched in the path.
        keys: names that must all occur in the query, the form or at the top of the JSON body;
            alternatives are separated by `|`.
    """

    sdk_id: str
    path: str
    keys: tuple[str, ...]
    source: str

    def fits(self, path: str, keys: frozenset[str]) -> bool:
        return re.search(self.path, path) is not None and all(
            not keys.isdisjoint(alternatives.split("|")) for alternatives in self.keys
        )


SIGNATURES = (
    Signature("meta-pixel-web", r"/tr/?$", ("id", "ev"), "Meta Pixel documentation (img tag)"),
    Signature(
        "meta-app-events",
        r"/(v\d+\.\d+/)?\d+/activities$",
        ("event|custom_events|advertiser_id",),
        "TrackHAR facebook.ts",
    ),
    Signature("google-analytics-web", r"/g/collect$", ("v", "tid"), "TrackHAR google.ts (GA4 web)"),
    Signature(
        "google-analytics-web",
        r"/mp/collect$",
        ("measurement_id|firebase_app_id", "api_secret"),
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
        ("random|cv",),
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
    Signature("matomo", r"/(matomo|piwik)\.php$", ("idsite", "rec"), "Matomo Tracking HTTP API"),
    Signature("countly", r"/i$", ("app_key", "device_id"), "Countly server API reference"),
    Signature("at-internet", r"/hit\.xiti$", ("s",), "atinternet Android tracker (hit builder)"),
    Signature("piano-analytics", r"/event$", ("s", "idclient"), "Piano Analytics collection API"),
    Signature("adobe-mobile-v4", r"/b/ss/", (), "Adobe Analytics data insertion API"),
    Signature(
        "adobe-aep", r"/ee/(v\d/)?(interact|collect)$", (), "Adobe Edge Network API reference"
    ),
    Signature(
        "outbrain-pixel-web",
        r"/(unifiedPixel|pixel)$",
        ("marketerId|obApiVersion",),
        "Outbrain pixel (obtp.js requests)",
    ),
    Signature(
        "taboola-pixel-web", r"/log/\d/(unip|mark)$", ("en|name|tim",), "Taboola pixel (unip)"
    ),
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


def keys_of(exchange: Exchange) -> frozenset[str]:
    """Parameter names of the query, of a form body, and at the top of a JSON body."""
    request = exchange.request
    names = {name for name, _ in parse_qsl(urlsplit(request.url).query, keep_blank_values=True)}
    body = request.body.data[:MAX_BODY_BYTES]
    if body[:2] == b"\x1f\x8b":
        inflater = zlib.decompressobj(31)
        try:
            body = inflater.decompress(body, MAX_BODY_BYTES)
        except zlib.error:
            return frozenset(names)
    if body[:1] in (b"{", b"["):
        try:
            tree = json.loads(body)
        except (ValueError, RecursionError):  # the latter: nothing but brackets
            return frozenset(names)
        first = tree[0] if isinstance(tree, list) and tree else tree
        if isinstance(first, dict):
            names.update(map(str, first))
    elif b"=" in body[:256]:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
        names.update(name for name, _ in pairs)
    return frozenset(names)


def signature_of(exchange: Exchange) -> Signature | None:
    """The first row whose path and keys the request carries."""
    try:
        path = urlsplit(exchange.request.url).path
    except ValueError:  # hooks hand over whatever the app wrote
        return None
    if not any(re.search(row.path, path) for row in SIGNATURES):
        return None
    keys = keys_of(exchange)
    return next((row for row in SIGNATURES if row.fits(path, keys)), None)
