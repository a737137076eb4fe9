"""The trash, pinned runs, and who wrote what on a run when."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add two columns and a table; of what was written before nobody knows when."""
    op.add_column("runs", sa.Column("trashed", sa.Double(), nullable=True))
    op.add_column("runs", sa.Column("pinned", sa.Double(), nullable=True))
    is_trashed = sa.text("trashed IS NOT NULL")
    op.create_index(
        op.f("ix_runs_trashed_id"),
        "runs",
        ["trashed", "id"],
        sqlite_where=is_trashed,
        postgresql_where=is_trashed,
    )
    op.create_table(
        "written",
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_written_run_id")),
        sa.PrimaryKeyConstraint("run_id", "field", name=op.f("pk_written")),
        sqlite_with_rowid=False,
    )
