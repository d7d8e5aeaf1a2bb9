"""The door to the store."""

from __future__ import annotations

from pathlib import Path

from harness.baseline.store import DEFAULT, Store
from tests.baseline.runs import put_run


def test_the_default_is_a_file_where_one_works(tmp_path: Path, monkeypatch: object) -> None:
    assert DEFAULT == ".leak/runs.db"
    with Store.open(str(tmp_path / DEFAULT)) as store:
        put_run(store, "one")
        assert store.name == str(tmp_path / DEFAULT)
        assert store.reader.find("one").items == 1


def test_a_server_has_a_name_without_its_password(location: str) -> None:
    with Store.open(location) as store:
        assert "password" not in store.name
        assert store.name in (location, location.replace("%2F", "/")) or "leak@" in store.name
