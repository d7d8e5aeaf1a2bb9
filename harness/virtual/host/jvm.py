"""The command line of one app process, and the few lines that run before it.

Input: `HostRuntime`, `NetworkSettings`, the process' private folder. Output: argv. Nothing runs
here. The launcher is a Python one-liner rather than a `preexec_fn`, which may deadlock in a process
with threads. It asks the kernel to end the process with its parent (`PR_SET_PDEATHSIG`, prctl(2)),
lets any process of this user attach to it (`PR_SET_PTRACER`, prctl(2): Frida under yama's
ptrace_scope 1), and moves the control channel off file descriptor 1, which native code and the JVM
itself print on.
"""

from __future__ import annotations

import sys
from pathlib import Path

from harness.virtual.host.model import HostRuntime, NetworkSettings

MAIN_CLASS = "org.leakharness.host.Main"

CONTROL_FD = 3
"""File descriptor that the process writes its frames to; it reads them from 0."""

_CLOSER_TO_ANDROID = (
    "createActivityContexts",  # each activity has a context of its own
    "windowManager.useRequestedSize",  # dialogs have the size and place that they ask for
    "useRealAni",  # AccessibilityNodeInfo is the framework's own
)

_LAUNCHER = """\
import ctypes, os, signal, sys
parent = int(sys.argv[1])
prctl = ctypes.CDLL(None, use_errno=True).prctl
prctl(1, signal.SIGTERM, 0, 0, 0)
prctl(0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)
if os.getppid() != parent:
    sys.exit(1)
os.dup2(1, 3)
os.dup2(2, 1)
os.execv(sys.argv[2], sys.argv[2:])
"""


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
        "-DsocksNonProxyHosts=",
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
    runtime: HostRuntime, network: NetworkSettings, private_dir: Path, parent_pid: int
) -> list[str]:
    """The whole argv, to be started by the process with `parent_pid`."""
    launcher = [sys.executable, "-I", "-S", "-c", _LAUNCHER, str(parent_pid)]
    return [*launcher, str(runtime.java), *java_arguments(runtime, network, private_dir)]
