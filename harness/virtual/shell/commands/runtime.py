"""What needs Android's own runtime, and is refused with a sentence: `app_process`, `am instrument`.

Remote control servers (scrcpy, uiautomator2, Maestro, Appium) run dex code with the shell's rights
outside any app. There is no ART here, so they cannot start; their clients show what is said here.
"""

from __future__ import annotations

from harness.virtual.shell.command import Command, Evidence, Invocation, Origin, table
from harness.virtual.shell.not_found import NOT_EXECUTABLE

NO_ART = "this virtual device has no Android runtime for programs outside of apps"
_WITH_VALUE = frozenset({"-e", "-p", "--user", "--abi"})
_DEX_PROGRAMS = ("app_process", "app_process32", "app_process64", "dalvikvm", "dalvikvm64")


async def _dex_program(call: Invocation) -> int:
    """`app_process DIR CLASS`, `dalvikvm -cp JAR CLASS`: a dex program of the shell."""
    return await call.fail(f"{call.argv[0]}: {NO_ART}", NOT_EXECUTABLE)


async def instrument(call: Invocation) -> int:
    """`am instrument [-w] [-r] [-e NAME VALUE] PACKAGE/RUNNER`, refused as Android refuses.

    Texts after AOSP `com.android.commands.am.Instrument` and `ActivityManagerService`.
    """
    words = _positional(call.args)
    if not words:
        return await call.fail('Error: Argument expected after "instrument"', 1)
    name = words[-1]
    package, _, runner = name.partition("/")
    runner = package + runner if runner.startswith(".") else runner
    found = call.device.packages.get(package)
    why = (
        f"Unable to find instrumentation info for: ComponentInfo{{{package}/{runner}}}"
        if found is None
        else f"{NO_ART}: instrumentation cannot be run"
    )
    if "-w" in call.args:
        await call.out(
            f"INSTRUMENTATION_STATUS: Error={why}\n"
            "INSTRUMENTATION_STATUS: id=ActivityManagerService\n"
            "INSTRUMENTATION_STATUS_CODE: -1\n"
        )
    await call.err(
        f"android.util.AndroidException: INSTRUMENTATION_FAILED: {package}/{runner}\n"
        "\tat com.android.commands.am.Instrument.run(Instrument.java:519)\n"
    )
    return 1


def _positional(args: list[str]) -> list[str]:
    words: list[str] = []
    rest = iter(args)
    for word in rest:
        if word in _WITH_VALUE:
            for _ in range(2 if word == "-e" else 1):
                next(rest, None)
        elif not word.startswith("-"):
            words.append(word)
    return words


COMMANDS: dict[str, Command] = table(
    Origin(Evidence.UNVERIFIED),
    dict.fromkeys(_DEX_PROGRAMS, _dex_program),
)
