"""What an APK says about itself: its binary `AndroidManifest.xml` as a frozen value.

Input: path of an APK. Output: `Manifest`, with class names resolved against the package the way
Android does it. Refuses, with Android's own reasons, what is not an APK (`rejections`). Reads no
resources: an attribute that refers to one (`@...`) is reported as absent, or its default.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from harness.device.axml import parse_binary_xml

from .rejections import BadPackageName, BrokenManifest, NoManifest, NotAnApk

ANDROID = "{http://schemas.android.com/apk/res/android}"
MAIN = "android.intent.action.MAIN"
LAUNCHER = "android.intent.category.LAUNCHER"
# android.content.pm.parsing.FrameworkParsingPackageUtils.validateName
_PACKAGE_NAME = re.compile(r"[A-Za-z]\w*(\.[A-Za-z]\w*)+")


@dataclass(frozen=True, slots=True)
class Component:
    """An activity, service, receiver or provider.

    Attributes:
        name: full class name; for an activity alias that of its target.
        exported: as declared; without a declaration, whether it has an intent filter.
        actions: of all its intent filters.
        categories: of all its intent filters.
        authorities: of a provider.
    """

    name: str
    exported: bool
    actions: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    authorities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """The parts of a manifest that installing, starting and reporting need.

    Attributes:
        split: name of the split that this APK is, empty for a base APK.
        split_required: the base APK does not work without splits.
    """

    package: str
    version_name: str
    version_code: int
    debuggable: bool
    min_sdk: int
    target_sdk: int
    application: str
    launcher_activity: str
    activities: tuple[Component, ...]
    services: tuple[Component, ...]
    receivers: tuple[Component, ...]
    providers: tuple[Component, ...]
    permissions: tuple[str, ...]
    native_abis: tuple[str, ...]
    split: str = ""
    split_required: bool = False

    @property
    def launcher_component(self) -> str:
        """`package/class` as `am start -n` takes it; empty without a launcher activity."""
        return f"{self.package}/{self.launcher_activity}" if self.launcher_activity else ""


def read_manifest(apk: Path) -> Manifest:
    """Read the manifest of `apk`.

    Raises:
        NotAnApk, NoManifest, BrokenManifest, BadPackageName: subclasses of ValueError.
        OSError: the file cannot be read at all.
    """
    raw, names = _from_archive(apk)
    try:
        root = parse_binary_xml(raw)
    except ValueError as error:
        raise BrokenManifest(str(error)) from error
    if root.tag != "manifest":
        raise BrokenManifest(f"the root element is <{root.tag}>")
    return _interpreted(root, names)


def _from_archive(apk: Path) -> tuple[bytes, list[str]]:
    try:
        with zipfile.ZipFile(apk) as archive:
            names = archive.namelist()
            if "AndroidManifest.xml" not in names:
                raise NoManifest
            return archive.read("AndroidManifest.xml"), names
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error) as error:
        raise NotAnApk(str(error)) from error


def _interpreted(root: ElementTree.Element, names: list[str]) -> Manifest:
    package = root.get("package", "")
    if not _PACKAGE_NAME.fullmatch(package):
        raise BadPackageName(repr(package))
    application = root.find("application")
    app = application if application is not None else ElementTree.Element("application")
    sdk = root.find("uses-sdk")
    min_sdk = _number(sdk, "minSdkVersion", 1)
    # An alias is an activity under another name; what starts is its target.
    activities = tuple(_components(app, package, "activity", "activity-alias"))
    return Manifest(
        package=package,
        version_name=_literal(root, "versionName"),
        version_code=_number(root, "versionCode", 0),
        debuggable=app.get(f"{ANDROID}debuggable") == "true",
        min_sdk=min_sdk,
        target_sdk=_number(sdk, "targetSdkVersion", min_sdk),
        application=resolved(app.get(f"{ANDROID}name", ""), package),
        launcher_activity=next((a.name for a in activities if _is_launcher(a)), ""),
        activities=activities,
        services=tuple(_components(app, package, "service")),
        receivers=tuple(_components(app, package, "receiver")),
        providers=tuple(_components(app, package, "provider")),
        permissions=tuple(
            element.get(f"{ANDROID}name", "")
            for element in root
            if element.tag in ("uses-permission", "uses-permission-sdk-23")
        ),
        native_abis=_abis(names),
        split=root.get("split", ""),
        split_required=root.get(f"{ANDROID}isSplitRequired") == "true",
    )


def resolved(class_name: str, package: str) -> str:
    """`.Main` and `Main` are relative to the package (ParsingUtils.buildClassName)."""
    if not class_name:
        return ""
    if class_name.startswith("."):
        return package + class_name
    return class_name if "." in class_name else f"{package}.{class_name}"


def _is_launcher(activity: Component) -> bool:
    return MAIN in activity.actions and LAUNCHER in activity.categories


def _components(app: ElementTree.Element, package: str, *tags: str) -> Iterator[Component]:
    for element in app:
        if element.tag not in tags or element.get(f"{ANDROID}enabled") == "false":
            continue
        name = element.get(f"{ANDROID}targetActivity", "") or element.get(f"{ANDROID}name", "")
        filters = element.findall("intent-filter")
        declared = element.get(f"{ANDROID}exported")
        authorities = element.get(f"{ANDROID}authorities", "")
        yield Component(
            name=resolved(name, package),
            exported=declared == "true" if declared else bool(filters),
            actions=_names(filters, "action"),
            categories=_names(filters, "category"),
            authorities=tuple(part for part in authorities.split(";") if part),
        )


def _names(filters: list[ElementTree.Element], tag: str) -> tuple[str, ...]:
    found = (element.get(f"{ANDROID}name", "") for f in filters for element in f.findall(tag))
    return tuple(dict.fromkeys(found))


def _literal(element: ElementTree.Element, name: str) -> str:
    value = element.get(f"{ANDROID}{name}", "")
    return "" if value.startswith("@") else value


def _number(element: ElementTree.Element | None, name: str, default: int) -> int:
    text = "" if element is None else _literal(element, name)
    return int(text, 0) if re.fullmatch(r"-?(0x[0-9A-Fa-f]+|\d+)", text) else default


def _abis(names: list[str]) -> tuple[str, ...]:
    found = (re.fullmatch(r"lib/([^/]+)/[^/]+\.so", name) for name in names)
    return tuple(dict.fromkeys(match.group(1) for match in found if match))
