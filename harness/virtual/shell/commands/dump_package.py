"""The text of `dumpsys package` and `pm dump`, in the parts that clients read.

After AOSP `com.android.server.pm.Settings.dumpPackageLPr` (Android 14). Sections that clients do
not look for are left out.
"""

from __future__ import annotations

import time

from harness.virtual.device.device import Device
from harness.virtual.device.packages import RUNTIME_PERMISSIONS, Package


def dump(device: Device, name: str = "") -> str:
    """All packages, or the one with this name."""
    if name and device.packages.get(name) is None:
        return f"Unable to find package: {name}\n"
    chosen = [package for package in device.packages if not name or package.name == name]
    resolver = "Activity Resolver Table:\n  Non-Data Actions:\n      android.intent.action.MAIN:\n"
    lines = [resolver + "".join(_resolver(package) for package in chosen)]
    lines.append("Packages:\n" + "".join(_package(package) for package in chosen))
    return "\n".join(lines)


def _resolver(package: Package) -> str:
    activity = package.manifest.launcher_activity
    if not activity:
        return ""
    component = f"{package.name}/{activity.removeprefix(package.name) or activity}"
    return (
        f"        {package.uid:07x} {component} filter {package.uid + 1:07x}\n"
        '          Action: "android.intent.action.MAIN"\n'
        '          Category: "android.intent.category.LAUNCHER"\n'
    )


def _moment(unix_ms: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(unix_ms / 1000))


def _package(package: Package) -> str:
    manifest = package.manifest
    flags = "DEBUGGABLE HAS_CODE" if manifest.debuggable else "HAS_CODE"
    signature = package.signers[0][:8] if package.signers else ""
    runtime = [name for name in manifest.permissions if name in RUNTIME_PERMISSIONS]
    install_time = [name for name in manifest.permissions if name not in RUNTIME_PERMISSIONS]
    lines = [
        f"  Package [{package.name}] ({package.uid:x}):",
        f"    userId={package.uid}",
        f"    pkg=Package{{{package.uid:x} {package.name}}}",
        f"    codePath={package.code_path}",
        f"    resourcePath={package.code_path}",
        "    legacyNativeLibraryDir=" + package.code_path + "/lib",
        "    primaryCpuAbi=null",
        f"    versionCode={manifest.version_code} minSdk={manifest.min_sdk} "
        f"targetSdk={manifest.target_sdk}",
        f"    versionName={manifest.version_name or 'null'}",
        f"    splits=[{', '.join(['base', *package.split_names])}]",
        f"    flags=[ {flags} ]",
        f"    pkgFlags=[ {flags} ]",
        f"    dataDir=/data/user/0/{package.name}",
        f"    timeStamp={_moment(package.updated_ms)}",
        f"    firstInstallTime={_moment(package.installed_ms)}",
        f"    lastUpdateTime={_moment(package.updated_ms)}",
        f"    installerPackageName={package.installer or 'null'}",
        f"    signatures=PackageSignatures{{{signature} version:2, signatures:[{signature}], "
        "past signatures:[]}",
        "    requested permissions:",
        *(f"      {name}" for name in manifest.permissions),
        "    install permissions:",
        *(f"      {name}: granted={_bool(name in package.granted)}" for name in install_time),
        f"    User 0: ceDataInode=0 installed=true hidden=false suspended=false "
        f"distractionFlags=0 stopped={_bool(package.stopped)} notLaunched="
        f"{_bool(package.stopped)} enabled=0 instant=false virtual=false",
        "      runtime permissions:",
        *(
            f"        {name}: granted={_bool(name in package.granted)}, flags=[ USER_SET ]"
            for name in runtime
        ),
    ]
    return "".join(line + "\n" for line in lines)


def _bool(value: bool) -> str:
    return "true" if value else "false"
