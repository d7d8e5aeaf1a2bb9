"""Attempts in the witness record, read back by the reader of that record."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.traffic.witness import WitnessRecord
from harness.virtual.daemon.attempts import AttemptRecord, peer
from harness.virtual.host import Attempt


@pytest.mark.parametrize(
    ("target", "host", "port"),
    [
        ("t.example/192.0.2.1:443", "t.example", 443),
        ("/192.0.2.1:53", "192.0.2.1", 53),
        ("192.0.2.1:53", "192.0.2.1", 53),
        ("[2001:db8::1]:53", "2001:db8::1", 53),
        ("T.example", "t.example", 0),
        ("t.example/<unresolved>:443", "t.example", 443),
        ("", "", 0),
    ],
)
def test_whom_an_attempt_was_to_reach(target: str, host: str, port: int) -> None:
    where = peer(Attempt("datagram", target, ""))
    assert (where.host, where.port) == (host, port)


def test_a_command_has_no_host() -> None:
    assert peer(Attempt("exec", "curl http://t.example/", "")).host == ""


def test_apps_that_are_not_held_are_told_once(tmp_path: Path) -> None:
    record = AttemptRecord(tmp_path / "record.jsonl")
    record.uncontained("not held (no seccomp)")
    record.uncontained("not held (no seccomp)")
    record.close()
    assert (tmp_path / "record.jsonl").read_text().count("\n") == 1
    witness = WitnessRecord(tmp_path / "record.jsonl")
    assert witness.uncontained() == ""
    witness.poll()
    assert witness.uncontained() == "not held (no seccomp)"
    assert witness.gaps() == ()


def test_attempts_are_gaps_of_the_witness(tmp_path: Path) -> None:
    now = [100.0]
    record = AttemptRecord(tmp_path / "record.jsonl", lambda: now[0])
    attempt = Attempt("datagram", "t.example/192.0.2.1:443", "\tat a.B.c(B.java:1)\n")
    record.add("org.example.app", attempt)
    now[0] += 0.5
    record.add("org.example.app", attempt)  # a loop
    record.add("org.example.app", Attempt("exec", "curl x", ""))
    now[0] += 0.6
    record.add("org.example.app", attempt)
    record.add("org.example.app", Attempt("lookup", "t.example", ""))
    record.close()
    witness = WitnessRecord(tmp_path / "record.jsonl")
    witness.poll()
    assert [(gap.host, gap.at_s) for gap in witness.gaps()] == [
        ("t.example", 100.0),
        ("", 100.5),
        ("t.example", 101.1),
    ]
    assert witness.gaps()[1].detail == "attempt: org.example.app: exec curl x was refused"
    assert witness.exchanges() == ()
