"""The state machine: what a host may say and what adbd answers; no I/O."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.virtual.adbd import link
from harness.virtual.adbd.link import FEATURES, Link
from harness.virtual.adbd.packet import Packet, ProtocolFault


def connected(version: int = 0x01000001, payload: int = 1 << 20) -> Link:
    machine = Link("device::features=" + ",".join(FEATURES))
    machine.receive(Packet(b"CNXN", version, payload, b"host::\0"))
    machine.outgoing.clear()
    return machine


def opened(machine: Link, remote_id: int = 7) -> int:
    (event,) = machine.receive(Packet(b"OPEN", remote_id, 0, b"shell:x\0"))
    assert isinstance(event, link.Opened)
    assert event.service == b"shell:x"
    machine.accept(event.stream_id)
    machine.outgoing.clear()
    return event.stream_id


def test_connecting() -> None:
    machine = Link("device::x")
    assert machine.receive(Packet(b"OPEN", 1, 0, b"shell:\0")) == []
    events = machine.receive(Packet(b"CNXN", 0x01000001, 1 << 20, b"host::f\0"))
    assert events == [link.Connected("host::f")]
    (answer,) = machine.outgoing
    assert (answer.command, answer.arg0, answer.arg1) == (b"CNXN", 0x01000001, 1 << 20)
    assert not machine.checksums


def test_an_old_host_keeps_its_checksums_and_its_payload_limit() -> None:
    machine = connected(0x01000000, 4096)
    assert machine.checksums
    assert machine.max_payload_bytes == 4096


def test_versions_before_the_first_are_refused() -> None:
    with pytest.raises(ProtocolFault):
        connected(0x00FFFFFF)


def test_delayed_acknowledgement_is_never_offered_nor_accepted() -> None:
    assert "delayed_ack" not in FEATURES
    machine = connected()
    assert machine.receive(Packet(b"OPEN", 7, 1024, b"shell:x\0")) == []
    assert machine.outgoing == [Packet(b"CLSE", 0, 7)]


def test_a_stream_from_open_to_close() -> None:
    machine = connected()
    stream = opened(machine)
    assert machine.receive(Packet(b"WRTE", 7, stream, b"in")) == [link.Received(stream, b"in")]
    machine.acknowledge(stream)
    machine.write(stream, b"out")
    assert machine.receive(Packet(b"OKAY", 7, stream)) == [link.Acknowledged(stream)]
    machine.close(stream)
    machine.close(stream)
    assert [p.command for p in machine.outgoing] == [b"OKAY", b"WRTE", b"CLSE"]


def test_refusing() -> None:
    machine = connected()
    machine.receive(Packet(b"OPEN", 7, 0, b"nosuch:\0"))
    machine.refuse(1)
    assert machine.outgoing == [Packet(b"CLSE", 0, 7)]


def test_a_host_that_closes_before_the_answer() -> None:
    machine = connected()
    machine.receive(Packet(b"OPEN", 7, 0, b"shell:x\0"))
    assert machine.receive(Packet(b"CLSE", 0, 1)) == [link.Closed(1)]
    assert not machine.accept(1)


@pytest.mark.parametrize("command", [b"OKAY", b"WRTE", b"CLSE", b"AUTH", b"STLS", b"XXXX"])
def test_what_belongs_to_no_stream_is_ignored(command: bytes) -> None:
    machine = connected()
    opened(machine)
    assert machine.receive(Packet(command, 9, 99, b"")) == []
    assert machine.outgoing == []


def test_a_second_connect_ends_all_streams() -> None:
    machine = connected()
    stream = opened(machine)
    events = machine.receive(Packet(b"CNXN", 0x01000001, 1 << 20, b"host::\0"))
    assert link.Closed(stream) in events


def test_streams_towards_the_host() -> None:
    machine = connected()
    first, second = machine.ask(b"tcp:1"), machine.ask(b"tcp:2")
    assert machine.outgoing[0] == Packet(b"OPEN", first, 0, b"tcp:1\0")
    assert machine.receive(Packet(b"OKAY", 40, first)) == [link.Answered(first, True)]
    assert machine.receive(Packet(b"CLSE", 0, second)) == [link.Answered(second, False)]
    assert machine.receive(Packet(b"WRTE", 40, first, b"x")) == [link.Received(first, b"x")]


@given(
    st.lists(
        st.tuples(
            st.sampled_from([b"CNXN", b"OPEN", b"OKAY", b"WRTE", b"CLSE", b"AUTH"]),
            st.sampled_from([0, 1, 2, 3, 0x01000001]),
            st.integers(0, 3),
            st.binary(max_size=4),
        )
    )
)
def test_no_sequence_of_packets_breaks_the_machine(
    packets: list[tuple[bytes, int, int, bytes]],
) -> None:
    machine = Link("device::x")
    for command, arg0, arg1, payload in packets:
        try:
            events = machine.receive(Packet(command, arg0, arg1, payload))
        except ProtocolFault:
            return
        for event in events:
            if isinstance(event, link.Opened):
                machine.accept(event.stream_id)
