"""The steps of the schema lead to the tables that the code uses; Alembic itself compares them."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from harness.baseline.database import open_database
from harness.baseline.migrating import FOLDER, bring_up, revision_of
from harness.baseline.schema import REVISIONS, VERSION_TABLE, metadata
from harness.baseline.store import Store
from harness.errors import LabError


def test_the_known_revisions_are_those_of_the_scripts() -> None:
    script = ScriptDirectory(str(FOLDER), version_locations=[str(FOLDER)])
    assert tuple(step.revision for step in script.walk_revisions())[::-1] == REVISIONS
    assert script.get_current_head() == REVISIONS[-1]


def test_the_steps_lead_to_the_tables_of_the_code(store: Store) -> None:
    with store.database.reading() as connection:
        options = {"version_table": VERSION_TABLE, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
        assert set(metadata.tables) <= set(inspect(connection).get_table_names())
        assert revision_of(connection) == REVISIONS[-1]


def test_nothing_is_done_twice(store: Store) -> None:
    with store.database.writing(alone=True) as connection:
        assert bring_up(connection, "here") is False


def test_a_step_that_fails_leaves_nothing_behind(
    location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from harness.baseline.migrations import v0001_first

    def breaks() -> None:
        raise LabError("the last step breaks")

    names = {**v0001_first.__dict__, "_parts_of_items": breaks}
    monkeypatch.setattr(ScriptDirectory, "_load_revisions", ScriptDirectory._load_revisions)
    from alembic import util

    load = util.load_python_file

    def broken(folder: str, name: str) -> object:
        module = load(folder, name)
        module._parts_of_items = names["_parts_of_items"]
        return module

    monkeypatch.setattr("alembic.script.base.util.load_python_file", broken)
    with pytest.raises(LabError, match="the last step breaks"):
        open_database(location)
    monkeypatch.undo()
    with Store.open(location) as store, store.database.reading() as connection:
        assert revision_of(connection) == REVISIONS[-1]
        assert connection.execute(text("SELECT count(*) FROM leak_runs")).scalar() == 0
