"""The page itself: one file, no way for the app to write into it, and a real Chromium reads it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from harness.report.html import document, policy
from harness.report.html.texts import LANGUAGES
from harness.report.run import Picture, ReportedRun
from tests.findings.building import facts
from tests.report.html.browser import Browser, browser
from tests.report.items import passing, report, tracked
from tests.report.runs import HOSTILE, hostile, item, run, three

TAGS = {
    "html", "head", "meta", "title", "style", "body", "a", "header", "nav", "main", "section",
    "article", "aside", "footer", "div", "p", "h1", "h2", "h3", "h4", "span", "strong", "b",
    "mark", "code", "pre", "dl", "dt", "dd", "ul", "ol", "li", "table", "thead", "tbody", "tr",
    "th", "td", "details", "summary", "figure", "figcaption", "img", "svg", "text", "path",
    "rect", "g", "br",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "charset", "http-equiv", "content", "name", "class", "href", "id", "aria-label",
    "aria-labelledby", "aria-hidden", "role", "tabindex", "scope", "src", "alt", "open",
    "viewbox", "x", "y", "width", "height", "rx", "d", "stroke-width",
}  # fmt: skip
ONE_PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89"
    b"\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


def text(of: ReportedRun, language: str = "en") -> str:
    return "".join(document(of, language))


class Seen(HTMLParser):
    """Tags and attributes of a page, and what it leads to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.said: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.said.append(data)


RUNS = {"three": three(), "hostile": hostile(), "empty": run()}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("of", RUNS.values(), ids=RUNS)
def test_only_our_own_markup_is_in_it(of: ReportedRun, language: str) -> None:
    seen = Seen(text(of, language))
    assert seen.tags <= TAGS
    assert seen.attributes <= ATTRIBUTES
    assert all(link.startswith(("#", "data:image/")) for link in seen.links)


def test_what_the_app_says_is_shown_as_it_is() -> None:
    page = text(hostile())
    assert "<script" not in page
    assert HOSTILE in "".join(Seen(page).said)
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert "\\u202e" in page


def test_each_inner_link_leads_somewhere() -> None:
    page = text(three())
    ids = set(re.findall(r'\bid="([^"]+)"', page))
    assert {link[1:] for link in Seen(page).links if link.startswith("#")} <= ids


def test_the_policy_allows_the_style_in_the_page_and_nothing_else() -> None:
    page = text(three())
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    told = policy(style)
    assert "unsafe" not in told
    assert told.startswith("default-src 'none'; style-src 'sha256-")
    assert f'content="{told}"'.replace("'", "&#39;") in page


def test_the_verdict_is_said_in_the_readers_language() -> None:
    for language, word in (("en", "Leak"), ("fr", "Fuite"), ("de", "Leck")):
        page = text(three(), language)
        assert f'<html lang="{language}">' in page
        assert f"{word}: org.example.clinic 1.4.0" in page
    with pytest.raises(ValueError, match="tuple"):
        text(three(), "tlh")


def test_a_pass_and_a_killed_run_do_not_look_alike() -> None:
    assert 'class="banner pass"' in text(run(item(passing())))
    killed = text(run(item(passing()), complete=False))
    assert 'class="banner inconclusive"' in killed
    assert "never finished" in killed


# ---- in a real Chromium --------------------------------------------------------------------


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


def written(tmp_path: Path, page: str) -> Path:
    path = tmp_path / "report.html"
    path.write_text(page, encoding="utf-8")
    return path


@pytest.mark.slow
@pytest.mark.parametrize("of", RUNS.values(), ids=RUNS)
@pytest.mark.parametrize(("width", "dark"), [(390, True), (1200, False)])
def test_a_browser_has_nothing_to_complain_of(
    chromium: Browser, tmp_path: Path, of: ReportedRun, width: int, dark: bool
) -> None:
    path = written(tmp_path, text(of))
    chromium.open(path, width=width, dark=dark)
    assert chromium.complaints() == []
    assert [each for each in chromium.requests() if not each.startswith("data:")] == [
        path.resolve().as_uri()
    ]
    assert chromium.value("document.scripts.length") == 0
    assert chromium.value("document.documentElement.scrollWidth") <= width
    heights = "[...document.querySelectorAll('h1')].map(one => one.offsetHeight)"
    assert all(height > 20 for height in chromium.value(heights))
    assert chromium.value("getComputedStyle(document.body).marginTop") == "0px"  # style applies


@pytest.mark.slow
def test_pictures_are_shown(chromium: Browser, tmp_path: Path) -> None:
    of = run(item(passing(), pictures=(Picture("screenshot.png", ONE_PIXEL),)))
    chromium.open(written(tmp_path, text(of)))
    assert chromium.complaints() == []
    assert chromium.value("document.images[0].naturalWidth") == 1


@pytest.mark.slow
def test_the_policy_would_hold_if_escaping_did_not(chromium: Browser, tmp_path: Path) -> None:
    attack = (
        "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
        "<img src='https://evil.example/a.png'><style>h1{display:none}</style>"
        "<form action='https://evil.example/'></form><iframe src='https://evil.example/'></iframe>"
    )
    page = text(three()).replace("<main", f"{attack}<main", 1)
    chromium.open(written(tmp_path, page))
    assert len(chromium.complaints()) >= 4
    assert "owned" not in chromium.value("document.title")
    assert chromium.value("document.querySelector('h1').offsetHeight") > 20


def commands(page: str) -> list[str]:
    return [unescape(each) for each in re.findall(r'<pre class="command"[^>]*>(.*?)</pre>', page)]


@pytest.mark.parametrize(
    ("term", "identity"),
    [
        ("hépatite", "20260101-120000-ab"),
        ("l'asthme", "x; echo evil|sh"),
        ("$(id) `id` \\", "--store"),
        ("-rf *", "a b"),
    ],
)
def test_commands_to_copy_are_what_they_say_in_a_shell(
    tmp_path: Path, term: str, identity: str
) -> None:
    """A real shell takes them apart; what it calls only tells what it was given."""
    program = tmp_path / "leak-harness"
    program.write_text("#!/bin/sh\nprintf '%s\\0' \"$@\"\n")
    program.chmod(0o755)
    told = report(facts(tracked(term), term=term))
    given = []
    for line in commands(text(replace(run(item(told)), id=identity))):
        path = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
        done = subprocess.run(["sh", "-c", line], env=path, capture_output=True, check=True)
        given.append([each for each in done.stdout.decode().split("\0")[:-1] if each != "--"])
    assert given == [
        ["report", "--output", "run.har", identity],
        ["scan", "--explain", "1", f"--term={term}", "run.har"],
    ]
