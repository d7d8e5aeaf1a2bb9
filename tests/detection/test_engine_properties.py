"""Whatever chain of supported encoders a term went through, in whatever carrier: it is found.

The encoders are the formats' own packages; nothing of the decoders under test is used to encode.
"""

from __future__ import annotations

import time

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from harness.detection.budget import WORK_BYTES
from harness.detection.engine import Engine
from tests.detection.chains import CARRIERS, ENCODERS, TEXT_ONLY, Encoder, applied, post

LETTERS = st.characters(
    categories=("Ll", "Lu", "Lo"), min_codepoint=0x41, max_codepoint=0x2FFFF, codec="utf-8"
)
TERMS = st.text(LETTERS, min_size=6, max_size=14)
CHAINS = st.lists(st.sampled_from(ENCODERS), min_size=0, max_size=3).map(tuple)


def named(step: str) -> str:
    return "base64" if step.startswith("base64") else "percent" if step == "form" else step


@settings(max_examples=200, deadline=None, derandomize=True)
@given(TERMS, CHAINS, st.sampled_from(CARRIERS))
def test_a_term_is_found_under_any_chain_of_encoders(
    term: str, chain: tuple[Encoder, ...], carrier: object
) -> None:
    """And it is found by undoing the encoders that were used, outermost first.

    The reported chain may be shorter: compressors leave some data as it is.
    """
    data = applied(chain, term.encode())
    assume(data is not None)
    assert data is not None
    if carrier in TEXT_ONLY:
        assume(data.isascii())
    assert callable(carrier)
    found = Engine([term]).scan(carrier(data)).sightings
    whole = [sighting for sighting in found if not sighting.prefix]
    assert whole, f"{term!r} lost behind {[step.name for step in chain]}"
    expected = [step.name for step in reversed(chain) if step.name not in TRANSPARENT]
    chains = [[named(step) for step in sighting.decoding] for sighting in whole]
    opaque = [[step for step in steps if step not in TRANSPARENT] for steps in chains]
    assert any(in_order(steps, expected) for steps in opaque), (expected, chains)


def in_order(steps: list[str], expected: list[str]) -> bool:
    """Whether `steps` are some of `expected`, in the same order."""
    rest = iter(expected)
    return all(step in rest for step in steps)


TRANSPARENT = frozenset({"percent", "json-escape", "msgpack", "cbor"})
"""Decoders that leave a term's own bytes as they are, or may: then they are not named."""


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.binary(max_size=3000))
@example(b"\x1f\x8b\x08" * 40)
@example(b"%" * 200 + b"\\u" * 50 + b"&#;" * 50 + b"=\n" * 40)
@example(b"xn--" * 100)
@example(b"--\r\n--\r\n\r\n")
@example(b"\x28\xb5\x2f\xfd" * 3 + b"\x04\x22\x4d\x18" * 3)
@example(b"SQLite format 3\0" + bytes(200))
@example(b"{" * 3000)
@example(b"<~" * 100 + b"zzzz~>")
def test_random_bytes_raise_nothing_and_hold_no_term(data: bytes) -> None:
    scan = ENGINE.scan(post(data))
    assert scan.sightings == ()


ENGINE = Engine(["hépatite", "Vorgespräch Vasektomie", "covid"])


def test_a_bomb_costs_little_and_is_a_blind_spot() -> None:
    """10 MB that would expand to 10 GB."""
    import zlib

    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(1 << 20)
    bomb = b"".join(packer.compress(zeros) for _ in range(2000)) + packer.flush()
    before = time.process_time()
    scan = ENGINE.scan(post(bomb))
    assert time.process_time() - before < 5
    assert [unread.part for unread in scan.unread] == ["body"]
    assert "limit" in scan.unread[0].reason
    assert len(bomb) < WORK_BYTES
