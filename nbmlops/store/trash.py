"""The trash: runs that are left out unless somebody asks for them, and can be taken out again."""

from sqlalchemy import ColumnElement, select

from nbmlops.store import tables


def is_in_trash(run_id: ColumnElement[str], wanted: bool = True) -> ColumnElement[bool]:
    """Return whether the run of an id is in the trash, or is not, by the index of those that are.

    So the column can be one of an index that answers alone.
    """
    trash = tables.runs.alias("trash").c
    trashed = select(trash.id).where(trash.trashed.is_not(None))
    return run_id.in_(trashed) if wanted else run_id.not_in(trashed)
