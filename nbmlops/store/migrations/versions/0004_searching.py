"""Tables in the order of their keys, stretches instead of links, and indexes to search by."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_IN_ORDER_OF_KEYS = ("params", "metrics", "tags", "uses", "file_uses")

# A run's executions that follow each other have the same difference between number and place.
_STRETCHES = """
INSERT INTO stretches (run_id, gave_result, first, last)
SELECT run_id, {gave_result}, MIN(sequence), MAX(sequence)
FROM (SELECT l.run_id, e.sequence,
             e.sequence - ROW_NUMBER() OVER (PARTITION BY l.run_id ORDER BY e.sequence) AS part
      FROM run_executions l JOIN executions e ON e.id = l.execution_id {where}) numbered
GROUP BY run_id, part
"""


def upgrade() -> None:
    """Make the tables anew with the rows that they have."""
    op.drop_index("ix_params_name_number", "params")
    op.drop_index("ix_metrics_name_last", "metrics")
    if op.get_bind().dialect.name == "sqlite":
        for table in _IN_ORDER_OF_KEYS:
            kept = {"sqlite_with_rowid": False}
            with op.batch_alter_table(table, recreate="always", table_kwargs=kept):
                pass
    op.create_table(
        "stretches",
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("gave_result", sa.Boolean(), nullable=False),
        sa.Column("first", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_stretches_run_id")),
        sa.PrimaryKeyConstraint("run_id", "gave_result", "first", name=op.f("pk_stretches")),
        sqlite_with_rowid=False,
    )
    op.execute(_STRETCHES.format(gave_result="FALSE", where=""))
    op.execute(_STRETCHES.format(gave_result="TRUE", where="WHERE l.gave_result"))
    op.drop_table("run_executions")
    for table, *columns in (
        ("params", "name", "number", "json", "type"),
        ("metrics", "name", "last", "minimum", "maximum"),
        ("models", "run_id", "class_name"),
        ("runs", "id", "status", "session_id"),
    ):
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns)
