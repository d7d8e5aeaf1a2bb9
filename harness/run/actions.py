"""What each step does: one function per kind, in one table.

Input: a `Play` and the step's arguments. Output: effects on the world, facts in the play. A step
that cannot do what it says raises a `HarnessError`. Steps that hold steps are played by `runner`;
everything else is here or in `gestures`. Refuses nothing by itself: the reader has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from harness.device.selectors import Selector
from harness.run import consent, gestures
from harness.run.artifacts import write_private
from harness.run.events import Marked
from harness.run.names import safe_name
from harness.run.play import Play, StepFailed
from harness.scenario.model import (
    Erase,
    Input,
    LaunchApp,
    Leaks,
    Look,
    Named,
    OneApp,
    OpenLink,
    Permissions,
    PressKey,
    TextIs,
    WaitUntil,
)
from harness.scenario.targets import expand_selector
from harness.scenario.variables import COPIED_TEXT

LOOK_TIMEOUT_S = 15.0
"""How long an element is waited for; Maestro takes 17 s less the time since the last touch."""


def selector(play: Play, written: Selector) -> Selector:
    """A selector as the play needs it: variables filled in."""
    return expand_selector(written, play.scope)


def launch_app(play: Play, args: LaunchApp) -> None:
    package = play.scope.expand(args.app_id) or play.app.package
    play.app.launch(LaunchApp(package, args.clear_state, args.stop_app, args.permissions))


def clear_state(play: Play, args: OneApp) -> None:
    _only_ours(play, args)
    play.app.leave()
    play.world.device.clear(play.app.package)


def stop_app(play: Play, args: OneApp) -> None:
    _only_ours(play, args)
    play.app.stop()


def kill_app(play: Play, args: OneApp) -> None:
    """`am kill`, which Android does to apps in the background only."""
    _only_ours(play, args)
    play.app.leave()
    play.world.device.shell(["am", "kill", play.app.package])


def _only_ours(play: Play, args: OneApp) -> None:
    package = play.scope.expand(args.app_id) or play.app.package
    if package != play.app.package:
        raise StepFailed(
            "only the app under test can be stopped or cleared",
            seen=package,
            expected=play.app.package,
        )


def set_permissions(play: Play, args: Permissions) -> None:
    play.world.hands.set_permissions(play.app.package, args.permissions)


def input_text(play: Play, args: Input) -> None:
    play.type_text(play.scope.expand(args.text))


def input_term(play: Play, args: object) -> None:
    play.type_text(play.cell.term)


def erase_text(play: Play, args: Erase) -> None:
    play.world.hands.erase(play.app.session, args.count)


def submit_search(play: Play, args: object) -> None:
    play.world.hands.submit_search(play.app.session)


def press_key(play: Play, args: PressKey) -> None:
    play.world.device.keyevent(args.code)
    play.world.screen.settle()


def back(play: Play, args: object) -> None:
    play.world.device.back()
    play.world.screen.settle()


def hide_keyboard(play: Play, args: object) -> None:
    """BACK only when a keyboard is up; Maestro's unconditional BACK would leave the screen."""
    if play.world.device.keyboard_shown():
        play.world.device.back()
        play.world.screen.settle()


def assert_visible(play: Play, args: Look) -> None:
    play.world.screen.wait_visible(selector(play, args.target), LOOK_TIMEOUT_S)


def assert_not_visible(play: Play, args: Look) -> None:
    play.world.screen.wait_not_visible(selector(play, args.target), LOOK_TIMEOUT_S)


def extended_wait_until(play: Play, args: WaitUntil) -> None:
    timeout_s = args.timeout_ms / 1000
    if args.visible is not None:
        play.world.screen.wait_visible(selector(play, args.visible), timeout_s)
    if args.not_visible is not None:
        play.world.screen.wait_not_visible(selector(play, args.not_visible), timeout_s)


