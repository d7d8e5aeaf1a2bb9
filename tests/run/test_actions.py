"""What single steps do to the phone and to the play."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.device.facts import ShellResult
from harness.run.events import Marked
from tests.fakes.phone import PNG
from tests.run.stage import launched, stage


def test_only_the_app_under_test_is_started_stopped_or_cleared() -> None:
    for step in ("launchApp: com.other", "stopApp: com.other", "clearState: com.other"):
        assert "com.other" in stage(f"- {step}\n").run().play.failed[0]


def test_stopping_on_purpose_is_no_detached_agent() -> None:
    after = launched("- inputTerm\n- stopApp\n")
    assert after.play.failed == []
    assert after.play.app.session is None
    assert after.play.app.coverage().detached == ""


def test_kill_and_clear_leave_the_agent_first() -> None:
    after = launched("- inputTerm\n- killApp\n- clearState\n- launchApp\n")
    assert "am kill org.example.clinic" in after.phone.log
    assert after.play.app.session is not None


def test_the_keyboard_is_hidden_only_when_there_is_one() -> None:
    assert "back" in launched("- hideKeyboard\n- inputTerm\n").phone.log
    after = stage("- launchApp\n- hideKeyboard\n").run()
    assert "back" not in after.phone.log


def test_text_is_compared_exactly() -> None:
    right = launched("- inputTerm\n- assertText: {id: search_field, equals: '${TERM}'}\n")
    assert right.play.failed == []
    wrong = launched("- inputTerm\n- assertText: {id: search_field, equals: Hépatite}\n")
    assert "'hépatite'" in wrong.play.failed[0]


def test_copied_text_is_typed_as_it_is() -> None:
    after = launched("- inputText: 'C++'\n- copyTextFrom: {id: search_field}\n"
                     "- inputText: ${maestro.copiedText}\n- inputTerm\n")  # fmt: skip
    assert after.phone.app.text == "C++C++hépatite"


def test_copying_before_using() -> None:
    after = launched("- inputText: ${maestro.copiedText}\n- inputTerm\n")
    assert "no value" in after.play.failed[0]


def test_a_screenshot_gets_a_safe_private_name(tmp_path: Path) -> None:
    after = launched("- inputTerm\n- takeScreenshot: ../../après\n", folder=tmp_path)
    assert after.play.failed == []
    (picture,) = tmp_path.iterdir()
    assert picture.read_bytes() == PNG
    assert picture.stat().st_mode & 0o077 == 0


def test_erasing() -> None:
    assert launched("- inputText: abc\n- eraseText\n- inputTerm\n").phone.app.text == "hépatite"


def test_marks_and_capture() -> None:
    after = launched("- startCapture\n- markCapture: typed\n- inputTerm\n")
    assert [each.name for each in after.of(Marked)] == ["capture", "typed"]  # type: ignore[union-attr]
    assert "no agent is in the app" in stage("- startCapture\n").run().play.failed[0]


def test_an_assertion_needs_something_typed() -> None:
    assert "nothing was typed yet" in launched("- assertNoLeak\n").play.failed[0]


def test_asserted_receivers_are_kept_for_the_verdict() -> None:
    after = launched("- inputTerm\n- assertLeaks: {to: [a.example, b.example]}\n")
    assert after.play.asserted == ["a.example", "b.example"]


def test_permissions_are_set() -> None:
    after = launched("- setPermissions: {permissions: {camera: deny}}\n- inputTerm\n")
    assert "permissions (('camera', 'deny'),)" in after.phone.log


@pytest.mark.parametrize(
    ("answer", "failed"),
    [
        (ShellResult("Starting: Intent", "", 0), 0),
        (ShellResult("", "Error: Activity not started, unable to resolve Intent", 0), 1),
    ],
)
def test_links(monkeypatch: pytest.MonkeyPatch, answer: ShellResult, failed: int) -> None:
    """`am start` answers 0 even when nothing can open the link."""
    before = stage("- launchApp\n- openLink: https://clinic.example/x\n")
    monkeypatch.setattr(before.phone, "shell", lambda command, timeout_s=10: answer)
    assert len(before.run().play.failed) == failed


def test_waiting_for_something_to_go() -> None:
    after = launched("- inputTerm\n- extendedWaitUntil: {notVisible: nie, timeout: 100}\n")
    assert after.play.failed == []
