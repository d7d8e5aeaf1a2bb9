"""Hosts as authors write them. The public suffix list is the judge of what is a suffix."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.findings.expectations import Allow
from harness.findings.hosts import ExpectationError, canonical_host, checked_host, host_covers


@pytest.mark.parametrize(
    "value",
    [
        "",
        "  ",
        None,
        7,
        "*.com",
        "*",
        "*.clinic.example",
        "com",
        "co.uk",
        "github.io",
        "https://clinic.example",
        "clinic.example/path",
        "user@clinic.example",
        "clinic.example:443",
        "clinic example",
        ".",
        "a..b.example",
        "straße.example",
    ],
)
def test_a_host_that_would_cover_strangers_or_nothing_is_refused(value: object) -> None:
    with pytest.raises(ExpectationError) as error:
        Allow.of(value)
    assert repr(value) in str(error.value)


@pytest.mark.parametrize(
    ("value", "host"),
    [
        ("Clinic.Example", "clinic.example"),
        ("clinic.example.", "clinic.example"),
        ("köln.example", "xn--kln-sna.example"),
        ("10.0.2.2", "10.0.2.2"),
        ("[2001:DB8::1]", "2001:db8::1"),
        ("localhost", "localhost"),
        ("me.github.io", "me.github.io"),
        ("com.google.android.gms", "com.google.android.gms"),
    ],
)
def test_a_host_is_kept_in_one_spelling(value: str, host: str) -> None:
    assert Allow.of(value).host == host


@pytest.mark.parametrize(
    ("host", "covered"),
    [
        ("clinic.example", True),
        ("api.CLINIC.example", True),
        ("a.b.clinic.example.", True),
        ("evilclinic.example", False),
        ("clinic.example.evil.test", False),
        ("example", False),
        ("", False),
    ],
)
def test_a_domain_covers_itself_and_its_subdomains_never_more(host: str, covered: bool) -> None:
    assert Allow.of("clinic.example").covers(host) is covered


def test_an_address_covers_only_itself() -> None:
    assert host_covers("10.0.2.2", "10.0.2.2")
    assert not host_covers("10.0.2.2", "x.10.0.2.2")
    assert host_covers("2001:db8::1", "[2001:0db8::1]")


@given(st.text(max_size=30))
def test_hosts_from_traffic_never_raise(text: str) -> None:
    once = canonical_host(text)
    assert host_covers("clinic.example", text) in (True, False)
    assert canonical_host(once) == canonical_host(once)


@given(st.text(max_size=30))
def test_a_host_is_taken_or_refused_with_our_error(text: str) -> None:
    try:
        host = checked_host(text, "allow")
    except ExpectationError:
        return
    assert host
    assert host_covers(host, host)
