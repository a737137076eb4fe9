"""Rows of measurements that hold several parts."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the last part that a row holds, NULL where it is the only one."""
    number = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
    op.add_column("points", sa.Column("last_part", number, nullable=True))
