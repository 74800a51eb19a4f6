"""Entries, their two indexes, and what is derived from them."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of the journal, and the epoch of this database."""
    meta = op.create_table(
        "meta",
        sa.Column("one", sa.Integer, sa.CheckConstraint("one = 1", name="one"), primary_key=True),
        sa.Column("epoch", sa.Text, nullable=False),
        sa.Column("format", sa.Integer, nullable=False),
        sa.Column("folded", sa.Integer, nullable=False),
        sa.Column("probed", sa.Integer, nullable=False),
    )
    op.bulk_insert(
        meta,
        [{"one": 1, "epoch": secrets.token_hex(8), "format": 1, "folded": 0, "probed": 0}],
    )
    _entries()
    _derived()


def downgrade() -> None:
    """There is no way back from here but the backup."""
    raise NotImplementedError("a journal is not taken away; restore a backup")


def _key(name: str) -> "sa.Column[int]":
    return sa.Column(name, sa.Integer, primary_key=True, autoincrement=False)


def _entries() -> None:
    op.create_table(
        "rooms",
        sa.Column("key", sa.Integer, primary_key=True),
        sa.Column("room", sa.Text, nullable=False, unique=True),
    )
    op.create_table(
        "authors",
        sa.Column("key", sa.Integer, primary_key=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("device", sa.Text, nullable=False),
        sa.UniqueConstraint("person", "device"),
    )
    op.create_table(
        "entries",
        sa.Column("n", sa.Integer, primary_key=True),
        sa.Column("room", sa.Integer, nullable=False),
        sa.Column("stream", sa.Integer, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("author", sa.Integer),
        sa.Column("request_hash", sa.LargeBinary),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("cid", sa.Text, nullable=False),
        sa.Column("actor", sa.LargeBinary, nullable=False),
        sa.Column("body_hash", sa.LargeBinary, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("body", sa.LargeBinary),
    )
    op.create_table(
        "places",
        _key("room"),
        _key("stream"),
        _key("seq"),
        sa.Column("n", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "retries",
        _key("room"),
        _key("author"),
        sa.Column("cid", sa.Text, primary_key=True),
        sa.Column("n", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )


def _derived() -> None:
    op.create_table(
        "worklist",
        _key("room"),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("site", sa.Text, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("urgency", sa.Text, nullable=False),
        sa.Column("requested_at", sa.Text, nullable=False),
        sa.Column("due_at", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("is_open", sa.Integer, nullable=False),
        sa.Column("summary", sa.LargeBinary, nullable=False),
    )
    order = ["is_open", "urgency", "requested_at", "room"]
    op.create_index("ix_worklist_order", "worklist", order)
    op.create_index("ix_worklist_due", "worklist", ["is_open", "due_at"])
    op.create_index("ix_worklist_site", "worklist", ["site", *order])
    op.create_table(
        "row_people",
        sa.Column("person", sa.Text, primary_key=True),
        _key("room"),
        sa.Column("removed", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_row_people_room", "row_people", ["room"])
    op.create_table(
        "snapshots",
        _key("room"),
        sa.Column("fold", sa.Text, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("state", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "receipts",
        _key("room"),
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("device", sa.Text, primary_key=True),
        sa.Column("got", sa.Integer, nullable=False),
        sa.Column("seen", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
