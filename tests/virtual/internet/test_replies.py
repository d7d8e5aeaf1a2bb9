from __future__ import annotations

from pathlib import Path

import pytest

from harness.virtual.internet.answers import AnswerBook, read_answers
from harness.virtual.internet.replies import PIXEL_GIF, reply

NOTHING = AnswerBook({})


@pytest.mark.parametrize(
    ("method", "path", "headers", "content"),
    [
        ("GET", "/a", {}, b"{}"),
        ("GET", "/a.png?x=1", {}, PIXEL_GIF),
        ("GET", "/a", {"accept": "image/webp,*/*"}, PIXEL_GIF),
        ("GET", "/a", {"accept": "text/html,image/webp"}, b"{}"),
        ("POST", "/a.png", {}, b"{}"),
    ],
)
def test_default(method: str, path: str, headers: dict[str, str], content: bytes) -> None:
    answer = reply(NOTHING, "t.example", method, path, headers)
    assert (answer.status, answer.content, answer.source) == (200, content, "default")


def test_cors_follows_the_origin_and_keeps_what_is_given(folder: Path) -> None:
    (folder / "t.example.yaml").write_text("- headers: {access-control-allow-origin: 'null'}\n")
    given = reply(read_answers([folder]), "t.example", "GET", "/", {"origin": "https://a.b"})
    values = [v for k, v in given.headers if k.lower() == "access-control-allow-origin"]
    assert values == ["null"]
    free = dict(reply(NOTHING, "t.example", "GET", "/", {"origin": "https://a.b"}).headers)
    assert free["Access-Control-Allow-Origin"] == "https://a.b"
    assert free["Access-Control-Allow-Credentials"] == "true"


def test_an_entry_for_every_method_does_not_stop_a_preflight(folder: Path) -> None:
    (folder / "t.example.yaml").write_text("- {status: 500}\n")
    asked = {"access-control-request-method": "POST", "access-control-request-headers": "x-a"}
    answer = reply(read_answers([folder]), "t.example", "OPTIONS", "/", asked)
    assert (answer.status, answer.source) == (204, "preflight")
    assert dict(answer.headers)["Access-Control-Allow-Headers"] == "x-a"
    plain = reply(read_answers([folder]), "t.example", "OPTIONS", "/", {})
    assert plain.status == 500
