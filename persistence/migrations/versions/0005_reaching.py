"""How people are reached: push subscriptions of their devices, mail and phone."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the two tables of `persistence.reaching`."""
    op.create_table(
        "push_subscriptions",
        sa.Column("id", sa.String(64), primary_key=True, nullable=False),
        sa.Column("person", sa.String(64), sa.ForeignKey("people.person"), nullable=False),
        sa.Column("session", sa.String(64), sa.ForeignKey("credentials.id"), nullable=False),
        sa.Column("endpoint", sa.Text, nullable=False, unique=True),
        sa.Column("p256dh", sa.String(128), nullable=False),
        sa.Column("auth", sa.String(64), nullable=False),
        sa.Column("lang", sa.String(12), nullable=False, server_default="fr"),
        sa.Column("label", sa.String(80), nullable=False, server_default=""),
        sa.Column("created", sa.String(32), nullable=False),
    )
    op.create_index("ix_push_subscriptions_person", "push_subscriptions", ["person"])
    op.create_index("ix_push_subscriptions_session", "push_subscriptions", ["session"])
    op.create_table(
        "contacts",
        sa.Column(
            "person",
            sa.String(64),
            sa.ForeignKey("people.person"),
            primary_key=True,
            nullable=False,
        ),
        sa.Column("email", sa.String(200), nullable=False, server_default=""),
        sa.Column("phone", sa.String(20), nullable=False, server_default=""),
    )


def downgrade() -> None:
    """Take both away: devices register again, contacts are lost."""
    op.drop_table("contacts")
    op.drop_table("push_subscriptions")
