"""Names of hosts as authors of scenarios write them and as traffic spells them.

Input: a name or address. Output: its canonical form; whether one covers the other. Refuses, for
what an author wrote, whatever would cover hosts of strangers: wildcards, bare public suffixes
(`com`, `github.io`), URLs. The public suffix list is the one of the package `publicsuffixlist`,
private section included.
"""

from __future__ import annotations

import re
from functools import cache
from ipaddress import ip_address

from publicsuffixlist import PublicSuffixList

_LABELS = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", re.ASCII)
_DEVIATIONS = "ßς\u200c\u200d"
"""Characters that IDNA 2003 and 2008 map differently (RFC 5894 section 7.2)."""


class ExpectationError(ValueError):
    """A value of `leakCheck` cannot be used; the message names the value and what would do."""


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def canonical_host(host: str) -> str:
    """`host` in the one spelling that comparisons use: lower case, A-labels, no final dot.

    Never raises: a host that came from traffic and is no valid name stays as it is, lower case.
    """
    bare = host.strip().strip("[]").rstrip(".").lower()
    try:
        return str(ip_address(bare))
    except ValueError:
        pass  # a name, not an address
    try:
        return bare.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return bare


def is_address(host: str) -> bool:
    """Whether it is an IP address; the brackets that a URL has around IPv6's may be there."""
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def checked_host(value: object, what: str) -> str:
    """The canonical form of a host that an author wrote; `what` names the entry in messages."""
    if not isinstance(value, str) or not value.strip():
        raise ExpectationError(f"{what}: {value!r} is not a host name")
    if any(char in value for char in "/@?#") or "://" in value:
        raise ExpectationError(f"{what}: {value!r} is a URL; write the host name alone")
    if "*" in value:
        raise ExpectationError(
            f"{what}: {value!r} has a wildcard; a name already covers its subdomains"
        )
    if any(char in value for char in _DEVIATIONS):
        raise ExpectationError(f"{what}: {value!r} is ambiguous; write its ASCII form (xn--...)")
    host = canonical_host(value)
    if is_address(host) or host == "localhost":
        return host
    if not _LABELS.fullmatch(host):
        raise ExpectationError(f"{what}: {value!r} is not a host name (no port, no blanks)")
    if _suffixes().privatesuffix(host) is None:
        raise ExpectationError(
            f"{what}: {value!r} is a public suffix: it would cover hosts of strangers"
        )
    return host


def host_covers(domain: str, host: str) -> bool:
    """Whether `host` is `domain` or one of its subdomains; addresses only cover themselves."""
    host = canonical_host(host)
    return host == domain or (not is_address(domain) and host.endswith("." + domain))
