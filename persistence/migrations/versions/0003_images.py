"""The index of images, and which room each study belongs to."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the four tables of `persistence.images`."""
    op.create_table(
        "image_studies",
        _uid("study"),
        _text("study_date", 10),
        _text("study_time", 16),
        _text("description", 64),
        _text("accession", 64),
        _text("added_at", 30),
    )
    op.create_index("ix_image_studies_accession", "image_studies", ["accession"])
    op.create_table(
        "image_series",
        _uid("study"),
        _uid("series"),
        _text("modality", 16),
        sa.Column("number", sa.Integer),
        _text("description", 64),
        _text("body_part", 16),
    )
    _instances()
    op.create_table(
        "image_rooms",
        _uid("study"),
        sa.Column("room", sa.String(64), nullable=False),
        _text("origin", 16),
        _text("attached_at", 30),
    )
    op.create_index("ix_image_rooms_room", "image_rooms", ["room"])


def downgrade() -> None:
    """Take the index away; the files stay, and `images add` makes it again."""
    for table in ("image_rooms", "image_instances", "image_series", "image_studies"):
        op.drop_table(table)


def _instances() -> None:
    op.create_table(
        "image_instances",
        _uid("study"),
        _uid("series"),
        _uid("sop"),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        _text("sop_class", 64),
        _text("syntax", 64),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("columns", sa.Integer, nullable=False),
        sa.Column("frames", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer),
        sa.Column("position", sa.Float),
        _text("added_at", 30),
    )


def _uid(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.String(64), primary_key=True, nullable=False)


def _text(name: str, most: int) -> "sa.Column[str]":
    return sa.Column(name, sa.String(most), nullable=False, server_default="")
