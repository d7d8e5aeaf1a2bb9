"""`pm` and `cmd package`: what is installed, and what may be changed about it."""

from __future__ import annotations

import re

from harness.virtual.device.packages import RUNTIME_PERMISSIONS, Package
from harness.virtual.shell.command import Command, Evidence, Invocation, Origin, Runner, table
from harness.virtual.shell.commands import dump_package, install, install_sessions
from harness.virtual.shell.commands.exceptions import thrown

ORIGIN = Origin(
    Evidence.DOCUMENTED, "AOSP PackageManagerShellCommand.java; adb-shell.md of Android"
)


def positional(
    args: list[str], with_value: frozenset[str] = frozenset({"--user", "-i"})
) -> list[str]:
    """Words that are no options; options of `with_value` take the next word along."""
    words: list[str] = []
    rest = iter(args)
    for word in rest:
        if word in with_value:
            next(rest, None)
        elif not word.startswith("-"):
            words.append(word)
    return words


async def _list(call: Invocation) -> int:
    words = positional(call.args)
    kind = words[0] if words else ""
    lister = _LISTS.get(kind)
    if lister is None:
        return await call.fail(
            f"Error: unknown list type '{kind}'"
            if kind
            else "Error: didn't specify type of data to list",
            255,
        )
    return await lister(call, words[1:])


async def _list_packages(call: Invocation, words: list[str]) -> int:
    options = set(call.args)
    if "-s" in options or "-d" in options:
        return 0  # there are no system and no disabled packages
    for package in call.device.packages:
        if words and words[0] not in package.name:
            continue
        name = f"{package.device_apk}={package.name}" if "-f" in options else package.name
        line = f"package:{name}"
        if "--show-versioncode" in options:
            line += f" versionCode:{package.manifest.version_code}"
        if "-i" in options:
            line += f"  installer={package.installer or 'null'}"
        if "-U" in options:
            line += f" uid:{package.uid}"
        await call.out(line + "\n")
    return 0


async def _list_permissions(call: Invocation, words: list[str]) -> int:
    await call.out("All Permissions:\n\n")
    await call.out("".join(f"permission:{name}\n" for name in sorted(RUNTIME_PERMISSIONS)))
    return 0


async def _list_users(call: Invocation, words: list[str]) -> int:
    await call.out("Users:\n\tUserInfo{0:Owner:c13} running\n")
    return 0


async def _list_features(call: Invocation, words: list[str]) -> int:
    features = ("android.hardware.touchscreen", "android.hardware.wifi", "android.software.webview")
    await call.out("".join(f"feature:{name}\n" for name in features))
    return 0


async def _list_none(call: Invocation, words: list[str]) -> int:
    return 0


_LISTS = {
    "instrumentation": _list_none,
    "libraries": _list_none,
    "packages": _list_packages,
    "package": _list_packages,
    "permissions": _list_permissions,
    "users": _list_users,
    "features": _list_features,
}


async def _path(call: Invocation) -> int:
    words = positional(call.args)
    package = call.device.packages.get(words[0]) if words else None
    if package is None:
        return 1
    await call.out("".join(f"package:{path}\n" for path in package.device_apks))
    return 0


async def _clear(call: Invocation) -> int:
    words = positional(call.args)
    if not words:
        return await call.fail("Error: no package specified", 255)
    name = words[0]
    if call.device.packages.get(name) is None:
        return await call.fail("Failed")
    await call.device.activities.stop(name)
    await call.device.installer.clear(name)
    await call.out("Success\n")
    return 0


def _grants(*, granted: bool) -> Runner:
    async def run(call: Invocation) -> int:
        words = positional(call.args)
        command = call.argv[0]
        if len(words) < 2:
            missing = "package" if not words else "permission"
            return await call.fail(f"Error: no {missing} specified", 255)
        name, permission = words[:2]
        package = call.device.packages.get(name)
        if package is None:
            error = f"java.lang.IllegalArgumentException: Unknown package: {name}"
            return await thrown(call, command, error)
        if permission not in package.manifest.permissions:
            error = f"Package {name} has not requested permission {permission}"
            return await thrown(call, command, f"java.lang.SecurityException: {error}")
        if permission not in RUNTIME_PERMISSIONS:
            error = (
                f"Permission {permission} requested by {name} is not a changeable permission type"
            )
            return await thrown(call, command, f"java.lang.SecurityException: {error}")
        await _set_permission(call, package, permission, granted=granted)
        return 0

    return run


async def _set_permission(call: Invocation, package: Package, name: str, *, granted: bool) -> None:
    """Change a grant; a running process hears of it, and one that loses it is ended."""
    held = package.granted | {name} if granted else package.granted - {name}
    if held == package.granted:
        return
    call.device.packages.change(package.name, granted=held)
    app = call.device.activities.app(package.name)
    if app is None:
        return
    if granted:
        await app.process.set_permission(name, True)
    else:
        await call.device.activities.stop(package.name)


async def _dump(call: Invocation) -> int:
    words = positional(call.args)
    await call.out(dump_package.dump(call.device, words[0] if words else ""))
    return 0


async def _resolve_activity(call: Invocation) -> int:
    words = positional(call.args, frozenset({"-a", "-c", "-d", "-t", "--user"}))
    package = call.device.packages.get(words[-1].partition("/")[0]) if words else None
    if package is None or not package.manifest.launcher_activity:
        await call.out("No activity found\n")
        return 0
    cls = package.manifest.launcher_activity
    short = cls.removeprefix(package.name) if cls.startswith(package.name + ".") else cls
    head = "priority=0 preferredOrder=0 match=0x108000 specificIndex=-1 isDefault=false\n"
    await call.out(head + f"{package.name}/{short}\n")
    return 0


async def _uid(call: Invocation) -> int:
    words = positional(call.args)
    await call.out(f"{words[-1] if words else 0}\n")
    return 0


async def _quiet(call: Invocation) -> int:
    return 0


_VERBS: dict[str, Runner] = {
    "list": _list,
    "path": _path,
    "clear": _clear,
    "grant": _grants(granted=True),
    "revoke": _grants(granted=False),
    "dump": _dump,
    "resolve-activity": _resolve_activity,
    "set-installer": _quiet,
    "trim-caches": _quiet,
    "compile": _quiet,
    "install": install.install,
    "install-create": install_sessions.create,
    "install-write": install_sessions.write,
    "install-remove": install_sessions.remove,
    "install-commit": install_sessions.commit,
    "install-abandon": install_sessions.abandon,
    "uninstall": install.uninstall,
}


async def run(call: Invocation) -> int:
    """`pm VERB ...`; `call.argv[0]` is the program's name."""
    if not call.args:
        return await call.fail(
            "Package manager (package) commands:\n  help\n    Print this help text.", 0
        )
    verb = call.args[0]
    runner = _VERBS.get(verb)
    if runner is None:
        text = f"Unknown command: {verb}" if re.match(r"[\w-]", verb) else f"Unknown option {verb}"
        return await call.fail(text, 255)
    return await runner(call.again(call.args))


COMMANDS: dict[str, Command] = table(ORIGIN, {"pm": run})
