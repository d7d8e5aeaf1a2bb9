"""Markdown of a run: the verdict first, everything of use, nothing that the app can steer."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from harness.report.markdown import code, document, prose
from tests.report.items import leaking, passing
from tests.report.runs import HOSTILE, hostile, item, run, three


def text() -> str:
    return "".join(document(three()))


def test_the_verdict_comes_first_then_who_got_what() -> None:
    lines = text().splitlines()
    assert lines[0] == "## LEAK: `org.example.clinic 1.4.0`"
    assert lines[2].startswith("**3 items: 1 leak, 1 inconclusive, 1 pass.** Run `r1`, 1970-01-12 ")
    got = next(line for line in lines if line.startswith("| `api-js.mixpanel.com`"))
    assert "Mixpanel, Mixpanel, Inc." in got
    assert "`hépatite` (1x)" in got
    assert "(form, base64, json)" in got
    assert "advertising-id `38400000-8cf0-11bd-b23e-10b96e40000d`" in got
    assert "com.mixpanel.android.util.HttpService.performRequest" in got


def test_blind_spots_are_told_with_their_next_action() -> None:
    assert re.search(r"^- 2 messages.*lost.*\*\*Do:\*\* ", text(), re.MULTILINE)


def test_what_is_allowed_is_listed_with_its_rule() -> None:
    assert "| `api.clinic.example` | `hépatite` | accepted | clinic.example |" in text()


def test_a_pass_says_what_it_rests_on() -> None:
    told = "".join(document(run(item(passing()))))
    assert told.startswith("## PASS: ")
    assert "by java-http, tls, witness" in told
    assert "can never be seen from here" in told
    assert "Who got what was typed" not in told


def test_a_killed_run_says_so() -> None:
    told = "".join(document(run(item(passing()), complete=False)))
    assert told.startswith("## INCONCLUSIVE: ")
    assert "never finished" in told


OURS = {
    "h2", "h3", "p", "strong", "em", "code", "table", "thead", "tbody", "tr", "th", "td", "br",
    "ul", "li",
}  # fmt: skip


class Tags(HTMLParser):
    """The tags of a page and how many cells each row has."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.rows: list[int] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not attrs, f"<{tag} {attrs}>"
        self.tags.add(tag)
        self.rows += [0] if tag == "tr" else []
        if tag in ("td", "th"):
            self.rows[-1] += 1


def test_the_app_cannot_write_markup() -> None:
    """By markdown-it, a CommonMark renderer with GitHub's tables, told to let HTML through."""
    told = "".join(document(hostile()))
    assert "\x1b" not in told
    assert "\u202e" not in told
    page = Tags(MarkdownIt("commonmark", {"html": True}).enable("table").render(told))
    assert page.tags <= OURS
    assert set(page.rows) == {4, 5, 6, 7}


@pytest.mark.parametrize(
    "words", ["ask @octocat now", "see https://evil.example/", "www.evil.example"]
)
def test_prose_mentions_and_links_nobody(words: str) -> None:
    word = max(words.split(), key=len)
    assert f"`{word}`" in prose(words)


def test_code_holds_backticks_and_bars() -> None:
    assert code("a`b") == "`` a`b ``"
    assert code("a|b") == "`a\\|b`"
    assert code("") == ""
    assert code(HOSTILE).startswith("`` </script>")


def test_many_places_are_counted() -> None:
    many = [item(leaking(f"term{number}")) for number in range(8)]
    assert "<br>and 3 more" in "".join(document(run(*many)))


def test_what_is_no_pass_comes_first_and_is_never_left_out() -> None:
    passes = [item(passing(), name=f"p{number}", test=f"p{number}") for number in range(60)]
    leaks = [item(leaking(), name=f"l{number}", test=f"l{number}") for number in range(60)]
    told = "".join(document(run(*passes, *leaks)))
    rows = [line for line in told.splitlines() if re.match(r"\| \*\*(pass|leak)\*\* ", line)]
    assert [line.split("**")[1] for line in rows] == ["leak"] * 60 + ["pass"] * 51
    assert rows[-1].startswith("| **pass** | and 10 more |")
