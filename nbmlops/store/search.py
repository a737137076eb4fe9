"""Searching runs: a filter and an order become one statement, which finds a page of ids."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Literal

from sqlalchemy import (
    Alias,
    ColumnElement,
    Connection,
    Select,
    Table,
    func,
    select,
    true,
)

from nbmlops.errors import InvalidCursor
from nbmlops.query.clauses import Clause, Meaning, Ordering
from nbmlops.query.fields import RUN_FIELDS
from nbmlops.query.meaning import NameKind, Reader
from nbmlops.query.parsing import parse, parse_order
from nbmlops.query.tree import And
from nbmlops.records import RunId
from nbmlops.store import tables
from nbmlops.store.base import RunSearch
from nbmlops.store.counting import Sets, is_by_sets
from nbmlops.store.rows import clean
from nbmlops.store.search_conditions import NAMED, Conditions
from nbmlops.store.search_few_texts import FewTexts
from nbmlops.store.search_hints import Hints
from nbmlops.store.search_order import (
    Cursor,
    SortColumn,
    behind,
    cursor_text,
    joined,
    order_by,
    read_cursor,
    sort_columns,
)
from nbmlops.store.search_text import member
from nbmlops.store.trash import is_in_trash

_NAMED = {"metrics": tables.metrics, "params": tables.params, "tags": tables.tags}


_MOST_READ = 10_000  # rows of a name, in which its values are looked for
_CHOSEN = (bool, int, float, str)


class KnownNames:
    """The names of metrics, parameters and tags that the runs of a store have."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def has(self, kind: NameKind, name: str) -> bool:
        """Tell whether any run has a metric, parameter or tag of this name."""
        table = _NAMED[kind]
        one = select(table.c.name).where(table.c.name == clean(name)).limit(1)
        return self._connection.scalar(one) is not None

    def names(self, kind: NameKind) -> list[str]:
        """Return the names that runs have, in order.

        Each is found by a step in the index on names, however many runs have it.
        """
        column = _NAMED[kind].c.name
        found = select(func.min(column).label("name")).cte("found", recursive=True)
        further = select(func.min(column)).where(column > found.c.name).scalar_subquery()
        found = found.union_all(select(further).where(found.c.name.is_not(None)))
        named = select(found.c.name).where(found.c.name.is_not(None))
        return list(self._connection.scalars(named))

    def choices(
        self, kind: Literal["params", "tags"], name: str, limit: int
    ) -> list[bool | int | float | str]:
        """Return values of a parameter or tag, to choose from, in order."""
        table = _NAMED[kind]
        column = table.c.json if kind == "params" else table.c.value
        some = select(column.label("value")).where(table.c.name == clean(name)).limit(_MOST_READ)
        found = select(some.subquery().c.value).distinct()
        values = self._connection.scalars(found)
        if kind == "tags":
            return sorted(values)[:limit]
        read = [json.loads(text) for text in values]
        plain = [
            value for value in read if isinstance(value, _CHOSEN) and value == value
        ]  # not NaN
        return sorted(plain, key=lambda value: (isinstance(value, str), value))[:limit]


