"""Operators' acts, from the audit log."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "acts",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("time", sa.Double, nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("who", sa.String(80)),
        sa.Column("event", sa.String(80)),
        sa.Column("line", sa.LargeBinary, nullable=False),
    )
    op.create_index("acts_time", "acts", ["time"])
