"""Retracing by R8's mapping format: ranges of lines, inlined frames, names of source files."""

from __future__ import annotations

import pytest

from harness.attribution.mapping import ClassMapping
from harness.traffic.exchange import Stack

TEXT = """\
# compiler: R8
# pg_map_id: 7fe8b95
# pg_map_hash: SHA-256 7fe8b95aa
com.vendor.Tracker -> a.b.c:
# {"id":"sourceFile","fileName":"Tracker.kt"}
    java.lang.String url -> a
    1:3:void track(java.lang.String):10:12 -> a
    4:4:void com.vendor.Queue.push(int):40:40 -> b
    4:4:void flush():20 -> b
    5:5:boolean com.vendor.Queue.isFull():55:55 -> b
    5:5:void com.vendor.Queue.push(int):41 -> b
    5:5:void flush():20 -> b
    void plain() -> d
    6:6:void <init>():7:7 -> <init>
com.vendor.Inner$Part -> a.b.e:
    1:1:void run():99:99 -> run
org.example.Kept -> org.example.Kept:
    1:2:void go():1:2 -> go
"""
MAPPING = ClassMapping(TEXT)


@pytest.mark.parametrize(
    ("seen", "written"),
    [
        ("a.b.c.a(SourceFile:2)", ["com.vendor.Tracker.track(Tracker.kt:11)"]),
        (
            "a.b.c.b(Unknown Source:4)",
            ["com.vendor.Queue.push(Queue.java:40)", "com.vendor.Tracker.flush(Tracker.kt:20)"],
        ),
        (
            "a.b.c.b(SourceFile:5)",
            [
                "com.vendor.Queue.isFull(Queue.java:55)",
                "com.vendor.Queue.push(Queue.java:41)",
                "com.vendor.Tracker.flush(Tracker.kt:20)",
            ],
        ),
        ("a.b.c.d(SourceFile)", ["com.vendor.Tracker.plain(Tracker.kt)"]),
        ("a.b.c.<init>(SourceFile:6)", ["com.vendor.Tracker.<init>(Tracker.kt:7)"]),
        ("a.b.c.zz(SourceFile:9)", ["com.vendor.Tracker.zz(SourceFile:9)"]),
        ("a.b.e.run(SourceFile:1)", ["com.vendor.Inner$Part.run(Inner.java:99)"]),
        ("org.example.Kept.go(Kept.java:2)", ["org.example.Kept.go(Kept.java:2)"]),
        ("java.lang.Thread.run(Thread.java:1)", ["java.lang.Thread.run(Thread.java:1)"]),
        ("not a frame", ["not a frame"]),
    ],
)
def test_a_frame_is_told_as_it_was_written(seen: str, written: list[str]) -> None:
    assert list(MAPPING.frames((seen,))) == written


def test_a_stack_with_its_origins() -> None:
    stack = Stack(("a.b.c.a(SourceFile:1)",), (("a.b.c.d(SourceFile)",), ("x.Y.z(Y.java:1)",)))
    assert MAPPING.stack(stack).all_frames == (
        "com.vendor.Tracker.track(Tracker.kt:10)",
        "com.vendor.Tracker.plain(Tracker.kt)",
        "x.Y.z(Y.java:1)",
    )


def test_what_it_says_of_itself() -> None:
    assert MAPPING.id == "7fe8b95"
    assert MAPPING.shrunk_classes == ("a.b.c", "a.b.e")
    assert ClassMapping("a.B -> a.c:\n").id == ""


@pytest.mark.parametrize(
    "text", ["", "# only comments\n", "{}", "    int x -> a\n", "a.B -> c:\n<html>\n"]
)
def test_what_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"line \d|no class"):
        ClassMapping(text)