class Question:
    """A search, read against what a store has.

    ``dead`` selects the sessions that are dead though nobody has said so; ``now`` is when it is
    asked, unless the search goes on behind a page.

    Raises
    ------
    QueryError
        The filter or the order cannot be read.
    InvalidCursor
        What the search goes on behind is no page of it.
    """

    def __init__(
        self, connection: Connection, search: RunSearch, dead: Select[Any], now: float
    ) -> None:
        self._connection, self._search = connection, search
        self._behind = read_cursor(search.after, self._text) if search.after else None
        self.now = self._behind.now if self._behind else now
        is_planned = connection.dialect.name == "postgresql"
        self._conditions = Conditions(
            self.now,
            dead,
            self._versions,
            self._few,
            self._is_few,
            FewTexts(connection).fitting,
            is_planned,
        )
        meaning = self._reader(search.filter).meaning(parse(search.filter))
        parts = [*_plain(search), *(meaning.parts if isinstance(meaning, And) else [meaning])]
        self._meaning: Meaning = parts[0] if len(parts) == 1 else And(tuple(parts))

    def count(self) -> int:
        """Return how many runs fit, whatever the page."""
        statement = select(func.count())
        table = self._only_table()
        if table is not None:  # each of its rows is another run's
            named = self._conditions.related(table, self._meaning)  # type: ignore[arg-type]
            there = named.where(is_in_trash(table.c.run_id, self._search.trashed)).subquery()
            return self._connection.scalar(statement.select_from(there)) or 0
        if is_by_sets(self._connection, self._meaning):
            found = Sets(self._connection, self._conditions).of(self._meaning)
            return len(found & self._trash() if self._search.trashed else found - self._trash())
        fitting = self._fitting(statement.select_from(tables.runs), true())
        return self._connection.scalar(fitting) or 0

    def page(self) -> tuple[list[RunId], str | None]:
        """Return the ids of a page of runs, and the cursor of the next where there is one."""
        columns = sort_columns(self._orderings(), self._conditions)
        limit = self._search.limit
        rows: list[Any] = []
        for statement, sorted_by in self._selections(columns):
            wanted = None if limit is None else limit + 1 - len(rows)
            ordered = statement.order_by(*order_by(sorted_by)).limit(wanted)
            rows += self._connection.execute(ordered)
            if limit is not None and len(rows) > limit:
                break  # before what comes next is even prepared, which asks what is few
        if limit is None or len(rows) <= limit or not limit:
            return [RunId(row[-1]) for row in rows[:limit]], None
        cursor = Cursor(self.now, tuple(rows[limit - 1]))
        return [RunId(row[-1]) for row in rows[:limit]], cursor_text(cursor, self._text)

    def hints(self, *, is_found: bool) -> Iterator[str]:
        """Say what no run has of what is sorted by, and where nothing is found of the filter."""
        hints = Hints(self._connection, KnownNames(self._connection))
        said = () if is_found else hints.of_filter(self._meaning)
        first_page = () if self._behind else hints.of_order(self._orderings())
        yield from dict.fromkeys([*said, *first_page])

    def _selections(
        self, columns: Sequence[SortColumn]
    ) -> Iterator[tuple[Select[Any], Sequence[SortColumn]]]:
        """Give selections of the runs that fit, with their order, which follow one another.

        Where runs are sorted by a metric, say, those that have one come first: found in the order
        of an index, as far as the page needs, they need not all be looked at and sorted.
        """
        first, values = columns[0], self._behind.values if self._behind else ()
        if values and len(values) != len(columns):
            raise InvalidCursor(self._search.after or "", "it is damaged")
        further = behind(columns, values) if values else true()
        selected = select(*(key.column.label(f"key{n}") for n, key in enumerate(columns)))
        runs = tables.runs
        if not isinstance(first.table, Alias) or first.table.element is tables.environments:
            yield self._fitting(selected.select_from(joined(runs, columns)), further), columns
            return
        if not values or values[0] is not None:
            having = runs.join(first.table, first.on)
            others = [key for key in columns if key.table is not first.table]
            found = selected.select_from(joined(having, others)).where(first.column.is_not(None))
            conditions = replace(
                self._conditions,
                run_id=first.table.c.run_id,
                at_hand=first.table,
                at_hand_name=first.name,
            )
            there = replace(first, nullable=False)  # PostgreSQL's indexes have NULLs first or last
            yield self._fitting(found, further, conditions), [there, *columns[1:]]
            further = true()
        lacking = selected.select_from(joined(runs, columns)).where(first.column.is_(None))
        yield self._fitting(lacking, further), columns

    def _fitting(
        self,
        statement: Select[Any],
        further: ColumnElement[bool],
        conditions: Conditions | None = None,
    ) -> Select[Any]:
        conditions = conditions or self._conditions
        is_meant = is_in_trash(conditions.run_id, self._search.trashed)
        return statement.where(conditions.of(self._meaning), is_meant, further)

    def _trash(self) -> set[str]:
        runs = tables.runs.c
        return set(self._connection.scalars(select(runs.id).where(runs.trashed.is_not(None))))

    def _only_table(self) -> Table | None:
        """Return the table that alone decides which runs fit, where one does."""
        meaning = self._meaning
        if not isinstance(meaning, Clause) or meaning.operator == "is null":
            return None
        return NAMED.get(meaning.field.scope)

    def _few(self, selection: Select[Any], most: int) -> Sequence[str] | None:
        found = self._connection.scalars(selection.limit(most + 1)).all()
        return None if len(found) > most else found

    def _is_few(self, selection: Select[Any], most: int) -> bool:
        counted = select(func.count()).select_from(selection.limit(most + 1).subquery())
        return (self._connection.scalar(counted) or 0) <= most

    @property
    def _text(self) -> str:
        search = self._search
        question = (search.filter, search.order_by, search.experiment, search.status)
        return repr((*question, "trash") if search.trashed else question)

    def _orderings(self) -> Sequence[Ordering]:
        order = self._search.order_by
        return self._reader(order).ordering(parse_order(order))

    def _reader(self, text: str) -> Reader:
        known = KnownNames(self._connection)
        return Reader(text, known, self.now, self._search.is_lower_better)

    def _versions(self, path: Sequence[str]) -> list[str]:
        value = member(tables.environments.c.document, *path)
        found: Iterable[Any] = self._connection.scalars(select(value).distinct())
        return [str(version) for version in found if version is not None]


def _plain(search: RunSearch) -> list[Meaning]:
    """Return the conditions of a search that are not in its filter."""
    found: list[Meaning] = []
    if search.experiment is not None:
        found.append(Clause(RUN_FIELDS["experiment"], "=", (search.experiment,)))
    if search.status is not None:
        found.append(Clause(RUN_FIELDS["status"], "in", (search.status,)))
    return found
