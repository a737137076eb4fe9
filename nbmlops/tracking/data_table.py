"""A table of the data sets a store has seen, that draws itself, becomes a DataFrame or JSON."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

from nbmlops.canonical import Json, now
from nbmlops.drawing.page import Column, Drawn, Page, Span, Table, Text
from nbmlops.drawing.words import count, first_of, iso, size
from nbmlops.fingerprint_records import class_of, value_json, what_it_is
from nbmlops.records import DataSet
from nbmlops.store.base import DataQuery, Store
from nbmlops.tracking import current
from nbmlops.tracking.data import short_name, short_path
from nbmlops.wording import ago, short

if TYPE_CHECKING:
    import pandas

_MOST_NAMES, _MOST_FILES = 3, 2


@dataclass(frozen=True)
class DataTable(Drawn):
    """Data sets, the latest used first. A sequence of `DataSet`.

    Attributes
    ----------
    sets : tuple of DataSet
    total : int
        How many there are, of which these may be the first.
    """

    sets: tuple[DataSet, ...]
    total: int

    def __len__(self) -> int:
        return len(self.sets)

    def __iter__(self) -> Iterator[DataSet]:
        return iter(self.sets)

    @overload
    def __getitem__(self, index: int) -> DataSet: ...
    @overload
    def __getitem__(self, index: slice) -> "DataTable": ...
    def __getitem__(self, index: int | slice) -> "DataSet | DataTable":
        if isinstance(index, slice):
            return DataTable(self.sets[index], self.total)
        return self.sets[index]

    def __repr__(self) -> str:
        return f"<DataTable of {count(len(self), 'data set')}, {self.total:,} in all>"

    def to_json(self) -> Json:
        """Return the data sets as plain JSON with stable keys."""
        return {"total": self.total, "data": [data_set_json(found) for found in self.sets]}

    def to_pandas(self) -> "pandas.DataFrame":
        """Return a DataFrame, indexed by digest.

        Columns are ``kind``, ``class``, ``rows``, ``columns``, ``size_bytes``, ``strength``,
        ``names``, ``files`` (lists), ``runs``, ``executions`` (how many), ``first_seen`` and
        ``last_seen`` (UTC).
        """
        import pandas

        rows = [_frame_row(found) for found in self.sets]
        names = "digest kind class rows columns size_bytes strength names files runs executions"
        frame = pandas.DataFrame(rows, columns=[*names.split(), "first_seen", "last_seen"])
        for column in ("first_seen", "last_seen"):
            frame[column] = pandas.to_datetime(frame[column], unit="s", utc=True)
        return frame.set_index("digest")

    def page(self) -> Page:
        """Return what is to be drawn."""
        if not self.sets:
            return Page((), [Text(_nothing())])
        moment = now()
        columns = [
            Column("digest", is_whole=True), Column("what", is_whole=True), Column("names"),
            Column("from"), Column("runs", "right", is_whole=True),
            Column("last seen", is_whole=True), Column("first seen", is_whole=True),
            Column("size", "right", is_whole=True), Column("class", is_whole=True),
        ]  # fmt: skip
        rows = [
            [
                Span(short(found.value.digest), "code", found.value.digest),
                Span(what_it_is(found.value)),
                Span(first_of([*map(short_name, found.names)], _MOST_NAMES)),
                Span(first_of([short_path(path) for path in found.files], _MOST_FILES)),
                Span(f"{found.run_count:,}"),
                ago(found.last_seen, moment),
                ago(found.first_seen, moment),
                Span("" if found.value.size_bytes is None else size(found.value.size_bytes)),
                Span(class_of(found.value), "muted"),
            ]
            for found in self.sets
        ]
        of = f" of {self.total:,}" if self.total > len(self) else ""
        return Page((), [Table(count(len(self), "data set") + of, columns, rows)])


def data_list(store: Store, query: DataQuery) -> Json:
    """Return a page of data sets as plain JSON with stable keys, and where the next begins."""
    total, end = store.count_data(query), query.offset + (query.limit or 0)
    return {
        "total": total,
        "data": [data_set_json(found) for found in store.data(query)],
        "next": end if query.limit is not None and total > end else None,
    }


def data_set_json(found: DataSet) -> dict[str, Json]:
    """Return a data set as plain JSON with stable keys."""
    return {
        **value_json(found.value),
        "names": list(found.names),
        "files": list(found.files),
        "runs": found.run_count,
        "executions": found.execution_count,
        "first_seen": iso(found.first_seen),
        "last_seen": iso(found.last_seen),
    }


def _frame_row(found: DataSet) -> dict[str, Any]:
    value = found.value
    return {
        "digest": value.digest,
        "kind": value.kind,
        "class": value.class_name,
        "rows": value.row_count,
        "columns": value.column_count,
        "size_bytes": value.size_bytes,
        "strength": value.strength,
        "names": list(found.names),
        "files": list(found.files),
        "runs": found.run_count,
        "executions": found.execution_count,
        "first_seen": found.first_seen,
        "last_seen": found.last_seen,
    }


def _nothing() -> tuple[Span, ...]:
    head = Span("no data yet. ", "strong")
    if current.tracker() is not None:
        return head, Span("This session records: data frames and arrays of your cells come here.")
    return (
        head,
        Span("Put %load_ext nbmlops into a notebook, or execute one: "),
        Span("nbmlops run NOTEBOOK", "code"),
    )
