"""Runtime permissions of the app under test, by Maestro's names.

Input: (name, `allow` or anything else) pairs. Output: what was granted and taken back, to be
reported, since it changes what an app's SDKs may collect. A name is `all`, one of `GROUPS` or a
full permission id; later pairs win over earlier ones. Only what the manifest asks for is touched,
and what Android cannot change at run time is passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from harness.device.facts import ShellResult
from harness.errors import LabError, ScenarioError, nearest

_P = "android.permission."

GROUPS: Mapping[str, tuple[str, ...]] = {
    "bluetooth": ("BLUETOOTH_CONNECT", "BLUETOOTH_SCAN", "BLUETOOTH_ADVERTISE"),
    "calendar": ("READ_CALENDAR", "WRITE_CALENDAR"),
    "camera": ("CAMERA",),
    "contacts": ("READ_CONTACTS", "WRITE_CONTACTS"),
    "location": ("ACCESS_FINE_LOCATION", "ACCESS_COARSE_LOCATION"),
    "medialibrary": ("READ_MEDIA_IMAGES", "READ_MEDIA_VIDEO", "READ_MEDIA_AUDIO"),
    "microphone": ("RECORD_AUDIO",),
    "notifications": ("POST_NOTIFICATIONS",),
    "phone": ("CALL_PHONE", "ANSWER_PHONE_CALLS", "READ_PHONE_STATE"),
    "sms": ("READ_SMS", "RECEIVE_SMS", "SEND_SMS"),
    "storage": ("READ_EXTERNAL_STORAGE", "WRITE_EXTERNAL_STORAGE"),
}
"""Maestro's name -> permissions, without their common prefix."""

_UNCHANGEABLE = ("not a changeable permission type", "has not requested permission")


class Granting(Protocol):
    """What this module needs of a device."""

    @property
    def serial(self) -> str: ...
    def grant(self, package: str, permission: str) -> str: ...
    def shell(self, command: str | list[str], timeout_s: float = ...) -> ShellResult: ...


@dataclass(frozen=True, slots=True)
class Granted:
    """Permissions that were set, full ids."""

    allowed: tuple[str, ...]
    denied: tuple[str, ...]

    def __str__(self) -> str:
        parts = [f"granted {', '.join(map(_short, self.allowed))}" if self.allowed else ""]
        parts += [f"denied {', '.join(map(_short, self.denied))}" if self.denied else ""]
        return "; ".join(filter(None, parts)) or "no runtime permissions"


def _short(permission: str) -> str:
    return permission.removeprefix(_P)


def wanted(requested: Iterable[str], pairs: Iterable[tuple[str, str]]) -> dict[str, bool]:
    """Permission id -> whether it is to be granted, for those of `requested` that `pairs` name.

    Raises:
        ScenarioError: a name is none of Maestro's and no permission id.
    """
    asked = tuple(requested)
    found: dict[str, bool] = {}
    for name, state in pairs:
        for permission in _named(name, asked):
            if permission in asked:
                found[permission] = state == "allow"
    return found


def _named(name: str, requested: tuple[str, ...]) -> Iterable[str]:
    if name == "all":
        return requested
    if name in GROUPS:
        return [_P + short for short in GROUPS[name]]
    if "." in name:
        return [name]
    raise ScenarioError(
        f"unknown permission {name!r}",
        expected=f"all, {', '.join(GROUPS)} or a full permission id",
        action=f"did you mean {nearest(name, GROUPS)!r}?" if nearest(name, GROUPS) else "",
    )


def set_permissions(
    device: Granting, package: str, pairs: Iterable[tuple[str, str]], requested: Iterable[str]
) -> Granted:
    """Grant and revoke on the device.

    Raises:
        ScenarioError: see `wanted`.
        LabError: Android refused one for another reason than that it cannot be changed.
    """
    allowed: list[str] = []
    denied: list[str] = []
    for permission, allow in wanted(requested, pairs).items():
        if allow:
            refusal = device.grant(package, permission)
        else:
            done = device.shell(["pm", "revoke", package, permission])
            refusal = "" if done.ok else done.seen
        if not refusal:
            (allowed if allow else denied).append(permission)
        elif not any(words in refusal for words in _UNCHANGEABLE):
            raise LabError(
                f"cannot {'grant' if allow else 'revoke'} {permission}",
                where=f"{device.serial}: {package}",
                seen=refusal,
                action="on MIUI and the like: allow security settings over USB debugging",
            )
    return Granted(tuple(allowed), tuple(denied))