def open_link(play: Play, args: OpenLink) -> None:
    link = play.scope.expand(args.link)
    command = ["am", "start", "-W", "-a", "android.intent.action.VIEW", "-d", link]
    done = play.world.device.shell(command)
    said = f"{done.stdout}\n{done.stderr}"
    if not done.ok or "Error" in said:
        raise StepFailed(
            "the link could not be opened", where=play.scope.mask(link), seen=done.seen
        )
    play.world.screen.settle()


def take_screenshot(play: Play, args: Named) -> None:
    name = safe_name(play.scope.expand(args.name).removesuffix(".png"))
    write_private(play.folder / f"{name}.png", play.world.device.screenshot())


def copy_text_from(play: Play, args: Look) -> None:
    node = play.world.screen.find(selector(play, args.target), LOOK_TIMEOUT_S)
    text = node.text or node.description
    play.scope = play.scope.bind(COPIED_TEXT, text, literal=True)


def assert_text(play: Play, args: TextIs) -> None:
    """The element's own text, exactly: no pattern, no other case, same code points."""
    wanted = play.scope.expand(args.equals)
    node = play.world.screen.find(selector(play, args.target), LOOK_TIMEOUT_S)
    if node.text != wanted:
        raise StepFailed(
            f"the text of {args.target} is another",
            seen=repr(play.scope.mask(node.text)),
            expected=repr(play.scope.mask(wanted)),
        )


def accept_consent(play: Play, args: object) -> None:
    consent.answer(play, "accept")


def reject_consent(play: Play, args: object) -> None:
    consent.answer(play, "reject")


def start_capture(play: Play, args: object) -> None:
    """From here on the author counts on the hooks: without an agent at work there is no run."""
    session = play.app.session
    if session is None or session.report().detached:
        raise StepFailed(
            "no agent is in the app",
            seen=session.report().detached if session else "the app was not started here",
            action="write `launchApp` before this step",
        )
    play.emit(Marked("capture", play.now_s()))


def mark_capture(play: Play, args: Named) -> None:
    play.emit(Marked(play.scope.mask(play.scope.expand(args.name)), play.now_s()))


def assert_no_leak(play: Play, args: object) -> None:
    """What every scenario asserts at its end anyway; here it must have something to assert."""
    if play.typed_s is None:
        raise StepFailed(
            "nothing was typed yet that could leak", action="write `inputTerm` before this step"
        )


def assert_leaks(play: Play, args: Leaks) -> None:
    play.asserted += [play.scope.expand(host) for host in args.to]


Action = Callable[[Play, Any], None]
"""The table below pairs each kind with the argument type that the grammar builds for it."""

ACTIONS: Mapping[str, Action] = {
    "launchApp": launch_app,
    "clearState": clear_state,
    "stopApp": stop_app,
    "killApp": kill_app,
    "setPermissions": set_permissions,
    "tapOn": gestures.tap_on,
    "longPressOn": gestures.long_press_on,
    "inputText": input_text,
    "eraseText": erase_text,
    "pressKey": press_key,
    "back": back,
    "hideKeyboard": hide_keyboard,
    "assertVisible": assert_visible,
    "assertNotVisible": assert_not_visible,
    "extendedWaitUntil": extended_wait_until,
    "scroll": gestures.scroll,
    "swipe": gestures.swipe,
    "scrollUntilVisible": gestures.scroll_until_visible,
    "waitForAnimationToEnd": gestures.wait_for_animation,
    "openLink": open_link,
    "takeScreenshot": take_screenshot,
    "copyTextFrom": copy_text_from,
    "inputTerm": input_term,
    "submitSearch": submit_search,
    "acceptConsent": accept_consent,
    "rejectConsent": reject_consent,
    "startCapture": start_capture,
    "markCapture": mark_capture,
    "assertNoLeak": assert_no_leak,
    "assertLeaks": assert_leaks,
    "assertText": assert_text,
}
