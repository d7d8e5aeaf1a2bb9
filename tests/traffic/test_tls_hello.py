"""The server name in the first record of Python's own TLS."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harness.traffic.tls_hello import server_name
from tests.traffic.http_bytes import tls_hello

HELLO = tls_hello("graph.facebook.com")


def test_reads_the_name() -> None:
    assert server_name(HELLO) == "graph.facebook.com"


@given(st.integers(0, len(HELLO) - 1))
def test_a_cut_record_gives_the_name_or_nothing(size: int) -> None:
    assert server_name(HELLO[:size]) in ("", "graph.facebook.com")


@given(st.binary(max_size=200))
def test_anything_else_gives_nothing_bad(data: bytes) -> None:
    assert isinstance(server_name(data), str)
