"""Events, their solutions, and the signed messages of alerts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first tables."""
    op.create_table("events", *_key(), *_event())
    op.create_index("events_time", "events", ["time"])
    op.create_index("events_updated", "events", ["updated"])
    op.create_table("solutions", *_key("version"), *_solution())
    op.create_table("alerts", *_alert())
    op.create_index("alerts_event", "alerts", ["mode", "event"])
    op.create_table(
        "marks",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("value", sa.Double, nullable=False),
    )


def _key(*more: str) -> list[sa.Column[str] | sa.Column[int]]:
    return [
        sa.Column("mode", sa.String(8), primary_key=True),
        sa.Column("event", sa.String(80), primary_key=True),
        *(sa.Column(name, sa.Integer, primary_key=True) for name in more),
    ]


def _origin() -> list[sa.Column[float]]:
    names = ("time", "lat", "lon", "depth_km", "magnitude")
    return [sa.Column(name, sa.Double, nullable=False) for name in names]


def _event() -> list[sa.Column[str] | sa.Column[int] | sa.Column[float]]:
    return [
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("first", sa.Double, nullable=False),
        sa.Column("updated", sa.Double, nullable=False),
        *_origin(),
        sa.Column("magnitude_kind", sa.String(20), nullable=False),
        sa.Column("likelihood", sa.Double),
        sa.Column("withdrawn", sa.Text),
    ]


def _solution() -> list[sa.Column[str] | sa.Column[int] | sa.Column[float]]:
    return [
        sa.Column("issued", sa.Double, nullable=False),
        *_origin(),
        sa.Column("time_sigma", sa.Double),
        sa.Column("epicentre_sigma_km", sa.Double),
        sa.Column("depth_sigma_km", sa.Double),
        sa.Column("magnitude_sigma", sa.Double),
        sa.Column("magnitude_kind", sa.String(20), nullable=False),
        sa.Column("magnitude_stations", sa.Integer, nullable=False),
        sa.Column("likelihood", sa.Double),
        sa.Column("withdrawn", sa.Text),
        sa.Column("rupture", sa.Text),
        sa.Column("picks", sa.Text, nullable=False),
    ]


def _alert() -> list[sa.Column[str] | sa.Column[int] | sa.Column[float] | sa.Column[bytes]]:
    return [
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("mode", sa.String(8), nullable=False),
        sa.Column("event", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("issued", sa.Double, nullable=False),
        sa.Column("expires", sa.Double, nullable=False),
        sa.Column("message", sa.LargeBinary, nullable=False),
    ]
