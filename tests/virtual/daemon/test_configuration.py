"""Values that cross processes come out as they went in."""

from __future__ import annotations

from harness.virtual.daemon.configuration import Configuration, DeviceState


def test_there_and_back() -> None:
    wanted = Configuration(
        port=1,
        apks=("/a b.apk",),
        answers=("/x",),
        live=False,
        work_dir="/w",
        temporary=True,
        state_dir="/s",
        owner_pid=7,
        locale="fr-FR",
        spares=2,
    )
    assert Configuration.from_json(wanted.to_json()) == wanted
    state = DeviceState("127.0.0.1:1", 1, 2, 3, 4, "r", "l", "w", False)
    assert DeviceState.from_json(state.to_json()) == state
