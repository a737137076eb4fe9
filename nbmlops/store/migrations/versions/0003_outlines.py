"""How the notebook of a run was laid out when the run was closed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the table; runs that were closed before have no outline."""
    op.create_table(
        "outlines",
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("saved", sa.Double(), nullable=True),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_outlines_run_id")),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_outlines")),
    )
