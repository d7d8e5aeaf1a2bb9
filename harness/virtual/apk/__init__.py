"""APKs: building them, reading their manifest, verifying their signature, converting their code.

    build_app(folder, "leaky")   sources to a signed, reproducible APK
    read_manifest(apk)           what the APK says about itself
    verify_signature(apk, ...)   who signed it, and whether the content is what was signed
    convert(apk)                 its dex code as a jar for HotSpot 17

What Android would refuse to install raises a subclass of `InstallRejected`, whose `text(path)` is
Android's own wording.
"""

from __future__ import annotations

from .build import build_app
from .convert import convert
from .manifest import Component, Manifest, read_manifest
from .rejections import BrokenDex, InstallRejected, NoCertificates, NoMatchingAbi, NotAnApk
from .signature import Signing, verify_signature

__all__ = [
    "BrokenDex",
    "Component",
    "InstallRejected",
    "Manifest",
    "NoCertificates",
    "NoMatchingAbi",
    "NotAnApk",
    "Signing",
    "build_app",
    "convert",
    "read_manifest",
    "verify_signature",
]
