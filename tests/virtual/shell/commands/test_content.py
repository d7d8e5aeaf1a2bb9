"""`content`, on the settings. Output form after AOSP `Content.java`, `Row: N column=value, ...`."""

from __future__ import annotations

import pytest

from tests.virtual.fakes.shell import ShellRig

SECURE = "content://settings/secure"


def test_a_setting_is_found_by_name(rig: ShellRig) -> None:
    wanted = rig("settings get secure android_id").out.strip()
    done = rig(
        f"""content query --uri {SECURE} --projection name:value --where "name='android_id'" """
    )
    assert (done.out, done.code) == (f"Row: 0 name=android_id, value={wanted}\n", 0)
    assert rig(f"content query --uri {SECURE}/android_id --projection value").out == (
        f"Row: 0 value={wanted}\n"
    )
    assert rig(f"content query --uri {SECURE}/none").out == "No result found.\n"


def test_settings_are_written_and_removed(rig: ShellRig) -> None:
    rig(
        "content insert --uri content://settings/system"
        " --bind name:s:user_rotation --bind value:i:1"
    )
    assert rig("settings get system user_rotation").out == "1\n"
    rig(
        "content update --uri content://settings/system --bind value:i:3"
        " --where \"name='user_rotation'\""
    )
    assert rig("settings get system user_rotation").out == "3\n"
    rig("content delete --uri content://settings/system --where \"name='user_rotation'\"")
    assert rig("settings get system user_rotation").out == "null\n"


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("content query --uri content://sms/inbox", "Could not find provider: sms"),
        ("content query --uri content://settings/none", "Could not find provider: content://"),
        ("content query", "Content provider URI not specified"),
        ("content call --uri content://settings/secure", "Unsupported command: call"),
        ("content query --uri", "Argument expected after --uri"),
        ("content query --url x", "Unsupported argument: --url"),
        (f"content query --uri {SECURE} --projection nope", "Invalid column nope"),
        (f'content query --uri {SECURE} --where "value > 1"', "understands only"),
        (f"content insert --uri {SECURE} --bind name:s:x", "Bindings not specified"),
    ],
)
def test_refusals(rig: ShellRig, line: str, text: str) -> None:
    done = rig(line)
    assert (done.out, done.code) == ("", 1)
    assert text in done.err
