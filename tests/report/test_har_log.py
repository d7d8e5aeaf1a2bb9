"""The head of a HAR file."""

from __future__ import annotations

from dataclasses import replace

from harness.report.har_log import head, page
from tests.report.items import DEVICE, passing
from tests.report.runs import item, run, three


def test_the_run_is_told_and_in_tweasels_words() -> None:
    log = head(three())
    assert log["version"] == "1.2"
    assert log["_leak"]["verdict"] == "leak"
    facts = log["_tweasel"]
    assert facts["metaVersion"] == "1.0"
    assert facts["options"] == {"mode": "allowlist", "apps": ["org.example.clinic"]}
    assert facts["device"]["runTarget"] == "emulator"
    assert facts["device"]["osVersion"] == "14"
    assert facts["apps"][0]["id"] == "org.example.clinic"


def test_a_phone_is_a_device_and_nothing_is_invented() -> None:
    phone = replace(DEVICE, serial="R58N1", provider="adb")
    assert head(run(item(replace(passing(), device=phone))))["_tweasel"]["device"]["runTarget"] == (
        "device"
    )
    assert "_tweasel" not in head(run(item(replace(passing(), device=None))))


def test_an_item_is_a_page() -> None:
    told = page(item(passing(), title="A search"), 3)
    assert (told["id"], told["title"], told["_leak"]["verdict"]) == ("item_3", "A search", "pass")
    assert told["startedDateTime"] == "1970-01-12T13:46:40.000Z"
