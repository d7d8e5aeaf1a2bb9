"""The command line: what keeps the process contained and tied to its parent."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from harness.virtual.host.jvm import CHECK_HOST, command_line, java_arguments
from harness.virtual.host.model import HostRuntime, NetworkSettings

RUNTIME = HostRuntime(
    Path("/j/java"), (Path("/a.jar"), Path("/b.jar")), Path("/android"), Path("/w"), Path("/n")
)
NETWORK = NetworkSettings(4321, Path("/store"))


def test_everything_private_lies_in_the_private_folder() -> None:
    arguments = java_arguments(RUNTIME, NETWORK, Path("/private"))
    assert "-Djava.io.tmpdir=/private" in arguments
    assert "-XX:-UsePerfData" in arguments, "or the JVM leaves a file in /tmp"


def test_the_proxy_is_not_in_force_during_the_warm_up() -> None:
    arguments = java_arguments(RUNTIME, NETWORK, Path("/private"))
    assert "-Dleakharness.socksProxyPort=4321" in arguments
    assert not [one for one in arguments if one.startswith("-DsocksProxyHost")]
    past = [each for each in arguments if each.startswith("-DsocksNonProxyHosts=")]
    assert past == [f"-DsocksNonProxyHosts={CHECK_HOST}"], "or loopback would go past the proxy"


def test_no_class_data_archive_of_our_own() -> None:
    """Hooks of Frida were lost with one."""
    arguments = java_arguments(RUNTIME, NETWORK, Path("/private"))
    assert not [one for one in arguments if "SharedArchive" in one or "ArchiveClasses" in one]


def test_the_launcher_refuses_another_parent() -> None:
    """The parent may be gone before the kernel was asked to watch it."""
    argv = command_line(RUNTIME, NETWORK, Path("/private"), parent_pid=1)
    assert argv[0] == sys.executable
    done = subprocess.run(argv, capture_output=True, check=False)
    assert done.returncode == 1
