"""Everything the embedded device needs and a plain machine lacks, in user space, cached.

    java()               HotSpot 17
    node(), npm()        Node.js 18 or newer
    artifacts("ecj")     pinned jars from Maven Central, checked by sha256
    aars("sdk-countly")  the AAR files behind a set
    compile_java(...)    Java sources to a jar
    aapt2()              Android's resource compiler

The cache is `$LEAK_HARNESS_CACHE`, by default `~/.cache/leak-harness`; with a filled cache nothing
here touches the network. `python -m harness.virtual.toolchain fetch|lock` fills it or renews the
lock.
"""

from __future__ import annotations

from .aapt import aapt2
from .cache import cache_folder, cache_root
from .compiler import android_for_modules, compile_java
from .jvm import JavaProgramFailed, run_java
from .runtimes import java, node, npm
from .store import aars, artifacts

__all__ = [
    "JavaProgramFailed",
    "aapt2",
    "aars",
    "android_for_modules",
    "artifacts",
    "cache_folder",
    "cache_root",
    "compile_java",
    "java",
    "node",
    "npm",
    "run_java",
]
