"""A run as one HTML page that needs nothing else: no network, no script, no other file.

Input: a run, a language. Output: the page, piece by piece. Its content security policy allows the
one style sheet in it (by its hash) and pictures in it, nothing else; so even markup that slipped
through the template's escaping could load, run or send nothing. Everything that is shown is
escaped, and characters that steer a reader's eye (bidirectional overrides, invisible ones) are
spelled out.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from harness.report.html.exchanges import Row
from harness.report.html.texts import TEXTS, Words
from harness.report.html.timeline import Folded, Step
from harness.report.html.view import layer_state, page
from harness.report.plain import plain
from harness.report.run import ReportedRun

CHUNK = 64
"""Pieces of the template that are joined before they are handed on."""


def document(run: ReportedRun, language: str = "en") -> Iterator[str]:
    """The whole page.

    Raises:
        KeyError: nobody speaks that language here.
    """
    words = Words(language)
    style = files(__package__).joinpath("page.css").read_text("utf-8")
    stream = (
        _environment()
        .get_template("page.html.jinja")
        .stream(
            page=page(run, words),
            t=words,
            style=Markup(style),
            policy=policy(style),
        )
    )
    stream.enable_buffering(CHUNK)
    yield from stream


def policy(style: str) -> str:
    """The content security policy of a page with this style sheet."""
    digest = b64encode(sha256(style.encode("utf-8")).digest()).decode("ascii")
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none';"
        " form-action 'none'"
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(__package__, "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_visible,
    )
    environment.filters["block"] = _block
    environment.filters["consent"] = _consent
    environment.tests["step"] = lambda entry: isinstance(entry, Step)
    environment.tests["folded"] = lambda entry: isinstance(entry, Folded)
    environment.tests["exchange"] = lambda entry: isinstance(entry, Row)
    environment.globals["layer_state"] = layer_state
    return environment


def _visible(value: Any) -> Any:
    """What is put into the page; the environment escapes it afterwards."""
    return value if isinstance(value, Markup) else plain(str(value))


def _block(text: str) -> Markup:
    """A text of several lines; the only way in which a line break gets into the page."""
    return Markup("\n").join(escape(plain(line)) for line in text.split("\n"))


def _consent(state: str, words: Words) -> str:
    """The word for a consent state; one that is ours alone stays as the scenario spells it."""
    key = f"consent.{state}"
    return words(key) if key in TEXTS else state
