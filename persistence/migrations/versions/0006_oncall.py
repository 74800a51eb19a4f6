"""The rota: what lines take, shifts, overrides, escalation policies, statuses, changes."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lines keep what they have, and are standing ones until something is planned for them."""
    op.add_column("lines", _word("tier", 16, "local"))
    op.add_column("lines", _word("region", 200))
    op.add_column("lines", _word("subspecialty", 200))
    op.add_column("lines", _word("modality", 8))
    op.add_column("lines", _word("timezone", 64, "Europe/Paris"))
    _shifts()
    op.create_table(
        "escalation_policies",
        *(
            sa.Column(name, sa.String(most), primary_key=True, nullable=False)
            for name, most in (("site", 64), ("urgency", 8), ("purpose", 16))
        ),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("steps", sa.Text, nullable=False),
    )
    op.create_table(
        "statuses",
        _id("person", of="people.person", key=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("since", sa.String(32), nullable=False),
        _word("until", 32),
        _word("forward", 64),
        _word("device", 64),
    )
    op.create_table(
        "rota_changes",
        sa.Column("n", sa.Integer, primary_key=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("what", sa.String(32), nullable=False),
        _word("line", 64),
        sa.Column("before", sa.Text, nullable=False, server_default=""),
        sa.Column("after", sa.Text, nullable=False, server_default=""),
    )
    op.create_index("ix_rota_changes_line", "rota_changes", ["line", "n"])


def downgrade() -> None:
    """There is no way back from here but the backup."""
    raise NotImplementedError("a rota is not taken away; restore a backup")


def _shifts() -> None:
    op.create_table(
        "shifts",
        _id("shift", key=True),
        _id("line", of="lines.line"),
        _id("person", of="people.person"),
        *_when(),
        sa.Column("order", sa.Integer, nullable=False),
        _word("note", 200),
    )
    op.create_index("ix_shifts_end", "shifts", ["end"])
    op.create_table(
        "overrides",
        _id("override", key=True),
        sa.Column("made", sa.Integer, nullable=False),
        _id("line", of="lines.line"),
        *_when(),
        _word("person", 64),
        _word("instead_of", 64),
        sa.Column("order", sa.Integer, nullable=False),
        _word("reason", 200),
        _word("swap", 64),
    )
    op.create_index("ix_overrides_end", "overrides", ["end"])


def _when() -> "list[sa.Column[str]]":
    return [
        sa.Column("start", sa.String(16), nullable=False),
        sa.Column("end", sa.String(16), nullable=False),
        sa.Column("timezone", sa.String(64), nullable=False),
    ]


def _id(name: str, *, key: bool = False, of: str = "") -> "sa.Column[str]":
    if of:
        return sa.Column(name, sa.String(64), sa.ForeignKey(of), primary_key=key, nullable=False)
    return sa.Column(name, sa.String(64), primary_key=key, nullable=False)


def _word(name: str, most: int, default: str = "") -> "sa.Column[str]":
    return sa.Column(name, sa.String(most), nullable=False, server_default=default)
