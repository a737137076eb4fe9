"""Which columns of a table an execution changed, from what was recorded before and after."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nbmlops.cells.slices import Step
from nbmlops.data_differences import ColumnChange, difference
from nbmlops.drawing.words import shortened
from nbmlops.records import DATA_KINDS, Digest, ExecutionId, Use, Value

_MOST_NAMED = 3
_LONGEST_NAME = 30


@dataclass(frozen=True, slots=True)
class Written:
    """What an execution changed of data: the columns, where the rows stayed; and in words."""

    columns: tuple[str, ...]
    words: str


def written_columns(
    steps: Iterable[Step], uses: Iterable[Use], values: Mapping[Digest, Value]
) -> dict[tuple[ExecutionId, str], Written]:
    """Return what the executions of a slice changed of data that was there before.

    By execution and name; only where it is known what the name held before and after.
    """
    held = {(use.execution_id, use.name, use.role): use.digest for use in uses}
    found = {}
    for step in steps:
        for reason in step.reasons:
            key = (step.execution.id, reason.name)
            before, after = (
                values.get(held.get((*key, role)) or Digest("")) for role in ("read", "written")
            )
            if before is not None and after is not None and not reason.is_file:
                changed = _written(before, after)
                if changed is not None:
                    found[key] = changed
    return found


def _written(before: Value, after: Value) -> Written | None:
    if before.kind not in DATA_KINDS or after.kind not in DATA_KINDS:
        return None
    found = difference(before, after)
    if found is None or not found.is_known:
        return None
    if not found.columns or before.row_count != after.row_count:
        return Written((), found.headline)
    columns = [change for change in found.columns if _is_column(change)]
    names = tuple(dict.fromkeys(change.name for change in columns))
    words = [*_said(columns)]
    index = [change for change in found.columns if not _is_column(change)]
    if index:
        named = [part.name for change in index if (part := change.after or change.before)]
        words.append(f"its index {_few([*filter(None, named)])}".strip())
    return Written(names, ", ".join(words))


def _said(columns: Sequence[ColumnChange]) -> Iterator[str]:
    changed = [change.name for change in columns if change.change != "removed"]
    removed = [change.name for change in columns if change.change == "removed"]
    if changed:
        yield f"column{'s' if len(changed) > 1 else ''} {_few(changed)}"
    if removed:
        yield f"without {_few(removed)}"


def _is_column(change: ColumnChange) -> bool:
    part = change.after or change.before
    return part is None or part.role == "column"


def _few(names: list[str]) -> str:
    shown = ", ".join(f"`{shortened(name, _LONGEST_NAME)}`" for name in names[:_MOST_NAMED])
    return f"{shown} and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else shown
