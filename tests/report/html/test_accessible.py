"""The page for people who cannot see it, or have no mouse: axe-core finds nothing, keys suffice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.report.html.axe import axe
from tests.report.html.browser import Browser, browser
from tests.report.html.test_page import RUNS, text, written

pytestmark = pytest.mark.slow

ASK = (
    "axe.run().then(found => JSON.stringify(found.violations.map(each =>"
    " [each.id, each.impact, each.nodes.map(node => node.html.slice(0, 200))])))"
)


def violations(page: Browser) -> list[Any]:
    """Everything axe-core complains of, with all details open."""
    page.value("document.querySelectorAll('details').forEach(each => { each.open = true })")
    page.value(axe() + ";0")
    asked = page.call("Runtime.evaluate", expression=ASK, awaitPromise=True, returnByValue=True)
    found = json.loads(asked["result"]["value"])
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize(
    ("width", "dark"), [(390, False), (390, True), (1200, False), (1200, True)]
)
def test_axe_finds_nothing(tmp_path: Path, width: int, dark: bool) -> None:
    with browser() as page:
        for name, of in RUNS.items():
            page.open(written(tmp_path, text(of, "fr")), width=width, dark=dark)
            assert violations(page) == [], name


def test_axe_would_tell(tmp_path: Path) -> None:
    broken = (
        text(RUNS["three"])
        .replace('<html lang="en">', "<html>")
        .replace("<main", "<img src='data:,'><main", 1)
    )
    with browser() as page:
        page.open(written(tmp_path, broken))
        assert {"html-has-lang", "image-alt"} <= {each[0] for each in violations(page)}


def press(page: Browser, key: str, code: int, **more: str) -> None:
    what = {"key": key, "code": key, "windowsVirtualKeyCode": code}
    page.call("Input.dispatchKeyEvent", type="keyDown", **what, **more)
    page.call("Input.dispatchKeyEvent", type="keyUp", **what)


def test_keys_reach_and_open_everything(tmp_path: Path) -> None:
    reach = "document.querySelectorAll('a, summary, [tabindex=\"0\"]')"
    with browser() as page:
        page.open(written(tmp_path, text(RUNS["three"])))
        page.value("document.querySelectorAll('details').forEach(each => { each.open = true })")
        count = page.value(f"{reach}.length")
        assert count > 20
        for _ in range(count):
            press(page, "Tab", 9)
            page.value("document.activeElement.dataset.reached = 1")
        assert page.value(f"[...{reach}].filter(each => !each.dataset.reached).length") == 0
        page.value("document.querySelector('summary').focus()")
        press(page, "Enter", 13, text="\r")
        assert page.value("document.querySelector('details').open") is False
