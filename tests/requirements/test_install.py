"""`make setup`: what is skipped, what is done again, and that it needs nothing but Python."""

from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "requirements" / "install.py"


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("install_script", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "install_script", module)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "STAMPS", tmp_path / "stamps.json")
    return module


def test_a_step_is_done_once_and_again_when_its_input_changes(install: ModuleType) -> None:
    done: list[str] = []
    version = ["1"]
    step = install.Step("demo", lambda: list(version), lambda: done.append(version[0]))
    install.bring_up_to_date(step)
    install.bring_up_to_date(step)
    assert done == ["1"]
    version[0] = "2"
    install.bring_up_to_date(step)
    assert done == ["1", "2"]


def test_a_step_that_failed_is_done_again(install: ModuleType) -> None:
    done: list[str] = []

    def work() -> None:
        done.append("tried")
        if len(done) == 1:
            raise RuntimeError("offline")

    step = install.Step("demo", lambda: ["same"], work)
    with pytest.raises(RuntimeError, match="offline"):
        install.bring_up_to_date(step)
    install.bring_up_to_date(step)
    assert done == ["tried", "tried"]


def test_an_old_python_is_told_so(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(install, "MIN_PYTHON", (99, 0))
    assert install.main() == 2
    assert "is needed" in capsys.readouterr().err


def test_it_imports_the_standard_library_only() -> None:
    tree = ast.parse(SCRIPT.read_text())
    names = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert names <= set(sys.stdlib_module_names)
    # An older Python must get as far as the message about its age.
    ast.parse(SCRIPT.read_text(), feature_version=(3, 7))
