"""The first schema of the run store. Never changed any more: changes are revisions of their own."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    _runs_and_items()
    _contents()
    _parts_of_items()


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _numbered() -> sa.Column[int]:
    return sa.Column("id", KEY, primary_key=True, autoincrement=True)


def _to(column: str, table: str, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(column, KEY, sa.ForeignKey(f"{table}.id"), nullable=nullable)


def _runs_and_items() -> None:
    op.create_table(
        "leak_runs",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("started_s", sa.Float, nullable=False),
        sa.Column("finished_s", sa.Float),
        sa.Column("verdict", sa.Text),
        sa.Column("redacted", sa.Boolean, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("changes", sa.Text),
    )
    run = sa.ForeignKey("leak_runs.id", ondelete="CASCADE")
    op.create_table(
        "leak_items",
        _numbered(),
        sa.Column("run_id", sa.Text, run, nullable=False),
        *_text("name", "test"),
        sa.Column("attempt", sa.Integer, nullable=False),
        *_text("worker", "scenario", "scenario_sha256", "title"),
        *_text("term", "consent", "verdict", "closed_as"),
        sa.Column("started_s", sa.Float, nullable=False),
        sa.Column("ended_s", sa.Float, nullable=False),
        *_text("package", "version_name"),
        sa.Column("version_code", sa.BigInteger, nullable=False),
        *_text("app_sha256", "signer"),
        sa.Column("report", sa.LargeBinary, nullable=False),
        sa.Column("facts", sa.LargeBinary),
        sa.UniqueConstraint("run_id", "name"),
    )


def _contents() -> None:
    op.create_table(
        "leak_blobs",
        _numbered(),
        sa.Column("sha256", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "leak_recipients",
        _numbered(),
        sa.Column("sha256", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("host", sa.Text, nullable=False, index=True),
        sa.Column("value", sa.Text, nullable=False),
    )


def _part(name: str, *columns: sa.Column[Any]) -> None:
    """A table whose rows belong to an item."""
    item = sa.ForeignKey("leak_items.id", ondelete="CASCADE")
    op.create_table(name, sa.Column("item_id", KEY, item, primary_key=True), *columns)


def _number() -> sa.Column[int]:
    return sa.Column("number", sa.Integer, primary_key=True, autoincrement=False)


def _parts_of_items() -> None:
    _part(
        "leak_exchanges",
        _number(),
        sa.Column("started_s", sa.Float, nullable=False),
        *_text("host"),
        _to("recipient_id", "leak_recipients"),
        _to("request_id", "leak_blobs", nullable=True),
        _to("response_id", "leak_blobs", nullable=True),
        _to("stack_id", "leak_blobs", nullable=True),
        sa.Column("whole", sa.Boolean, nullable=False),
        sa.Column("detail", sa.LargeBinary, nullable=False),
    )
    recipient = sa.ForeignKey("leak_recipients.id")
    _part(
        "leak_contacts",
        sa.Column("recipient_id", KEY, recipient, primary_key=True),
        sa.Column("exchanges", sa.Integer, nullable=False),
        sa.Column("first_s", sa.Float, nullable=False),
        sa.Column("last_s", sa.Float, nullable=False),
    )
    _part("leak_flows", _number(), _to("recipient_id", "leak_recipients"), *_text("value"))
    _part(
        "leak_events",
        _number(),
        *_text("event"),
        sa.Column("at_s", sa.Float, nullable=False),
        *_text("value"),
    )
    _part(
        "leak_artifacts",
        sa.Column("name", sa.Text, primary_key=True),
        *_text("sha256"),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        _to("blob_id", "leak_blobs", nullable=True),
    )
