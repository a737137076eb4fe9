"""What data executions read and wrote: values, profiles of columns, uses of names and of files."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the four tables; nothing that was there changes."""
    op.create_table(
        "values",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("class_name", sa.Text(), nullable=False),
        sa.Column("strength", sa.String(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=True),
        sa.Column("column_count", sa.Integer(), nullable=True),
        sa.Column("size_bytes", sa.Integer(), nullable=True),
        sa.Column("is_profiled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_values")),
    )
    op.create_table(
        "profiles",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_profiles")),
    )
    op.create_table(
        "uses",
        sa.Column("execution_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["execution_id"], ["executions.id"], name=op.f("fk_uses_execution_id")
        ),
        sa.PrimaryKeyConstraint("execution_id", "name", "role", name=op.f("pk_uses")),
    )
    op.create_index(op.f("ix_uses_digest"), "uses", ["digest"], unique=False)
    op.create_index(op.f("ix_uses_name"), "uses", ["name"], unique=False)
    op.create_table(
        "file_uses",
        sa.Column("execution_id", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("size_bytes", sa.Integer(), nullable=True),
        sa.Column("modified", sa.Double(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["execution_id"], ["executions.id"], name=op.f("fk_file_uses_execution_id")
        ),
        sa.PrimaryKeyConstraint("execution_id", "path", "role", name=op.f("pk_file_uses")),
    )
    op.create_index(op.f("ix_file_uses_digest"), "file_uses", ["digest"], unique=False)
    op.create_index(op.f("ix_file_uses_path"), "file_uses", ["path"], unique=False)
