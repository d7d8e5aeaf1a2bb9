"""The command line of one app process.

Input: `HostRuntime`, `NetworkSettings`, the process' private folder. Output: argv. Nothing runs
here; what happens between fork and exec is in `launcher`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from harness.virtual.host.guard.program import filter_program
from harness.virtual.host.model import HostRuntime, NetworkSettings

MAIN_CLASS = "org.leakharness.host.Main"

NO_GUARD = -1

CHECK_HOST = "127.76.69.75"
"""As in hooks/src/self-check.ts."""

_CLOSER_TO_ANDROID = (
    "createActivityContexts",  # each activity has a context of its own
    "windowManager.useRequestedSize",  # dialogs have the size and place that they ask for
    "useRealAni",  # AccessibilityNodeInfo is the framework's own
)

_LAUNCHER = Path(__file__).with_name("launcher.py")


def java_arguments(runtime: HostRuntime, network: NetworkSettings, private_dir: Path) -> list[str]:
    """Arguments of `java`: flags that were measured to be quick, the proxy, the class path."""
    return [
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-Xmx256m",
        "-Xss2m",
        "-Xshare:auto",
        "-XX:-UsePerfData",
        "-XX:ErrorFile=/dev/null",
        "-Djava.awt.headless=true",
        f"-Djava.io.tmpdir={private_dir}",
        "-Dfile.encoding=UTF-8",
        *(f"-Drobolectric.{name}=true" for name in _CLOSER_TO_ANDROID),
        # Only after the warm-up does the process take them for its own: what the warm-up does
        # must not appear in the record of the virtual internet.
        f"-Dleakharness.socksProxyHost={network.socks_host}",
        f"-Dleakharness.socksProxyPort={network.socks_port}",
        # Where the agent in the app speaks to itself to see whether its hooks work; no other
        # address, loopback included, is reached but through the proxy.
        f"-DsocksNonProxyHosts={CHECK_HOST}",
        "-Djava.net.preferIPv4Stack=true",
        "-Djdk.net.hosts.file=/dev/null",  # names are the proxy's business; no look-up leaves
        f"-Djavax.net.ssl.trustStore={network.trust_store}",
        f"-Djavax.net.ssl.trustStorePassword={network.trust_store_password}",
        "-Djavax.net.ssl.trustStoreType=PKCS12",
        "-Djava.nio.channels.spi.SelectorProvider=org.leakharness.host.net.RefusedChannels",
        "-Djava.nio.channels.spi.AsynchronousChannelProvider="
        "org.leakharness.host.net.RefusedAsyncChannels",
        "--add-opens=java.base/java.net=ALL-UNNAMED",
        "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
        f"-Dleakharness.android.jar={runtime.android_jar}",
        f"-Dleakharness.warmup.apk={runtime.warmup_apk}",
        f"-Dleakharness.natives={runtime.natives}",
        "-cp",
        ":".join(str(path) for path in runtime.classpath),
        MAIN_CLASS,
    ]


def command_line(
    runtime: HostRuntime,
    network: NetworkSettings,
    private_dir: Path,
    parent_pid: int,
    guard_fd: int = NO_GUARD,
) -> list[str]:
    """The whole argv, to be started by the process with `parent_pid`.

    `guard_fd`: the socket over which the launcher sends the filter's listener; without it the
    process runs without a filter.
    """
    java = [str(runtime.java), *java_arguments(runtime, network, private_dir)]
    return launched(java, parent_pid, guard_fd)


def launched(
    argv: list[str], parent_pid: int, guard_fd: int, program: bytes | None = None
) -> list[str]:
    """`argv` behind the launcher; `program`: another filter than that of apps."""
    script = [sys.executable, "-I", "-S", str(_LAUNCHER), str(parent_pid), str(guard_fd)]
    return [*script, (program or filter_program()).hex(), *argv]
