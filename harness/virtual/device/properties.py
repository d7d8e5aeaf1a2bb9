"""System properties: a table of defaults, `ro.` ones fixed, the rest settable.

Output of `listing` is that of `getprop` without arguments. The values name this device for what it
is, a virtual one with Android 14's framework; none pretends to be a maker's phone.
"""

from __future__ import annotations

from collections.abc import Mapping

MAX_VALUE_BYTES = 91
"""Longest value of a property that is not read-only (bionic, PROP_VALUE_MAX - 1)."""

BUILD_ID = "UQ1A.240205.004"
FINGERPRINT = f"leakharness/virtual/virtual:14/{BUILD_ID}/1:userdebug/test-keys"

DEFAULTS: Mapping[str, str] = {
    "ro.product.brand": "leakharness",
    "ro.product.device": "virtual",
    "ro.product.manufacturer": "leakharness",
    "ro.product.model": "Virtual Android",
    "ro.product.name": "virtual",
    "ro.product.board": "virtual",
    "ro.product.cpu.abi": "x86_64",
    "ro.product.cpu.abilist": "x86_64",
    "ro.product.locale": "en-US",
    "ro.hardware": "virtual",
    "ro.build.id": BUILD_ID,
    "ro.build.display.id": BUILD_ID,
    "ro.build.fingerprint": FINGERPRINT,
    "ro.build.tags": "test-keys",
    "ro.build.type": "userdebug",
    "ro.build.characteristics": "emulator",
    "ro.build.version.release": "14",
    "ro.build.version.release_or_codename": "14",
    "ro.build.version.sdk": "34",
    "ro.build.version.codename": "REL",
    "ro.build.version.incremental": "1",
    "ro.build.version.security_patch": "2024-02-05",
    "ro.adb.secure": "0",
    "ro.debuggable": "1",
    "ro.secure": "1",
    "ro.zygote": "zygote64",
    "ro.crypto.state": "unencrypted",
    "ro.sf.lcd_density": "320",
    "ro.serialno": "VD14C2F09E7B",
    "ro.boot.serialno": "VD14C2F09E7B",
    "ro.kernel.qemu": "0",
    "persist.sys.timezone": "Europe/Berlin",
    "persist.sys.locale": "de-DE",
    "sys.usb.state": "adb",
    "init.svc.adbd": "running",
    "sys.boot_completed": "0",
    "dev.bootcomplete": "0",
}


class PropertyRefused(ValueError):
    """A property that cannot be set, or not to this value."""


class Properties:
    """Name -> value of one device.

    Args:
        overrides: what differs from `DEFAULTS` on this device.
    """

    def __init__(self, overrides: Mapping[str, str] | None = None) -> None:
        self._first = {**DEFAULTS, **(overrides or {})}
        self._values = dict(self._first)

    def get(self, name: str) -> str:
        """The value, empty if unset."""
        return self._values.get(name, "")

    def all(self) -> Mapping[str, str]:
        """A copy of everything that is set."""
        return dict(self._values)

    def set(self, name: str, value: str) -> None:
        """What `setprop` may do. Raises `PropertyRefused`."""
        read_only = name.startswith("ro.") and name in self._values
        if not name or read_only or len(value.encode()) > MAX_VALUE_BYTES:
            raise PropertyRefused(name)
        self._values[name] = value

    def reboot(self) -> None:
        """Forget what was set, but for `persist.*`."""
        kept = {name: value for name, value in self._values.items() if name.startswith("persist.")}
        self._values = self._first | kept

    def boot_completed(self) -> None:
        """What the system sets when it is up."""
        self._values.update({"sys.boot_completed": "1", "dev.bootcomplete": "1"})

    def listing(self) -> str:
        """All, sorted, as `[name]: [value]` lines."""
        return "".join(f"[{name}]: [{value}]\n" for name, value in sorted(self._values.items()))

    def build_prop(self) -> bytes:
        """The read-only ones as `/system/build.prop`."""
        fixed = sorted(item for item in self._values.items() if item[0].startswith("ro."))
        return "".join(f"{name}={value}\n" for name, value in fixed).encode()
