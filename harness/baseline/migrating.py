"""Brings a database to the newest schema, step by step (Alembic), or says why not.

Input: a connection in a transaction. Output: the database at the last of `schema.REVISIONS`.
Refuses a schema that a newer version wrote: it is left as it is. Alembic is imported only when
there is a step to take.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from harness.baseline.schema import REVISIONS, VERSION_TABLE, metadata
from harness.errors import LabError

FOLDER = Path(__file__).with_name("migrations")


def revision_of(connection: Connection) -> str | None:
    """The revision that the database is at; None when it holds no run store."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    row = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).first()
    return str(row[0]) if row else None


def bring_up(connection: Connection, name: str, revisions: tuple[str, ...] = REVISIONS) -> bool:
    """Take the steps that are missing; whether there were any.

    Raises:
        LabError: the schema is of a newer version, or tables of these names belong to others.
    """
    current = revision_of(connection)
    if current == revisions[-1]:
        return False
    if current is None:
        taken = sorted(set(inspect(connection).get_table_names()) & set(metadata.tables))
        if taken:
            raise LabError(
                "tables with the names of a run store are there, and no revision of it",
                where=name,
                seen=", ".join(taken),
                action="name another database (--leak-store, --store)",
            )
    elif current not in revisions:
        raise LabError(
            "this run store was written by a newer version of leak-harness",
            where=name,
            seen=f"schema {current}",
            expected=f"schema {revisions[-1]} or older",
            action="update leak-harness, or name another store (--leak-store, --store)",
        )
    _steps(connection, revisions[-1])
    return True


def _steps(connection: Connection, target: str) -> None:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    config = Config()
    script = ScriptDirectory(str(FOLDER), version_locations=[str(FOLDER)])

    def to_target(revision: object, context: object) -> object:
        return script._upgrade_revs(target, revision)  # type: ignore[arg-type]  # what Alembic's
        # own `command.upgrade` passes on; there is no public name for it

    with EnvironmentContext(config, script, fn=to_target, destination_rev=target) as environment:
        environment.configure(
            connection=connection,
            target_metadata=metadata,
            version_table=VERSION_TABLE,
            transactional_ddl=False,
        )
        environment.run_migrations()
