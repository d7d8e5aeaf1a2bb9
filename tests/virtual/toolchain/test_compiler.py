from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from harness.errors import ScenarioError
from harness.virtual.toolchain.cache import cache_root
from harness.virtual.toolchain.compiler import android_for_modules, compile_java
from harness.virtual.toolchain.jvm import JavaProgramFailed, run_java

SAY = """package demo;
public class Say {
    public static void main(String[] args) {
        System.out.println("heard " + String.join("+", args));
        System.exit(args.length > 2 ? 3 : 0);
    }
}
"""


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "src"
    (folder / "demo").mkdir(parents=True)
    (folder / "demo" / "Say.java").write_text(SAY)
    (folder / "demo" / "words.txt").write_text("hépatite")
    return folder


def test_a_program_compiles_runs_and_is_cached(sources: Path) -> None:
    jar = compile_java([sources], release="17", name="say")
    with zipfile.ZipFile(jar) as archive:
        assert archive.namelist() == ["demo/Say.class", "demo/words.txt"]
    assert run_java("demo.Say", ["é", "b"], classpath=[jar]).strip() == "heard é+b"
    written = jar.stat().st_mtime_ns
    assert compile_java([sources], release="17", name="say") == jar
    assert jar.stat().st_mtime_ns == written
    with pytest.raises(JavaProgramFailed) as caught:
        run_java("demo.Say", ["1", "2", "3"], classpath=[jar])
    assert "exit code 3" in str(caught.value)
    assert "heard 1+2+3" in caught.value.output


def test_errors_are_quoted_and_nothing_is_cached(sources: Path) -> None:
    (sources / "demo" / "Say.java").write_text(SAY.replace("String.join", "String.joyn"))
    for _ in range(2):
        with pytest.raises(ScenarioError) as caught:
            compile_java([sources], release="8", name="say")
        assert "joyn" in str(caught.value)
        assert "Say.java" in str(caught.value)


def test_android_can_be_compiled_against_at_level_17(tmp_path: Path) -> None:
    source = tmp_path / "Screen.java"
    source.write_text(
        "public class Screen extends android.app.Activity {"
        "  record Word(String text) {}"
        "  java.util.List<Word> words = java.util.List.of(new Word(getPackageName())); }"
    )
    jar = compile_java([source], [android_for_modules()], release="17", name="screen")
    with zipfile.ZipFile(jar) as archive:
        assert archive.read("Screen.class")[7] == 61  # class file version of Java 17


def test_no_source_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="no Java source"):
        compile_java([tmp_path], release="17", name="nothing")


def test_the_trimmed_android_has_no_classes_of_the_jre() -> None:
    jar = android_for_modules()
    assert jar.is_relative_to(cache_root())
    with zipfile.ZipFile(jar) as archive:
        names = archive.namelist()
    assert "android/app/Activity.class" in names
    assert "javax/microedition/khronos/opengles/GL10.class" in names  # Android's own
    assert not [name for name in names if name.startswith(("java/", "javax/xml/", "org/xml/"))]
