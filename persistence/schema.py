"""The tables of the store, as SQLAlchemy Core.

Entries are appended in order of arrival, so that a commit dirties the last page and not one page
for each room; `places` and `retries` find them by room and by key, and follow in one sorted stroke
every few thousand entries (`meta.folded` says up to where). What has not been folded yet is held
in memory by the writer and read again from the end of `entries` when a store is opened.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

FORMAT = 1
"""The format of the entries and of their chain (docs/proof.md). Another one is another format."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "pk": "pk_%(table_name)s",
    }
)

meta = Table(
    "meta",
    metadata,
    Column("one", Integer, CheckConstraint("one = 1", name="one"), primary_key=True),
    Column("epoch", Text, nullable=False),
    Column("format", Integer, nullable=False),
    Column("folded", Integer, nullable=False),
    Column("probed", Integer, nullable=False),
)
"""One row: the epoch, the format, the last entry that `places` and `retries` know, and a counter
that the probe of a failing store writes."""

rooms = Table(
    "rooms",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("room", Text, nullable=False, unique=True),
)
"""The small number that stands for a room in every other table."""

authors = Table(
    "authors",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("person", Text, nullable=False),
    Column("device", Text, nullable=False),
    UniqueConstraint("person", "device"),
)
"""The small number that stands for a person on a device in `entries` and `retries`."""

entries = Table(
    "entries",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("room", Integer, nullable=False),
    Column("stream", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("author", Integer),
    Column("request_hash", LargeBinary),
    Column("at", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("cid", Text, nullable=False),
    Column("actor", LargeBinary, nullable=False),
    Column("body_hash", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("body", LargeBinary),
)
"""Every entry of every room in order of arrival `n`. `author` and `request_hash` are null where no
retry was to be recognised; `body` is null where it was erased at term."""

places = Table(
    "places",
    metadata,
    Column("room", Integer, primary_key=True, autoincrement=False),
    Column("stream", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("n", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""Where the entry of a room, stream and seq stands. The key makes a second one impossible."""

retries = Table(
    "retries",
    metadata,
    Column("room", Integer, primary_key=True, autoincrement=False),
    Column("author", Integer, primary_key=True, autoincrement=False),
    Column("cid", Text, primary_key=True),
    Column("n", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""What a client's `cid` led to, for the life of the room (W-12)."""

worklist = Table(
    "worklist",
    metadata,
    Column("room", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("site", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("urgency", Text, nullable=False),
    Column("requested_at", Text, nullable=False),
    Column("due_at", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("is_open", Integer, nullable=False),
    Column("summary", LargeBinary, nullable=False),
    Column("measured", LargeBinary, nullable=False, server_default=text("x''")),
    Index("ix_worklist_order", "is_open", "urgency", "requested_at", "room"),
    Index("ix_worklist_requested", "requested_at"),
    Index("ix_worklist_due", "is_open", "due_at"),
    Index("ix_worklist_site", "site", "is_open", "urgency", "requested_at", "room"),
)
"""The worklist's row of a room (`entries.Row`). `measured` is what its clocks told, for figures."""

row_people = Table(
    "row_people",
    metadata,
    Column("person", Text, primary_key=True),
    Column("room", Integer, primary_key=True, autoincrement=False),
    Column("removed", Integer, nullable=False),
    Index("ix_row_people_room", "room"),
    sqlite_with_rowid=False,
)
"""Who is in which room, or was taken out of it (`removed`), for the worklist of a person."""

snapshots = Table(
    "snapshots",
    metadata,
    Column("room", Integer, primary_key=True, autoincrement=False),
    Column("fold", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("state", LargeBinary, nullable=False),
)
"""The newest saved state of a room: a cache."""

receipts = Table(
    "receipts",
    metadata,
    Column("room", Integer, primary_key=True, autoincrement=False),
    Column("person", Text, primary_key=True),
    Column("device", Text, primary_key=True),
    Column("got", Integer, nullable=False),
    Column("seen", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""How far each device has got the room's journal, and each person has seen it."""
