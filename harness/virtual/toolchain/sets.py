"""The table of artifact sets: which Maven projects each part of the embedded device asks for.

Input to `python -m harness.virtual.toolchain lock`, which resolves the closures and writes
`artifacts.lock.json`. At run time only the lock counts. To add a set: one row here, then `lock`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

# Kotlin 1.8 moved the contents of these two into kotlin-stdlib; having both defines classes twice.
# kotlin-stdlib-common holds no classes for the JVM.
_MERGED_KOTLIN = (
    "org.jetbrains.kotlin:kotlin-stdlib-jdk7",
    "org.jetbrains.kotlin:kotlin-stdlib-jdk8",
    "org.jetbrains.kotlin:kotlin-stdlib-common",
)
_KOTLIN = "org.jetbrains.kotlin:kotlin-stdlib:1.9.24"


@dataclass(frozen=True, slots=True)
class SetRecipe:
    """Roots (`group:artifact:version`) and the projects left out (`group:artifact`, wildcards).

    With `transitive` false the roots stand alone.
    """

    name: str
    roots: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    transitive: bool = True

    def excludes(self, project: str) -> bool:
        return any(fnmatchcase(project, pattern) for pattern in self.exclude)


RECIPES: tuple[SetRecipe, ...] = (
    # androidx.test is not on Maven Central; the host brings the few types that are needed.
    SetRecipe(
        "robolectric",
        ("org.robolectric:robolectric:4.16.1",),
        ("androidx.test*:*", "com.google.testparameterinjector:*"),
    ),
    SetRecipe(
        "android",
        ("org.robolectric:android-all-instrumented:14-robolectric-10818077-i7",),
        transitive=False,
    ),
    SetRecipe(
        "android-api", ("org.robolectric:android-all:14-robolectric-10818077",), transitive=False
    ),
    SetRecipe("ecj", ("org.eclipse.jdt:ecj:3.38.0",), transitive=False),
    SetRecipe("r8", ("com.android.tools:r8:8.5.35",), transitive=False),
    SetRecipe("apksig", ("com.android.tools.build:apksig:2.3.0",), transitive=False),
    SetRecipe("dex", ("de.femtopedia.dex2jar:dex-tools:2.4.38",)),
    # dex-tools carries its own, older copy of this; the converter's second pass uses this one.
    SetRecipe("asm", ("org.ow2.asm:asm:9.10.1",), transitive=False),
    SetRecipe("sdk-mixpanel", ("com.mixpanel.android:mixpanel-android:7.3.1",)),
    SetRecipe(
        "sdk-amplitude",
        (
            "com.amplitude:android-sdk:2.36.1",
            "com.squareup.okhttp3:okhttp:4.2.2",
            "com.squareup.okio:okio:2.2.2",
            _KOTLIN,
        ),
        _MERGED_KOTLIN,
    ),
    SetRecipe(
        "sdk-countly",
        ("ly.count.android:sdk:23.6.0", _KOTLIN),
        (*_MERGED_KOTLIN, "androidx.annotation:*"),  # annotations are not needed to run
    ),
    SetRecipe("okhttp-3", ("com.squareup.okhttp3:okhttp:3.12.13",)),
    SetRecipe("okhttp-4", ("com.squareup.okhttp3:okhttp:4.12.0", _KOTLIN), _MERGED_KOTLIN),
    SetRecipe("okhttp-5", ("com.squareup.okhttp3:okhttp-jvm:5.5.1",)),
)
