"""People, their parts, sites, on-call lines, and the sessions and tokens by which they act."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of the directory."""
    state = op.create_table(
        "directory_state",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
    )
    op.bulk_insert(state, [{"id": 1, "revision": 1}])
    _people()
    _lines()
    op.create_table(
        "credentials",
        sa.Column("id", sa.String(64), primary_key=True, nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("bot", sa.Boolean, nullable=False),
        _id("person", of="people.person"),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("site", sa.String(64), nullable=False),
        _text("scopes", sa.Text()),
        sa.Column("created", sa.String(32), nullable=False),
        _text("expires", sa.String(32)),
        _text("ended", sa.String(32)),
        _text("label", sa.String(200)),
    )
    op.create_index("ix_credentials_person", "credentials", ["person"])


def downgrade() -> None:
    """There is no way back from here but the backup."""
    raise NotImplementedError("a directory is not taken away; restore a backup")


def _id(name: str, *, key: bool = False, of: str = "") -> "sa.Column[str]":
    if of:
        return sa.Column(name, sa.String(64), sa.ForeignKey(of), primary_key=key, nullable=False)
    return sa.Column(name, sa.String(64), primary_key=key, nullable=False)


def _text(name: str, kind: "sa.types.TypeEngine[str]", default: str = "") -> "sa.Column[str]":
    return sa.Column(name, kind, nullable=False, server_default=default)


def _flag(name: str) -> "sa.Column[bool]":
    return sa.Column(name, sa.Boolean, nullable=False, server_default="0")


def _people() -> None:
    op.create_table(
        "sites",
        _id("site", key=True),
        sa.Column("name", sa.String(200), nullable=False),
        _text("phone", sa.String(40)),
        _text("timezone", sa.String(64), "Europe/Paris"),
        _text("policy", sa.Text(), "{}"),
    )
    op.create_table(
        "people",
        _id("person", key=True),
        sa.Column("login", sa.String(200), nullable=False, unique=True),
        sa.Column("name", sa.String(200), nullable=False),
        _text("password_hash", sa.String(255)),
        _flag("disabled"),
        _flag("service"),
        _flag("rate_free"),
        _text("lang", sa.String(12), "fr"),
    )
    op.create_table(
        "grants",
        _id("person", key=True, of="people.person"),
        sa.Column("role", sa.String(40), primary_key=True, nullable=False),
        _id("site", key=True, of="sites.site"),
    )


def _lines() -> None:
    op.create_table(
        "lines",
        _id("line", key=True),
        sa.Column("name", sa.String(200), nullable=False),
    )
    op.create_table(
        "line_sites",
        _id("line", key=True, of="lines.line"),
        _id("site", key=True, of="sites.site"),
    )
    op.create_table(
        "line_people",
        _id("line", key=True, of="lines.line"),
        _id("person", key=True, of="people.person"),
    )
    op.create_index("ix_line_people_person", "line_people", ["person"])
