"""Why Android refuses to install a file, in Android's own words.

Texts: AOSP `android.content.pm.parsing.ApkLiteParseUtils`, `android.util.apk.ApkSignatureVerifier`
and `com.android.server.pm.PackageAbiHelperImpl` (Android 14); the tails after the last colon are
the messages of the exceptions below them, as seen on devices.
"""

from __future__ import annotations

DEFAULT_PATH = "base.apk"


class InstallRejected(ValueError):
    """A file that `pm install` would refuse.

    Attributes:
        reason: the constant, `INSTALL_PARSE_FAILED_NOT_APK` and so on.
        template: Android's text with `{path}` where it names the file on the device.
    """

    reason = "INSTALL_FAILED_INTERNAL_ERROR"
    template = "{path}"

    def __init__(self, detail: str = "", template: str = "") -> None:
        self.detail = detail
        if template:
            self.template = template
        super().__init__(self.text(DEFAULT_PATH) + (f" ({detail})" if detail else ""))

    def text(self, device_path: str) -> str:
        """What stands between the brackets of `Failure [...]`, with the path on the device."""
        return f"{self.reason}: {self.template.format(path=device_path)}"


class NotAnApk(InstallRejected):
    """Not a zip archive, or one that Android's reader does not accept."""

    reason = "INSTALL_PARSE_FAILED_NOT_APK"
    template = "Failed to parse {path}: Failed to load asset path {path}"


class NoManifest(InstallRejected):
    """An archive without `AndroidManifest.xml` at its root."""

    reason = "INSTALL_PARSE_FAILED_UNEXPECTED_EXCEPTION"
    template = "Failed to parse {path}: AndroidManifest.xml"


class BrokenManifest(InstallRejected):
    """`AndroidManifest.xml` is not binary XML."""

    reason = "INSTALL_PARSE_FAILED_UNEXPECTED_EXCEPTION"
    template = "Failed to parse {path}: Corrupt XML binary file"


class BadPackageName(InstallRejected):
    """The manifest names no package, or not a valid one."""

    reason = "INSTALL_PARSE_FAILED_BAD_PACKAGE_NAME"
    template = "Invalid manifest package: must have at least one '.' separator"


class NoCertificates(InstallRejected):
    """Not signed, or the signature does not fit the content."""

    reason = "INSTALL_PARSE_FAILED_NO_CERTIFICATES"
    template = "Failed to collect certificates from {path}: Attempt to get length of null array"


class NoMatchingAbi(InstallRejected):
    """Native libraries, but none for a processor the device has."""

    reason = "INSTALL_FAILED_NO_MATCHING_ABIS"
    template = "Failed to extract native libraries, res=-113"


class BrokenDex(InstallRejected):
    """The bytecode of the app cannot be read."""

    reason = "INSTALL_FAILED_DEXOPT"
    template = "Failed to convert the dex code of {path}"
