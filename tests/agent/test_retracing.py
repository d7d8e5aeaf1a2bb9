"""A mapping is used only with the APK that it belongs to."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from harness.agent.retracing import Agents, agents_for
from harness.errors import ScenarioError
from harness.settings import Settings

CLASSES = "com.a.One -> a.a:\ncom.a.Two -> a.b:\n"
WITH_ID = f"# pg_map_id: abc1234\n{CLASSES}"
MARKED = b'~~R8{"backend":"dex","pg-map-id":"abc1234","version":"8.5.35"}'
NAMED = b"\x00La/a;\x00La/b;\x00"


def given(folder: Path, mapping: str | None, dex: bytes | None) -> Settings:
    text, apk = folder / "mapping.txt", folder / "app.apk"
    if mapping is not None:
        text.write_text(mapping)
    if dex is not None:
        with zipfile.ZipFile(apk, "w") as archive:
            archive.writestr("classes.dex", b"dex\n035\x00")
            archive.writestr("classes2.dex", dex)
    return Settings(
        mapping=text if mapping is not None else None, app=apk if dex is not None else None
    )


@pytest.mark.parametrize(
    ("mapping", "dex"),
    [(None, None), (None, NAMED), (WITH_ID, MARKED), (CLASSES, MARKED + NAMED), (WITH_ID, NAMED)],
)
def test_one_that_belongs(tmp_path: Path, mapping: str | None, dex: bytes | None) -> None:
    assert isinstance(agents_for(given(tmp_path, mapping, dex)), Agents)


@pytest.mark.parametrize(
    ("mapping", "dex", "what"),
    [
        (WITH_ID, None, "needs the APK"),
        ("nothing", NAMED, "not a mapping file"),
        (WITH_ID.replace("abc", "xyz"), MARKED, "does not belong to app.apk"),
        (CLASSES, b"Lx/y;", "does not belong to app.apk"),
    ],
)
def test_one_that_does_not(tmp_path: Path, mapping: str, dex: bytes | None, what: str) -> None:
    with pytest.raises(ScenarioError, match=what) as caught:
        agents_for(given(tmp_path, mapping, dex))
    assert "mapping.txt" in caught.value.where
