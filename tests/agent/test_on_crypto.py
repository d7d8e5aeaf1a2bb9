"""Value flow in a real HotSpot 17: what the app encrypts or digests is read in what it sends.

That the target's own server got the ciphertext, and the harness's own matcher finds the word only
by what the agent told of the operation, is what is asserted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from harness.detection.engine import Engine
from tests.agent.conftest import Hooked, Net, attached
from tests.agent.portal import Portal
from tests.agent.target import running

pytestmark = [pytest.mark.device, pytest.mark.xdist_group("agent-on-jvm")]

WORD = "hépatite 肝炎"


@pytest.fixture(scope="module")
def hooked(net: Net, local: Portal) -> Iterator[Hooked]:
    with running("okhttp-4") as target:
        session = attached(local, target)
        yield Hooked(target, session, net)
        assert session.report().errors == ()
        session.close()


@pytest.mark.parametrize(
    ("way", "decoding", "part"),
    [
        ("encrypted", ("AES/CBC/PKCS5Padding",), "body"),
        ("streamed", ("AES/CTR/NoPadding",), "body"),
        ("buffered", ("AES/CBC/PKCS5Padding",), "body"),
        ("placed", ("base64", "AES/CBC/PKCS5Padding"), "body"),
        ("signed", ("hex", "HmacSHA256"), "url"),
        ("salted", ("hex", "SHA-256"), "url"),
    ],
)
def test_the_word_is_found_through_what_the_app_did_with_it(
    hooked: Hooked, way: str, decoding: tuple[str, ...], part: str
) -> None:
    text = f'{{"event":"search","query":"{WORD}","more":"{"x" * 100}"}}'
    assert hooked.target.tell(way, f"{hooked.net.https}/{way}", text).startswith("ok 200")
    exchange = hooked.only(f"/{way}")
    scan = Engine([WORD]).scan(exchange)
    (sighting,) = scan.sightings
    assert (sighting.decoding, sighting.part, sighting.variant) == (decoding, part, "nfc")
    assert [each for each in scan.unread if not each.in_response] == []
    blind = Engine([WORD]).scan(replace(exchange, plaintexts=()))
    assert blind.sightings == ()


def test_what_tls_encrypts_is_not_told(hooked: Hooked) -> None:
    hooked.target.tell("get", f"{hooked.net.https}/plain")
    assert hooked.only("/plain").plaintexts == ()
