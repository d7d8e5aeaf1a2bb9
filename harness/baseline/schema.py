"""The tables of the run store, as they are at the newest revision.

Input: nothing. Output: SQLAlchemy tables for SQLite and PostgreSQL alike. Names carry the prefix
`leak_`, so that a team's database may hold other tables beside them. What came from the app is kept
exactly in JSON (ASCII, zstd); text columns are for look-ups. Times are Unix seconds. Refuses to
change a database: `baseline.migrating` does.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

REVISIONS = ("0001",)
"""All revisions this version knows, oldest first; the last one is what it writes."""

VERSION_TABLE = "leak_schema"

Key = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only in a column of the very type INTEGER."""

metadata = MetaData(
    naming_convention={
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)


def _of_item() -> Column[int]:
    """The item that a row belongs to, and goes with."""
    item = ForeignKey("leak_items.id", ondelete="CASCADE")
    return Column("item_id", Key, item, primary_key=True)


runs = Table(
    "leak_runs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("started_s", Float, nullable=False),
    Column("finished_s", Float),
    Column("verdict", Text),
    Column("redacted", Boolean, nullable=False),
    Column("about", Text, nullable=False),
    Column("changes", Text),
)
"""One row a run. `about`: JSON of versions; `changes`: JSON of what differs from the baseline.
A run without `finished_s` is still going on, or was killed."""

items = Table(
    "leak_items",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=True),
    Column("run_id", Text, ForeignKey("leak_runs.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("test", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("worker", Text, nullable=False),
    Column("scenario", Text, nullable=False),
    Column("scenario_sha256", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("term", Text, nullable=False),
    Column("consent", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("closed_as", Text, nullable=False),
    Column("started_s", Float, nullable=False),
    Column("ended_s", Float, nullable=False),
    Column("package", Text, nullable=False),
    Column("version_name", Text, nullable=False),
    Column("version_code", BigInteger, nullable=False),
    Column("app_sha256", Text, nullable=False),
    Column("signer", Text, nullable=False),
    Column("report", LargeBinary, nullable=False),
    Column("facts", LargeBinary),
    UniqueConstraint("run_id", "name"),
)
"""One row an item (an attempt is an item of its own). `report`: its entry of report.json; `facts`:
what else the verdict rests on, absent where the item could not be played."""

blobs = Table(
    "leak_blobs",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=True),
    Column("sha256", LargeBinary, nullable=False, unique=True),
    Column("size_bytes", BigInteger, nullable=False),
    Column("data", LargeBinary, nullable=False),
)
"""Bodies, stacks and pictures, each content once; `data` is zstd, `sha256` and size are of what
is in it."""

recipients = Table(
    "leak_recipients",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=True),
    Column("sha256", LargeBinary, nullable=False, unique=True),
    Column("host", Text, nullable=False, index=True),
    Column("value", Text, nullable=False),
)
"""Each recipient once, as JSON in `value`."""

exchanges = Table(
    "leak_exchanges",
    metadata,
    _of_item(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("started_s", Float, nullable=False),
    Column("host", Text, nullable=False),
    Column("recipient_id", Key, ForeignKey("leak_recipients.id"), nullable=False),
    Column("request_id", Key, ForeignKey("leak_blobs.id")),
    Column("response_id", Key, ForeignKey("leak_blobs.id")),
    Column("stack_id", Key, ForeignKey("leak_blobs.id")),
    Column("whole", Boolean, nullable=False),
    Column("detail", LargeBinary, nullable=False),
)
"""`whole`: redaction took nothing out of the request; `detail`: all but bodies and stack."""

contacts = Table(
    "leak_contacts",
    metadata,
    _of_item(),
    Column("recipient_id", Key, ForeignKey("leak_recipients.id"), primary_key=True),
    Column("exchanges", Integer, nullable=False),
    Column("first_s", Float, nullable=False),
    Column("last_s", Float, nullable=False),
)
"""Who the app talked to, terms or not."""

flows = Table(
    "leak_flows",
    metadata,
    _of_item(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("recipient_id", Key, ForeignKey("leak_recipients.id"), nullable=False),
    Column("value", Text, nullable=False),
)
"""Who got a term in which form, each form once; JSON of `baseline.model.Flow` in `value`."""

events = Table(
    "leak_events",
    metadata,
    _of_item(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("event", Text, nullable=False),
    Column("at_s", Float, nullable=False),
    Column("value", Text, nullable=False),
)

artifacts = Table(
    "leak_artifacts",
    metadata,
    _of_item(),
    Column("name", Text, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("blob_id", Key, ForeignKey("leak_blobs.id")),
)
"""Pictures and logs of an item; without `blob_id` the file was too large to keep."""
