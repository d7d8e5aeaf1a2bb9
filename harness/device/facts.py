"""What is known of a device and an app, as values. No I/O here.

`DeviceInfo` and `AppInfo` go into the report; `Foreground` and `ShellResult` pass between the
device room's modules and the steps.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShellResult:
    """What a shell command on the device left behind; `exit_code` is 0..255."""

    stdout: str
    stderr: str
    exit_code: int

    @property
    def ok(self) -> bool:
        return self.exit_code == 0

    @property
    def seen(self) -> str:
        """Both streams on one line, for error texts."""
        streams = " ".join(part.strip() for part in (self.stdout, self.stderr) if part.strip())
        text = " / ".join(line.strip() for line in streams.splitlines() if line.strip())
        return f"exit {self.exit_code}: {text[:400] or '(no output)'}"


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """One device. `provider` is the registry's name for where it came from."""

    serial: str
    provider: str
    model: str
    android_version: str
    api_level: int
    abi: str
    build_type: str
    build_fingerprint: str


@dataclass(frozen=True, slots=True)
class AppInfo:
    """One installed app.

    Attributes:
        sha256: hex digest of the base APK, computed where the file was at hand (the host) or on
            the device; empty when neither was possible.
        apk: path of the base APK on the device.
        requested: permissions that its manifest asks for, in dumpsys' order.
        granted: those of them that are granted now.
        signer: what dumpsys tells of the signing certificates, enough to see that they changed.
    """

    package: str
    version_name: str
    version_code: int
    sha256: str
    debuggable: bool
    apk: str
    requested: tuple[str, ...] = ()
    granted: tuple[str, ...] = ()
    signer: str = ""


@dataclass(frozen=True, slots=True)
class Foreground:
    """The focused window's package and activity class; both empty when nothing has focus."""

    package: str
    activity: str


@dataclass(frozen=True, slots=True)
class AppFile:
    """One file of an app, as it was read; `modified_s` is the device's Unix time."""

    path: str
    modified_s: float
    data: bytes


@dataclass(frozen=True, slots=True)
class AppFiles:
    """The files of an app that changed since some moment.

    Attributes:
        files: those that were read.
        unread: a clause per file that changed and was not read.
        refused: why none could be read (a release app on a user build); empty otherwise.
    """

    files: tuple[AppFile, ...] = ()
    unread: tuple[str, ...] = ()
    refused: str = ""
