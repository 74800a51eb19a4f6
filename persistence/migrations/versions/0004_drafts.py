"""Drafts of reports, and the measured clocks of each room beside its row of the worklist."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of drafts; add the figures to the worklist."""
    op.create_table(
        "report_drafts",
        sa.Column("room", sa.String(64), primary_key=True, nullable=False),
        sa.Column("person", sa.String(64), primary_key=True, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("saved_at", sa.String(30), nullable=False),
        sa.Column("device", sa.String(64), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    # a blob, for the rows that are there already: an empty text is not one
    empty = sa.text("x''")
    measured = sa.Column("measured", sa.LargeBinary, nullable=False, server_default=empty)
    op.add_column("worklist", measured)
    op.create_index("ix_worklist_requested", "worklist", ["requested_at"])


def downgrade() -> None:
    """Take both away; a draft is nobody's word yet, and figures are made again from the journal."""
    op.drop_index("ix_worklist_requested", "worklist")
    op.drop_column("worklist", "measured")
    op.drop_table("report_drafts")
