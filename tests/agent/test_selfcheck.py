"""Our own requests are told from the app's, and a way counts only if its own layer saw it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.agent.messages import CheckedWay, SelfCheck
from harness.agent.selfcheck import CHECK_HOST, is_check, proved
from harness.traffic.exchange import Exchange, Kind, Layer, Request
from harness.virtual.host import jvm

HOOKS = Path(__file__).parents[2] / "hooks" / "src"


def seen(path: str, *layers: Layer, host: str = CHECK_HOST) -> Exchange:
    return Exchange("1", Kind.HTTP, layers, host, 9, 0.0, Request("GET", f"http://{host}:9{path}"))


def test_only_requests_to_the_address_of_the_check_are_ours() -> None:
    assert is_check(seen("/x", Layer.TLS))
    assert not is_check(seen("/x", Layer.TLS, host="127.0.0.1"))


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (seen("/t0/way", Layer.TLS, Layer.SOCKET), True),
        (seen("/t0/way", Layer.SOCKET), False),
        (seen("/t0/other", Layer.TLS), False),
        (seen("/t1/way", Layer.TLS), False),
        (seen("/t0/way", Layer.TLS, host="x.example"), False),
    ],
)
def test_a_way_is_seen_by_its_token_name_and_layer(record: Exchange, expected: bool) -> None:
    ways = [CheckedWay(Layer.TLS, "way", True, ""), CheckedWay(Layer.TLS, "gone", False, "why")]
    assert proved(ways, "t0", [record]) == (
        SelfCheck(Layer.TLS, "way", True, expected, ""),
        SelfCheck(Layer.TLS, "gone", False, False, "why"),
    )


def test_the_agent_and_the_virtual_device_know_the_same_address() -> None:
    text = (HOOKS / "self-check.ts").read_text()
    assert re.search(r'CHECK_HOST = "([^"]+)"', text).group(1) == CHECK_HOST  # type: ignore[union-attr]
    assert jvm.CHECK_HOST == CHECK_HOST
