"""`am startservice`, `am stopservice`: an app's services from the shell.

An app that does not run is started for its service, as Android does for the shell.
"""

from __future__ import annotations

from harness.virtual.device.starting import NoSuchActivity, NotStarted, Start
from harness.virtual.host import HostError
from harness.virtual.shell.command import Invocation, Runner
from harness.virtual.shell.commands import intents
from harness.virtual.shell.commands.exceptions import thrown

_FAILED_STATUS = 255
"""ActivityManagerShellCommand returns -1."""


async def _start(call: Invocation) -> int:
    words = await _words(call)
    if words is None:
        return _FAILED_STATUS
    await call.out(f"Starting service: {words.text()}\n")
    package = _package(words)
    started = ""
    if call.device.packages.get(package) is not None:
        spec = words.spec(intents.full(words.component) if words.component else "")
        try:
            app = await call.device.activities.ready(Start(package, spec))
            started = await app.process.start_service(spec)
        except (HostError, NotStarted, NoSuchActivity) as error:
            return await call.fail(f"Error: {error}", _FAILED_STATUS)
    if not started:
        return await call.fail("Error: Not found; no service started.", _FAILED_STATUS)
    return 0


async def _stop(call: Invocation) -> int:
    words = await _words(call)
    if words is None:
        return _FAILED_STATUS
    await call.out(f"Stopping service: {words.text()}\n")
    app = call.device.activities.app(_package(words))
    ran = False
    if app is not None:
        try:
            ran = await app.process.stop_service(
                words.spec(intents.full(words.component) if words.component else "")
            )
        except HostError as error:
            return await call.fail(f"Error stopping service: {error}", _FAILED_STATUS)
    # Both are told on stderr, and neither is a success: so it is in ActivityManagerShellCommand.
    text = "Service stopped" if ran else "Service not stopped: was not running."
    return await call.fail(text, _FAILED_STATUS)


async def _words(call: Invocation) -> intents.Words | None:
    try:
        return intents.parse(call.args)
    except intents.BadIntent as error:
        await thrown(call, call.argv[0], f"java.lang.IllegalArgumentException: {error}")
        return None


def _package(words: intents.Words) -> str:
    return words.component.partition("/")[0] or words.package


VERBS: dict[str, Runner] = {
    "startservice": _start,
    "start-service": _start,
    "start-foreground-service": _start,
    "stopservice": _stop,
    "stop-service": _stop,
}
