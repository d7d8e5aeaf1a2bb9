"""Starting, stopping and the back stack, with processes that are fakes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from harness.virtual.device.activities import LAUNCHER
from harness.virtual.device.device import Device
from harness.virtual.device.installer import InstallFlags
from harness.virtual.device.starting import NoSuchActivity, NotStarted, Start
from harness.virtual.host import ActivityState, Exited, HostGone, IntentSpec
from tests.virtual.fakes.apks import FakeApkRoom, fake_apk
from tests.virtual.fakes.app_process import FakeSource

CLINIC, OTHER = "org.example.clinic", "org.other.app"
Scenario = Callable[[Device, FakeSource], Awaitable[None]]


def play(folder: Path, scenario: Scenario) -> None:
    async def run() -> None:
        source = FakeSource()
        device = Device(folder / "device", FakeApkRoom(), source)
        for package in (CLINIC, OTHER):
            apk = fake_apk(folder / f"{package}.apk", package)
            await device.installer.install(apk, InstallFlags(), "x")
        await asyncio.wait_for(scenario(device, source), 10)
        await device.activities.stop_all()

    asyncio.run(run())


def start(package: str, **options: bool) -> Start:
    return Start(package, IntentSpec(f"{package}/{package}.MainActivity"), **options)


def test_two_apps_and_the_way_back(tmp_path: Path) -> None:
    async def scenario(device: Device, source: FakeSource) -> None:
        activities = device.activities
        assert (await activities.focus()).component.startswith(LAUNCHER)
        await activities.start(start(CLINIC))
        await activities.start(start(OTHER))
        clinic, other = source.made
        assert ("home",) in clinic.calls
        assert (await activities.focus()).component.startswith(OTHER)
        await activities.back()
        assert (await activities.focus()).component.startswith(CLINIC)
        await activities.home()
        assert activities.foreground() is None
        await activities.back()
        assert other.alive

    play(tmp_path, scenario)


def test_concurrent_starts_share_one_process(tmp_path: Path) -> None:
    async def scenario(device: Device, source: FakeSource) -> None:
        await asyncio.gather(*(device.activities.start(start(CLINIC)) for _ in range(5)))
        assert len(source.made) == 1

    play(tmp_path, scenario)


def test_an_app_that_finishes_itself_shows_the_launcher(tmp_path: Path) -> None:
    async def scenario(device: Device, source: FakeSource) -> None:
        await device.activities.start(start(CLINIC))
        source.made[0].say(ActivityState(f"{CLINIC}/{CLINIC}.MainActivity", "destroyed", None))
        await asyncio.sleep(0.01)
        assert device.activities.foreground() is None
        assert source.made[0].alive

    play(tmp_path, scenario)


def test_processes_that_end(tmp_path: Path) -> None:
    async def scenario(device: Device, source: FakeSource) -> None:
        changed = asyncio.create_task(device.activities.changed(device.activities.generation))
        await device.activities.start(start(CLINIC))
        await changed
        source.made[0].say(Exited(-9))
        assert device.activities.app(CLINIC) is None
        assert device.activities.running() == []
        messages = [record.message for record in device.log.records()]
        assert f"Process {CLINIC} (pid {source.made[0].pid}) has died" in messages

    play(tmp_path, scenario)


def test_no_process_to_be_had(tmp_path: Path) -> None:
    async def scenario(device: Device, source: FakeSource) -> None:
        source.error = HostGone("the app process has ended")
        with pytest.raises(NotStarted):
            await device.activities.start(start(CLINIC))
        with pytest.raises(NotStarted):
            await device.activities.begin(start(CLINIC))
        source.error = None
        await device.activities.start(start(CLINIC))

    play(tmp_path, scenario)


def test_a_process_that_dies_while_it_takes_the_app(tmp_path: Path) -> None:
    async def scenario(device: Device, source: FakeSource) -> None:
        take = source.take

        async def broken() -> object:
            app = await take()
            app.fail["bind"] = HostGone("the app process has ended")
            return app

        source.take = broken  # type: ignore[method-assign,assignment]
        with pytest.raises(NotStarted):
            await device.activities.start(start(CLINIC))
        assert device.activities.running() == []
        assert not source.made[0].alive

    play(tmp_path, scenario)


def test_an_app_that_hangs_holds_up_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.virtual.device.activities.LEAVE_TIMEOUT_S", 0.01)

    async def scenario(device: Device, source: FakeSource) -> None:
        await device.activities.start(start(CLINIC))
        source.made[0].hang = True
        await device.activities.start(start(OTHER))
        assert (await device.activities.focus()).component.startswith(OTHER)
        await device.activities.home()
        assert device.activities.foreground() is None

    play(tmp_path, scenario)


def test_unknown_packages(tmp_path: Path) -> None:
    async def scenario(device: Device, source: FakeSource) -> None:
        with pytest.raises(NoSuchActivity):
            await device.activities.start(start("org.none"))
        await device.activities.stop("org.none")

    play(tmp_path, scenario)


def test_only_the_process_at_the_gate_hears_of_the_debugger(tmp_path: Path) -> None:
    async def scenario(device: Device, source: FakeSource) -> None:
        await device.activities.start(start(OTHER))
        app = await device.activities.begin(start(CLINIC, debug=True))
        assert app.at_gate.is_set()
        await device.activities.debugger_attached(source.made[0].pid)
        assert ("debugger_attached",) not in source.made[0].calls
        await device.activities.debugger_attached(source.made[1].pid)
        await asyncio.sleep(0.01)
        assert (await device.activities.focus()).component.startswith(CLINIC)

    play(tmp_path, scenario)
