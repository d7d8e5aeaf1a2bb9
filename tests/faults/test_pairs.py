"""Two faults at once: what excuses one must not excuse both."""

from __future__ import annotations

from itertools import permutations

import pytest

from harness.findings.finding import Verdict
from tests.faults.sendings import FAULTS
from tests.faults.stream import STREAMS, verdict_of

LIKELY = (
    "one hook table is missing",
    "a hook throws",
    "the agent is killed",
    "messages are dropped",
    "messages are reordered",
    "messages are duplicated",
    "bodies are cut",
    "bodies are one shot",
    "responses never came",
    "the witness is down",
    "a second process sends",
    "the certificate is pinned",
    "it is sent beyond the settle time",
    "it is sent during the next search",
    "it waits in a queue",
    "the agents clock is an hour slow",
    "the text was altered by autocorrect",
    "the search was never submitted",
    "the app crashed",
    "it is compressed",
)
PAIRED = ("json-witness", "form-alone")


@pytest.mark.parametrize("first", LIKELY)
def test_two_faults_never_make_a_pass(first: str) -> None:
    passed = [
        (second, name)
        for one, second in permutations(LIKELY, 2)
        if one == first
        for name in PAIRED
        if verdict_of(FAULTS[second](FAULTS[first](STREAMS[name]))) is Verdict.PASS
    ]
    assert passed == []
