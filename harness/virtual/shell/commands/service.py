"""`cmd SERVICE ...`, `settings`, `ime`, `svc`, `service`, `run-as`."""

from __future__ import annotations

from harness.virtual.device.filesystem import ROOT_UID, SHELL_UID
from harness.virtual.device.settings import LATIN_IME, NAMESPACES
from harness.virtual.shell.command import Command, Evidence, Invocation, Origin, Runner, table
from harness.virtual.shell.commands import activity, inputs, package, screen

CMD = Origin(
    Evidence.SOURCE, "AOSP frameworks/native/cmds/cmd/cmd.cpp, android.os.Binder.shellCommand"
)
SETTINGS = Origin(Evidence.DOCUMENTED, "AOSP SettingsService.java")
IME = Origin(Evidence.SOURCE, "AOSP InputMethodManagerService.java, onShellCommand")
SU = Origin(Evidence.SOURCE, "AOSP system/extras/su/su.cpp")
RUN_AS = Origin(Evidence.DOCUMENTED, "AOSP system/core/run-as/run-as.cpp")
_NO_SERVICE_STATUS = 20


async def _settings(call: Invocation) -> int:
    args = list(call.args)
    if args[:1] == ["--user"]:
        del args[:2]
    verb, namespace, *words = [*args, "", ""][: max(2, len(args))]
    if verb not in ("get", "put", "delete", "list"):
        return await call.fail(f"Invalid command: {verb}", 255)
    if namespace not in NAMESPACES:
        return await call.fail(f"Invalid namespace '{namespace}'", 255)
    words = [word for word in words if word not in ("default", "--user")]
    settings = call.device.settings
    if verb == "list":
        await call.out("".join(f"{k}={v}\n" for k, v in sorted(settings.all(namespace).items())))
        return 0
    if not words or (verb == "put" and len(words) < 2):
        return await call.fail("Bad arguments", 255)
    if verb == "get":
        value = settings.get(namespace, words[0])
        await call.out(("null" if value is None else value) + "\n")
    elif verb == "put":
        settings.set(namespace, words[0], words[1])
    else:
        await call.out(f"Deleted {int(settings.delete(namespace, words[0]))} rows\n")
    return 0


async def _ime(call: Invocation) -> int:
    verb, *words = [*call.args, ""] if len(call.args) < 2 else call.args
    words = [word for word in words if word]
    if verb == "list":
        if "-s" in words:
            await call.out(f"{LATIN_IME}\n")
        else:
            await call.out(f"{LATIN_IME}:\n  mId={LATIN_IME}\n")
        return 0
    if verb == "reset":
        call.device.settings.set("secure", "default_input_method", LATIN_IME)
        await call.out("Reset current and enabled IMEs for user #0\n")
        return 0
    if verb not in ("enable", "disable", "set"):
        return await call.fail(f"Unknown command: {verb}", 255)
    name = words[0] if words else ""
    if name != LATIN_IME:
        outcome = "selected" if verb == "set" else f"{verb}d"
        return await call.fail(f"Unknown input method {name} cannot be {outcome} for user #0", 255)
    if verb == "set":
        await call.out(f"Input method {name} selected for user #0\n")
    else:
        await call.out(f"Input method {name}: already {verb}d for user #0\n")
    return 0


async def _no_shell_command(call: Invocation) -> int:
    """A service whose Binder has no shell command, such as the clipboard's."""
    await call.out("No shell command implementation.\n")
    return 0


async def _uimode(call: Invocation) -> int:
    await call.out("Night mode: no\n")
    return 0


_SERVICES: dict[str, Runner] = {
    "package": package.run,
    "activity": activity.run,
    "input": inputs.COMMANDS["input"].run,
    "settings": _settings,
    "input_method": _ime,
    "window": screen.COMMANDS["wm"].run,
    "clipboard": _no_shell_command,
    "uimode": _uimode,
}


async def _cmd(call: Invocation) -> int:
    words = [word for word in call.args if word != "-w"]
    if not words:
        return await call.fail(
            "cmd: No service specified; use -l to list all running services.", 20
        )
    if words[0] == "-l":
        await call.out(
            "Currently running services:\n" + "".join(f"  {n}\n" for n in sorted(_SERVICES))
        )
        return 0
    runner = _SERVICES.get(words[0])
    if runner is None:
        return await call.fail(f"cmd: Can't find service: {words[0]}", _NO_SERVICE_STATUS)
    return await runner(call.again(words))


async def _svc(call: Invocation) -> int:
    known = ("power", "data", "wifi", "usb", "nfc", "bluetooth")
    if call.args[:1] and call.args[0] in known:
        return 0  # switches of hardware that is not there
    return await call.fail(
        "Available commands:\n    help     Show information about the subcommands", 1
    )


async def _service(call: Invocation) -> int:
    if call.args[:1] == ["check"] and len(call.args) > 1:
        found = "found" if call.args[1] in _SERVICES else "not found"
        await call.out(f"Service {call.args[1]}: {found}\n")
        return 0
    return await call.fail("service: Binder transactions are not available on this device", 10)


async def _run_as(call: Invocation) -> int:
    """Run a command as a debuggable app's user, in its data folder."""
    args = list(call.args)
    if args[:1] == ["--user"]:
        del args[:2]
    if not args:
        return await call.fail(
            "run-as: usage: run-as <package-name> [--user <uid>] <command> [<args>]"
        )
    name, *command = args
    found = call.device.packages.get(name)
    if found is None:
        return await call.fail(f"run-as: unknown package: {name}")
    if not found.manifest.debuggable:
        return await call.fail(f"run-as: package not debuggable: {name}")
    state = call.state.copy()
    state.uid, state.cwd = found.uid, f"/data/data/{name}"
    inner = call.again(command or ["sh"])
    inner.state = state
    return await call.run(inner)


async def _su(call: Invocation) -> int:
    """`su [WHO [COMMAND...]]` of builds for developers; only adb's users may."""
    if call.state.uid not in (ROOT_UID, SHELL_UID):
        return await call.fail("su: not allowed")
    who, *command = call.args or ["root"]
    uid = {"root": ROOT_UID, "shell": SHELL_UID}.get(who, int(who) if who.isdigit() else -1)
    if uid < 0:
        return await call.fail(f"su: invalid uid/gid '{who}'")
    state = call.state.copy()
    state.uid = uid
    inner = call.again(command or ["sh"])
    inner.state = state
    return await call.run(inner)


async def _remount(call: Invocation) -> int:
    if call.state.uid != 0:
        return await call.fail('Not running as root. Try "adb root" first.')
    return await call.fail("remount failed: the system partitions of this device cannot be changed")


async def _bugreport(call: Invocation) -> int:
    # On standard output: adb quotes what `bugreportz -v` says there.
    await call.out("not available on this virtual device; read logcat and dumpsys\n")
    return 1


COMMANDS: dict[str, Command] = (
    table(CMD, {"cmd": _cmd, "svc": _svc, "service": _service})
    | table(SETTINGS, {"settings": _settings})
    | table(IME, {"ime": _ime})
    | table(RUN_AS, {"run-as": _run_as})
    | table(SU, {"su": _su})
    | table(
        Origin(Evidence.UNVERIFIED),
        {"bugreport": _bugreport, "bugreportz": _bugreport, "remount": _remount},
    )
)
