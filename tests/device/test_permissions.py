from __future__ import annotations

import pytest

from harness.device.permissions import set_permissions, wanted
from harness.errors import LabError, ScenarioError
from tests.device.scripted import Output, TableAdb

CAMERA, FINE = "android.permission.CAMERA", "android.permission.ACCESS_FINE_LOCATION"
ASKED = ("android.permission.INTERNET", CAMERA, FINE)


class Phone(TableAdb):
    def __init__(self, refusal: str = "") -> None:
        def grant(line: str) -> Output:
            if "INTERNET" in line:
                return "", "Permission INTERNET is not a changeable permission type", 255
            return "", refusal, 255 if refusal else 0

        super().__init__({"pm grant": grant, "pm revoke": ("", "", 0)})

    def grant(self, package: str, permission: str) -> str:
        done = self.shell(["pm", "grant", package, permission])
        return "" if done.ok else done.seen


def test_later_pairs_win_and_only_what_is_asked_for_counts() -> None:
    pairs = [("all", "allow"), ("location", "deny"), ("microphone", "allow")]
    assert wanted(ASKED, pairs) == {ASKED[0]: True, CAMERA: True, FINE: False}
    assert wanted(ASKED, [(CAMERA, "unset")]) == {CAMERA: False}


def test_an_unknown_name_gets_the_nearest() -> None:
    with pytest.raises(ScenarioError, match="did you mean 'camera'"):
        wanted(ASKED, [("kamera", "allow")])


def test_what_cannot_be_changed_is_passed_over() -> None:
    done = set_permissions(Phone(), "p", [("all", "allow"), ("location", "deny")], ASKED)
    assert (done.allowed, done.denied) == ((CAMERA,), (FINE,))
    assert str(done) == "granted CAMERA; denied ACCESS_FINE_LOCATION"


def test_another_refusal_is_an_error() -> None:
    with pytest.raises(LabError, match="cannot grant"):
        set_permissions(Phone("SecurityException: MIUI"), "p", [("all", "allow")], ASKED)
