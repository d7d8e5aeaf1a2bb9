"""What of an exchange is searched, in which order and under which names."""

from __future__ import annotations

from dataclasses import replace

from harness.detection.parts import parts
from harness.traffic.exchange import Body, Response
from tests.detection.chains import post


def test_names_order_and_content_type() -> None:
    sent = post(b"q=1")
    request = replace(
        sent.request, headers=(("Content-Type", "text/plain; charset=utf-8"), ("X", ""), ("Y", "é"))
    )
    answer = Response(200, (("Z", "z"),), Body.of(b"ok"))
    found = list(parts(replace(sent, request=request, response=answer)))
    assert [part.name for part in found] == [
        "url",
        "header[content-type]",
        "header[y]",
        "body",
        "response.header[z]",
        "response.body",
    ]
    assert found[2].data == "é".encode()
    assert (found[3].data, found[3].content_type) == (b"q=1", "text/plain")
    assert found[3].body is request.body
