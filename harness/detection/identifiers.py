"""Companions: identifiers that travel beside a term. Pure.

Input: the readable layers of an exchange. Output: kind, value and place of each identifier. A value
that the device told beforehand is matched exactly (`exact`); all else rests on the name of its key
or on its shape, and is a guess that says so.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import lru_cache

from harness.detection.locations import locate
from harness.detection.sighting import Identifier
from harness.detection.views import View

MAX_LAYER_BYTES = 1 << 20
MAX_IDENTIFIERS = 200
NOBODY = frozenset({"null", "none", "nil", "undefined", "unknown", "false", "true"})
"""What programs write where they have no value: it says nothing of anybody."""
MIN_KNOWN_CHARS = 4

UUID = r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
ANY = r".{4,}"
NUMBER = r"-?\d{1,3}\.\d{2,}"

KINDS: tuple[tuple[str, str, str], ...] = (
    (
        "advertising-id",
        UUID,
        "advertisingid adid aaid gaid gpsadid googleadid googleadvertisingid googleaid ifa idfa "
        "rdid deviceadvertisingid advertiserid advertisingtrackingid androidadvertisingid "
        "adtrackingid deviceifa didmd5 androidadid",
    ),
    ("android-id", r"[0-9A-Fa-f]{14,16}", "androidid aid ssaid secureid udid androididmd5"),
    ("app-set-id", UUID, "appsetid asid androidappsetid appset"),
    (
        "install-id",
        r"[\w.:~-]{8,}",
        "anonymousid anonid deviceid installid installationid instanceid appinstanceid distinctid "
        "clientid cid visitorid vid fid uuid androiduuid userpseudoid deviceuuid appinstallid "
        "idclient anonymoususerid duid mid adjustid adid insertid",
    ),
    ("session-id", r"[\w.:~-]{8,}", "sessionid sid session sessid ecid"),
    (
        "user-id",
        ANY,
        "userid uid customerid accountid login externalid externaluserid profileid memberid",
    ),
    (
        "vendor-account",
        r"[\w.-]{4,}",
        "marketerid obmarketerid pixelid pixelcode tid measurementid writekey apikey apptoken "
        "appkey appid fbappid facebookappid firebaseappid branchkey partnerid publisherid idsite "
        "advertisingaccountid businessid containerid",
    ),
    ("email", r"[^@\s]+@[^@\s]+\.\w{2,}", "email mail emailaddress useremail"),
    ("phone", r"[+(\d][\d\s()./-]{5,}", "phone phonenumber tel msisdn mobile telephone"),
    ("ip-address", r"[0-9A-Fa-f:.]{7,}", "ip ipaddress clientip userip remoteip xforwardedfor"),
    ("latitude", NUMBER, "lat latitude geolat"),
    ("longitude", NUMBER, "lon lng long longitude geolon"),
    ("imei", r"\d{14,16}", "imei deviceimei"),
    ("push-token", r"[\w:.-]{20,}", "fcmtoken pushtoken registrationid devicetoken gcmtoken"),
    ("browser-id", ANY, "fbp fbc gclid fbclid ttclid msclkid obclickid dclid"),
)
"""Kind, shape of the value, names of keys (lower case, without separators)."""

SALT_KINDS = frozenset(
    {"advertising-id", "android-id", "app-set-id", "install-id", "user-id", "email"}
)
BY_KEY: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
for _kind, _shape, _keys in KINDS:
    for _key in _keys.split():
        BY_KEY.setdefault(_key, []).append((_kind, re.compile(_shape)))

PAIR = re.compile(
    rb"(?<![A-Za-z0-9_.-])([A-Za-z_$.-]{2,40})\\*[\"']?\s{0,3}(?::(?!//)|=)\s{0,3}\\*[\"']?"
    rb"([^\"'&,;{}\[\]\\\s\x00-\x1f]{2,300})"
)
SHAPES: tuple[tuple[str, bytes, re.Pattern[bytes]], ...] = (
    (
        "email",
        b"@",
        re.compile(
            rb"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*\.[a-z]{2,24}\b"
        ),
    ),
    ("phone", b"+", re.compile(rb"(?<![\w.+-])\+[1-9][0-9]{7,14}(?![\w.-])")),
    ("browser-id", b"fb.", re.compile(rb"\bfb\.[0-2]\.\d{10,13}\.\d{5,}\b")),
    (
        "coordinates",
        b",",
        re.compile(rb"(?<![\d.])-?\d{1,2}\.\d{3,},\s?-?\d{1,3}\.\d{3,}(?![\d.])"),
    ),
)
"""Kind, a byte string without which it cannot be, shape: recognised wherever they stand."""


class IdentifierFinder:
    """Finds the device's own values exactly and others by key or shape.

    Args:
        known: values that the device told; shorter than four characters are ignored.
    """

    def __init__(self, known: Sequence[Identifier]) -> None:
        self._known = tuple(item for item in known if len(item.value) >= MIN_KNOWN_CHARS)

    def find(
        self, layers: Iterable[tuple[str, View]], skipped: Container[str] = ()
    ) -> tuple[Identifier, ...]:
        """Identifiers in the layers of one exchange, each value once; exact ones win.

        Args:
            layers: name of the part, readable layer of it.
            skipped: values that are not told; to tell where one stands is what costs time.
        """
        found: dict[str, Identifier] = {}
        for part, view in layers:
            data = view.data[:MAX_LAYER_BYTES]
            for kind, value, start, end, exact in self._in_layer(part, data):
                known = found.get(value)
                if value in skipped or (known is not None and (known.exact or not exact)):
                    continue
                if len(found) < MAX_IDENTIFIERS:
                    place = locate(part, view, start, end)
                    found[value] = Identifier(kind, value, place, exact)
        return tuple(found.values())

    def salts(self, layers: Iterable[tuple[str, View]]) -> list[str]:
        """Values that may have been mixed into a digest: who and which device it is."""
        found: dict[str, None] = {}
        for _, view in layers:
            for kind, value, _, _, _ in _by_key(view.data[:MAX_LAYER_BYTES]):
                if kind in SALT_KINDS:
                    found.setdefault(value)
        return list(found)

    def _in_layer(self, part: str, data: bytes) -> Iterator[tuple[str, str, int, int, bool]]:
        for item in self._known:
            for spelling in dict.fromkeys((item.value, item.value.lower(), item.value.upper())):
                at = data.find(spelling.encode())
                if at >= 0:
                    yield item.kind, spelling, at, at + len(spelling.encode()), True
        if part in ("header[cookie]", "header[authorization]"):
            yield from _credentials(part, data)
            return
        yield from _by_key(data)
        for kind, sign, shape in SHAPES:
            for match in shape.finditer(data) if sign in data else ():
                yield kind, _text(match.group()), match.start(), match.end(), False


def _by_key(data: bytes) -> Iterator[tuple[str, str, int, int, bool]]:
    for match in PAIR.finditer(data):
        kinds = _kinds_of(match.group(1))
        if not kinds:
            continue
        value = _text(match.group(2))
        if value.lower() in NOBODY:
            continue
        for kind, shape in kinds:
            if shape.fullmatch(value):
                yield kind, value, match.start(2), match.end(2), False
                break


@lru_cache(maxsize=4096)
def _kinds_of(key: bytes) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """What a value may be by the last part of its key, whatever its spelling."""
    name = key.decode("ascii").rpartition(".")[2].lower()
    return tuple(BY_KEY.get(name.replace("_", "").replace("-", "").replace("$", ""), ()))


def _credentials(part: str, data: bytes) -> Iterator[tuple[str, str, int, int, bool]]:
    """Every cookie by its name; an authorization value as a whole."""
    if part == "header[authorization]":
        yield "auth-token", _text(data), 0, len(data), False
        return
    at = 0
    for pair in data.split(b";"):
        name, sign, value = pair.partition(b"=")
        if sign and value:
            start = at + len(name) + 1
            yield "cookie", _text(value), start, start + len(value), False
        at += len(pair) + 1


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
