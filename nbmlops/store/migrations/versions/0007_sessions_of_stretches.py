"""Stretches that name the session whose executions they are, to be found by these."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

# That of one whose run is lost stays empty: ``doctor`` tells of it, as of all that refers to none.
_OF_ITS_RUN = """
UPDATE stretches SET session_id = COALESCE(
    (SELECT runs.session_id FROM runs WHERE runs.id = stretches.run_id), '')
"""


def upgrade() -> None:
    """Add the session of a stretch's run, and the index that finds runs by their executions."""
    text = sa.String().with_variant(sa.String(collation="C"), "postgresql")
    op.add_column("stretches", sa.Column("session_id", text, nullable=True))
    op.execute(_OF_ITS_RUN)
    with op.batch_alter_table("stretches", table_kwargs={"sqlite_with_rowid": False}) as batch:
        batch.alter_column("session_id", nullable=False)
    columns = ["session_id", "gave_result", "first", "last"]
    op.create_index(
        op.f(f"ix_stretches_{'_'.join(columns)}"),
        "stretches",
        columns,
        postgresql_include=["run_id"],
    )
