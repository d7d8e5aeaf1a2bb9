"""The daemon: `python -m harness.virtual.daemon CONFIGURATION`, started by `client.start_device`.

It leaves its starter (fork, own session), brings the device up and says on standard output, one
JSON object a line: `{"progress": text}` any number of times, then `{"state": {...}}` or
`{"error": {...}}`. It ends at SIGTERM, SIGINT, or when its owner's process ends, and removes what
it made. Its log goes to standard error, which the starter leads to a file.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

from harness.errors import BugError, HarnessError
from harness.virtual.daemon.configuration import Configuration
from harness.virtual.daemon.states import write_state

log = logging.getLogger("harness.virtual")


def say(**line: Any) -> None:
    """One line to the starter, who may be gone."""
    with contextlib.suppress(OSError):
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


def error_fields(error: HarnessError) -> dict[str, str]:
    names = ("what", "where", "seen", "expected", "action", "fault")
    return {name: str(getattr(error, name)) for name in names}


async def serve(wanted: Configuration) -> int:
    """Run the device until it is told to end; the exit status."""
    ending = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, ending.set)
    watch_owner(loop, wanted.owner_pid, ending)
    loop.add_reader(sys.stdout.fileno(), ending.set)  # a broken pipe: the starter gave up
    # Only now: it starts Frida's threads, which do not survive the fork in `main`.
    from harness.virtual.daemon.machine import Machine

    machine = Machine(wanted, lambda text: say(progress=text))
    booting = asyncio.create_task(machine.start())
    end = asyncio.create_task(ending.wait())
    await asyncio.wait({booting, end}, return_when=asyncio.FIRST_COMPLETED)
    if not booting.done():
        booting.cancel()
        await asyncio.gather(booting, return_exceptions=True)
        return 1
    state = booting.result()
    path = write_state(Path(wanted.state_dir), state)
    try:
        say(state=json.loads(state.to_json()))
        leave_starter()
        log.info("booted as %s", state.serial)
        await end
        log.info("ending")
    finally:
        path.unlink(missing_ok=True)
        await machine.stop()
    return 0


def watch_owner(loop: asyncio.AbstractEventLoop, pid: int, ending: asyncio.Event) -> None:
    """End with the owner; a pidfd becomes readable when its process ends (pidfd_open(2))."""
    if not pid:
        return
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        ending.set()
        return

    def ended() -> None:
        loop.remove_reader(descriptor)
        os.close(descriptor)
        log.info("the owner, pid %d, has ended", pid)
        ending.set()

    loop.add_reader(descriptor, ended)


def leave_starter() -> None:
    """Let go of the starter's pipe; what would be printed from now on goes to the log."""
    asyncio.get_running_loop().remove_reader(sys.stdout.fileno())
    sys.stdout.flush()
    os.dup2(2, 1)


def run(wanted: Configuration) -> int:
    """The whole life of the daemon, its own errors told to the starter."""
    folder = Path(wanted.work_dir)
    try:
        return asyncio.run(serve(wanted))
    except HarnessError as error:
        say(error=error_fields(error))
    except BaseExceptionGroup as group:
        known = [error for error in group.exceptions if isinstance(error, HarnessError)]
        log.exception("the device did not come up")
        say(error=error_fields(known[0] if known else _bug(group.exceptions[0])))
    except Exception as error:
        log.exception("the device failed")
        say(error=error_fields(_bug(error)))
    finally:
        if wanted.temporary:
            shutil.rmtree(folder, ignore_errors=True)
    return 1


def _bug(error: BaseException) -> BugError:
    return BugError("the device failed", seen=f"{type(error).__name__}: {error}")


def main() -> int:
    wanted = Configuration.from_json(sys.argv[1])
    if os.fork():
        return 0
    os.setsid()
    os.chdir("/")
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    status = run(wanted)
    sys.stderr.flush()
    # Frida's threads may still be about; nothing is left to be done by any of them.
    os._exit(status)


if __name__ == "__main__":
    sys.exit(main())
