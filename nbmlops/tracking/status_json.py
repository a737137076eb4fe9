"""A session's status as plain JSON: its stale cells, and the notebook's cells as they are saved."""

from collections.abc import Sequence
from typing import NamedTuple

from nbmlops.canonical import Json
from nbmlops.cells.staleness import Stale
from nbmlops.cells.ties import Tie, Ties
from nbmlops.drawing.words import iso
from nbmlops.records import Execution
from nbmlops.tracking.notebook_file import NotebookFile
from nbmlops.tracking.stale_words import sentence


class Used(NamedTuple):
    """The last execution of a deleted cell; who still stands on it, each with a name."""

    execution: Execution
    readers: tuple[tuple[Execution, str], ...]


def notebook_json(notebook: NotebookFile | None, ties: Ties | None, used: Sequence[Used]) -> Json:
    """Return the cells of a notebook; those that were deleted, with who still stands on them."""
    if notebook is None:
        return None
    return {
        "path": notebook.path,
        "saved": iso(notebook.saved),
        "problem": notebook.problem,
        "cells": [_tie_json(tie) for tie in ties.cells] if ties else [],
        "deleted": [_execution_json(each) for each in ties.deleted] if ties else [],
        "unsaved": [_execution_json(each) for each in ties.unsaved] if ties else [],
        "deleted_in_use": [
            {
                **_execution_json(entry.execution),
                "used_by": [
                    {**_execution_json(reader), "name": name} for reader, name in entry.readers
                ],
            }
            for entry in used
        ],
    }


def stale_json(entry: Stale) -> Json:
    """Return a stale cell with its reasons."""
    return {
        **_execution_json(entry.execution),
        "reasons": [
            {
                "kind": reason.kind,
                "name": reason.name,
                "is_file": reason.is_file,
                "columns": list(reason.columns),
                "made_by": reason.made_by.sequence if reason.made_by else None,
                "since": reason.since.sequence if reason.since else None,
                "text": sentence(reason),
            }
            for reason in entry.reasons
        ],
    }


def _tie_json(tie: Tie) -> Json:
    return {
        "cell": tie.cell.id,
        "place": tie.place,
        "state": tie.state,
        "execution": tie.execution.sequence if tie.execution else None,
        "moved": tie.is_moved,
        "copy_of": tie.copy_of.sequence if tie.copy_of else None,
        "part_of": tie.part_of.sequence if tie.part_of else None,
        "merged_from": [execution.sequence for execution in tie.merged_from],
    }


def _execution_json(execution: Execution) -> dict[str, Json]:
    return {
        "execution": execution.sequence,
        "execution_count": execution.execution_count,
        "cell": execution.cell_id,
    }
